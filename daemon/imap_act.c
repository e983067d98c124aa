/*
 * What changes the mailbox, always by UID and never by a plain EXPUNGE, which
 * would remove other people's deleted mails. Only called after the commit;
 * each of these may be repeated after a crash (COPY alone leaves a second
 * copy then, which is why its success is recorded before what follows).
 */
#include <stdio.h>
#include <string.h>

#include "imap_private.h"
#include "log.h"

#define ACT_S 120

/* One command for as many of uids as fit. form: set, then argument. */
static enum imap_answer act(struct imap *im, const uint32_t *uids, size_t n,
	const char *verb, const char *argument, size_t *did)
{
	char set[IMAP_SET_SIZE], command[IMAP_SET_SIZE + 2200];

	*did = imap_set_write(set, sizeof(set), uids, n);
	if (!imap_is_same_epoch(im))
		return IMAP_LOST;
	snprintf(command, sizeof(command), "UID %s %s%s%s", verb, set,
		*argument ? " " : "", argument);
	/* An answer may have a line for each mail. */
	imap_begin(im, ACT_S, (1u << 20) + *did * 256);
	return imap_command(im, command);
}

static enum imap_rc refused(const struct imap *im)
{
	return imap_is_passing(im) ? IMAP_BOX_BAD : IMAP_MSG_BAD;
}

static enum imap_rc act_on_all(struct imap *im, const uint32_t *uids, size_t n,
	const char *verb, const char *argument)
{
	size_t did;

	for (size_t i = 0; i < n; i += did) {
		switch (act(im, uids + i, n - i, verb, argument, &did)) {
		case IMAP_LOST:
			return imap_lost(im);
		case IMAP_NO:
			return refused(im);
		case IMAP_YES:
			break;
		}
	}
	return IMAP_OK;
}

enum imap_rc imap_flag(
	struct imap *im, const uint32_t *uids, size_t n, const char *flag)
{
	char argument[300];

	snprintf(argument, sizeof(argument), "+FLAGS.SILENT (%s)", flag);
	return act_on_all(im, uids, n, "STORE", argument);
}

enum imap_rc imap_expunge(struct imap *im, const uint32_t *uids, size_t n)
{
	return act_on_all(im, uids, n, "EXPUNGE", "");
}

/* CREATE and SUBSCRIBE; that the latter fails harms nobody. */
static enum imap_rc make_folder(
	struct imap *im, const char *folder, const char *name)
{
	char command[2200];

	snprintf(command, sizeof(command), "CREATE %s", name);
	imap_begin(im, ACT_S, 0);
	switch (imap_command(im, command)) {
	case IMAP_LOST:
		return imap_lost(im);
	case IMAP_NO:
		return refused(im);
	case IMAP_YES:
		break;
	}
	log_info("folder.created", "mailbox=%s folder=%s",
		log_q(im->settings.label), log_q(folder));
	snprintf(command, sizeof(command), "SUBSCRIBE %s", name);
	imap_begin(im, ACT_S, 0);
	if (imap_command(im, command) == IMAP_LOST)
		return imap_lost(im);
	return IMAP_OK;
}

static bool is_missing(const struct imap *im)
{
	return strcmp(im->code, "TRYCREATE") == 0 ||
	       strcmp(im->code, "NONEXISTENT") == 0;
}

static enum imap_rc act_into(struct imap *im, const uint32_t *uids, size_t n,
	const char *verb, const char *folder)
{
	char name[2100];
	enum imap_rc rc;

	if (imap_folder(im, folder, name, sizeof(name)) < 0)
		return stream_fault(im->stream) ? imap_lost(im) : IMAP_MSG_BAD;
	rc = act_on_all(im, uids, n, verb, name);
	if (rc != IMAP_MSG_BAD || !is_missing(im))
		return rc;
	rc = make_folder(im, folder, name);
	return rc == IMAP_OK ? act_on_all(im, uids, n, verb, name) : rc;
}

enum imap_rc imap_move(
	struct imap *im, const uint32_t *uids, size_t n, const char *folder)
{
	return act_into(im, uids, n, "MOVE", folder);
}

enum imap_rc imap_copy(
	struct imap *im, const uint32_t *uids, size_t n, const char *folder)
{
	return act_into(im, uids, n, "COPY", folder);
}
