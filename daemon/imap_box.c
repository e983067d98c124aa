/*
 * Folders: how the server names them, opening one, and what it keeps. The
 * namespace is asked for only where a folder other than INBOX is wanted:
 * what is not asked cannot be answered wrongly.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "imap_name.h"
#include "imap_private.h"

#define SELECT_S 60

/* A quoted string at *p to out; NIL gives "". False: neither. */
static bool read_string(const char **p, char *out, size_t n)
{
	size_t used = 0;

	out[0] = '\0';
	if (strncasecmp(*p, "NIL", 3) == 0) {
		*p += 3;
		return true;
	}
	if (**p != '"')
		return false;
	for (++*p; **p && **p != '"'; ++*p) {
		if (**p == '\\' && (*p)[1])
			++*p;
		if (used + 1 < n)
			out[used++] = **p;
	}
	out[used] = '\0';
	return *(*p)++ == '"' && used + 1 < n;
}

/* "* NAMESPACE ((prefix delimiter) ...": the first is our own folders'. */
static void read_namespace(struct imap *im, const char *line)
{
	char prefix[sizeof(im->prefix)], delimiter[4];

	if (strncmp(line, "((", 2) != 0)
		return;
	line += 2;
	if (!read_string(&line, prefix, sizeof(prefix)) || *line++ != ' ' ||
		!read_string(&line, delimiter, sizeof(delimiter)))
		return;
	memcpy(im->prefix, prefix, sizeof(prefix));
	im->delimiter = delimiter[0];
}

/*
 * The prefix and delimiter of our own folders (RFC 2342), asked for once and
 * read by hand: libetpan follows a wild pointer for a malformed answer.
 */
static int learn_namespace(struct imap *im)
{
	static const char head[] = "* NAMESPACE ";
	const char *line = NULL;

	if (im->named || !imap_can(im, IMAP_CAN_NAMESPACE))
		return 0;
	im->named = true;
	imap_begin(im, SELECT_S, 0);
	stream_namespaces(im->stream, true);
	if (imap_send_line(im, "NAMESPACE"))
		while ((line = mailimap_read_line(im->lib)) != NULL) {
			if (strncasecmp(line, head, sizeof(head) - 1) == 0)
				read_namespace(im, line + sizeof(head) - 1);
			else if (line[0] != '*')
				break; /* tagged: without one it works, too */
		}
	stream_namespaces(im->stream, false);
	if (line)
		return 0;
	imap_lose(im, "no answer to NAMESPACE");
	return -1;
}

static int write_name(struct imap *im, const char *folder, char *out, size_t n)
{
	if (strcasecmp(folder, "INBOX") != 0 && learn_namespace(im) < 0)
		return -1;
	if (imap_name_write(folder, im->prefix, im->delimiter, out, n) == 0)
		return 0;
	snprintf(im->why, sizeof(im->why),
		"the folder name '%s' is too long, or no UTF-8", folder);
	return -1;
}

int imap_folder(struct imap *im, const char *folder, char *out, size_t n)
{
	char name[1024];

	if (write_name(im, folder, name, sizeof(name)) < 0)
		return -1;
	if (imap_name_quote(name, out, n) == 0)
		return 0;
	snprintf(im->why, sizeof(im->why), "'%s' cannot be a folder name",
		folder);
	return -1;
}

enum imap_rc imap_select(struct imap *im, const char *folder, bool readonly,
	struct imap_box *out)
{
	const struct mailimap_selection_info *info;
	enum imap_answer a;
	char name[1024];

	if (write_name(im, folder, name, sizeof(name)) < 0)
		return stream_fault(im->stream) ? imap_lost(im) : IMAP_BOX_BAD;
	imap_begin(im, SELECT_S, 0);
	if (readonly)
		a = imap_judge(im, mailimap_examine(im->lib, name),
			MAILIMAP_ERROR_EXAMINE);
	else
		a = imap_judge(im, mailimap_select(im->lib, name),
			MAILIMAP_ERROR_SELECT);
	if (a == IMAP_LOST)
		return imap_lost(im);
	if (a == IMAP_NO)
		return IMAP_BOX_BAD;
	info = im->lib->imap_selection_info;
	if (!info || info->sel_uidvalidity == 0) {
		snprintf(im->why, sizeof(im->why),
			"the server gives no UIDVALIDITY: mails in this folder "
			"cannot be told apart");
		return IMAP_BOX_BAD;
	}
	im->box.uidvalidity = info->sel_uidvalidity;
	im->box.exists = info->sel_exists;
	im->box.readonly =
		readonly || info->sel_perm == MAILIMAP_MAILBOX_READONLY;
	*out = im->box;
	return IMAP_OK;
}

/* It must not change within a session (RFC 3501 2.3.1.1), so servers do it. */
bool imap_is_same_epoch(struct imap *im)
{
	const struct mailimap_selection_info *info =
		im->lib->imap_selection_info;

	if (info && info->sel_uidvalidity == im->box.uidvalidity)
		return true;
	imap_lose(im, "the server has numbered the folder anew");
	im->poisoned = false;
	return false;
}

static bool is_flag(const struct mailimap_flag *f, const char *flag)
{
	switch (f->fl_type) {
	case MAILIMAP_FLAG_SEEN:
		return strcasecmp(flag, "\\Seen") == 0;
	case MAILIMAP_FLAG_DELETED:
		return strcasecmp(flag, "\\Deleted") == 0;
	case MAILIMAP_FLAG_FLAGGED:
		return strcasecmp(flag, "\\Flagged") == 0;
	case MAILIMAP_FLAG_KEYWORD:
		return f->fl_data.fl_keyword &&
		       strcasecmp(flag, f->fl_data.fl_keyword) == 0;
	default:
		return false;
	}
}

bool imap_keeps_flag(const struct imap *im, const char *flag)
{
	const struct mailimap_selection_info *info =
		im->lib->imap_selection_info;

	/* Without PERMANENTFLAGS all flags are kept (RFC 3501 7.1). */
	if (!info || !info->sel_perm_flags)
		return !im->box.readonly;
	for (clistiter *i = clist_begin(info->sel_perm_flags); i;
		i = clist_next(i)) {
		const struct mailimap_flag_perm *p = clist_content(i);

		if (p->fl_type == MAILIMAP_FLAG_PERM_ALL && flag[0] != '\\')
			return true;
		if (p->fl_type == MAILIMAP_FLAG_PERM_FLAG && p->fl_flag &&
			is_flag(p->fl_flag, flag))
			return true;
	}
	return false;
}

enum imap_rc imap_noop(struct imap *im, bool *news)
{
	struct mailimap_selection_info *info = im->lib->imap_selection_info;

	info->sel_has_exists = 0;
	imap_begin(im, SELECT_S, 4u << 20);
	if (imap_judge(im, mailimap_noop(im->lib), MAILIMAP_ERROR_NOOP) ==
		IMAP_LOST)
		return imap_lost(im);
	*news = im->lib->imap_selection_info->sel_has_exists;
	return IMAP_OK;
}
