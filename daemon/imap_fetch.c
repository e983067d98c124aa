/*
 * Listing and fetching. Each FETCH answer is handed on while the command
 * runs and freed at once, so that 20,000 mails need no more memory than one.
 * Believed is only what was asked for: a UID of the set, once, with a body.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "imap_private.h"

#define LIST_MAX   4000000u /* mails of a folder */
#define LIST_BYTES 160u     /* of an answer to UID, size and date */
#define MAIL_BYTES 4096u    /* around a body */
#define SLACK      1048576u
#define LITERAL    65536u /* above what a mail may have */
#define WHOLE_MAX  1048576u

size_t imap_set_write(char *buf, size_t size, const uint32_t *uids, size_t n)
{
	size_t used = 0, i = 0;

	buf[0] = '\0';
	while (i < n) {
		size_t j = i;
		char item[32];
		int k;

		while (j + 1 < n && uids[j + 1] == uids[j] + 1)
			j++;
		if (i == j)
			k = snprintf(item, sizeof(item), "%s%u",
				used ? "," : "", uids[i]);
		else
			k = snprintf(item, sizeof(item), "%s%u:%u",
				used ? "," : "", uids[i], uids[j]);
		if (used + (size_t)k >= size)
			break;
		memcpy(buf + used, item, (size_t)k + 1);
		used += (size_t)k;
		i = j + 1;
	}
	return i;
}

size_t imap_fits(const uint32_t *uids, size_t n)
{
	char set[IMAP_SET_SIZE];

	return imap_set_write(set, sizeof(set), uids, n);
}

/* What an answer says of a mail, without what nobody asked for. */
struct mail {
	uint32_t uid, size;
	int64_t date;
	struct str body; /* absent: none */
};

static int64_t to_time(const struct mailimap_date_time *d)
{
	struct tm t = {
		.tm_year = d->dt_year - 1900,
		.tm_mon = d->dt_month - 1,
		.tm_mday = d->dt_day,
		.tm_hour = d->dt_hour,
		.tm_min = d->dt_min,
		.tm_sec = d->dt_sec,
	};
	int zone = d->dt_zone;
	int64_t at;

	if (d->dt_year < 1970 || d->dt_year > 9999 || d->dt_month < 1 ||
		d->dt_month > 12 || zone < -2400 || zone > 2400)
		return 0;
	at = timegm(&t) - (zone / 100 * 60 + zone % 100) * 60;
	return at > 0 ? at : 0;
}

static void read_static(const struct mailimap_msg_att_static *a, struct mail *m)
{
	const struct mailimap_msg_att_body_section *b;

	switch (a->att_type) {
	case MAILIMAP_MSG_ATT_UID:
		m->uid = a->att_data.att_uid;
		break;
	case MAILIMAP_MSG_ATT_RFC822_SIZE:
		m->size = a->att_data.att_rfc822_size;
		break;
	case MAILIMAP_MSG_ATT_INTERNALDATE:
		if (a->att_data.att_internal_date)
			m->date = to_time(a->att_data.att_internal_date);
		break;
	case MAILIMAP_MSG_ATT_BODY_SECTION:
		b = a->att_data.att_body_section;
		/* BODY[] alone, from its beginning. */
		if (b && b->sec_body_part && b->sec_origin_octet == 0 &&
			(!b->sec_section || !b->sec_section->sec_spec))
			m->body = str_of(b->sec_body_part, b->sec_length);
		break;
	}
}

static struct mail read_mail(const struct mailimap_msg_att *att)
{
	struct mail m = {0, 0, 0, STR_NULL};

	for (clistiter *i = clist_begin(att->att_list); i; i = clist_next(i)) {
		const struct mailimap_msg_att_item *item = clist_content(i);

		if (item->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
			item->att_data.att_static)
			read_static(item->att_data.att_static, &m);
	}
	return m;
}

/* --- listing --- */

void imap_list_release(struct imap_list *list)
{
	free(list->uid);
	free(list->size);
	free(list->date);
	*list = (struct imap_list){0};
}

struct listing {
	struct imap *im;
	struct imap_list *list;
	uint32_t from;
	bool sorted, failed;
};

static int grow(struct imap_list *l)
{
	size_t cap = l->cap ? l->cap * 2 : 1024;
	uint32_t *uid = realloc(l->uid, cap * sizeof(*uid));
	uint32_t *size;
	int64_t *date;

	if (!uid)
		return -1;
	l->uid = uid;
	size = realloc(l->size, cap * sizeof(*size));
	if (!size)
		return -1;
	l->size = size;
	date = realloc(l->date, cap * sizeof(*date));
	if (!date)
		return -1;
	l->date = date;
	l->cap = cap;
	return 0;
}

static void take_listed(void *arg, const struct mailimap_msg_att *att)
{
	struct listing *l = arg;
	struct imap_list *list = l->list;
	struct mail m = read_mail(att);

	/* "n:*" gives the last mail also where all are below n. */
	if (m.uid < l->from || m.uid == 0 || l->failed)
		return;
	if (list->n == LIST_MAX || (list->n == list->cap && grow(list) < 0)) {
		l->failed = true;
		return;
	}
	if (list->n > 0 && m.uid <= list->uid[list->n - 1])
		l->sorted = false;
	list->uid[list->n] = m.uid;
	list->size[list->n] = m.size;
	list->date[list->n++] = m.date;
}

struct row {
	uint32_t uid, size;
	int64_t date;
};

static int by_uid(const void *a, const void *b)
{
	uint32_t x = ((const struct row *)a)->uid;
	uint32_t y = ((const struct row *)b)->uid;

	return x < y ? -1 : x > y;
}

/* Few servers list out of order; none should list a mail twice. */
static int sort(struct imap_list *l)
{
	struct row *rows = malloc(l->n * sizeof(*rows));
	size_t n = 0;

	if (!rows)
		return -1;
	for (size_t i = 0; i < l->n; i++)
		rows[i] = (struct row){l->uid[i], l->size[i], l->date[i]};
	qsort(rows, l->n, sizeof(*rows), by_uid);
	for (size_t i = 0; i < l->n; i++) {
		if (n > 0 && rows[i].uid == l->uid[n - 1])
			continue;
		l->uid[n] = rows[i].uid;
		l->size[n] = rows[i].size;
		l->date[n++] = rows[i].date;
	}
	l->n = n;
	free(rows);
	return 0;
}

static void begin_listing(struct imap *im, uint64_t mails)
{
	uint64_t bytes = SLACK + LIST_BYTES * mails;
	struct stream_limits limits = {
		.total_ms = 120000 + (int64_t)(bytes / 100),
		.idle_ms = 60000,
		.bytes = bytes,
		.literal = LITERAL,
	};

	stream_begin(im->stream, &limits);
}

/* Ask, with the answers going to on_mail. */
static enum imap_rc ask(struct imap *im, const char *command,
	void (*on_mail)(void *, const struct mailimap_msg_att *), void *arg)
{
	enum imap_answer a;

	im->on_mail = on_mail;
	im->on_mail_arg = arg;
	a = imap_command(im, command);
	im->on_mail = NULL;
	if (a == IMAP_LOST || !imap_is_same_epoch(im))
		return imap_lost(im);
	if (a == IMAP_YES)
		return IMAP_OK;
	return imap_is_passing(im) ? IMAP_BOX_BAD : IMAP_MSG_BAD;
}

enum imap_rc imap_list(struct imap *im, uint32_t from, struct imap_list *list)
{
	struct listing l = {im, list, from, true, false};
	uint64_t mails = (uint64_t)im->box.exists + 10000;
	char command[80];
	enum imap_rc rc;

	imap_list_release(list);
	snprintf(command, sizeof(command),
		"UID FETCH %u:* (UID RFC822.SIZE INTERNALDATE)", from);
	begin_listing(im, mails < LIST_MAX ? mails : LIST_MAX);
	rc = ask(im, command, take_listed, &l);
	if (rc == IMAP_MSG_BAD)
		rc = IMAP_BOX_BAD;
	if (rc != IMAP_OK)
		return rc;
	if (l.failed || (!l.sorted && sort(list) < 0)) {
		snprintf(im->why, sizeof(im->why),
			"no memory for the list of mails, or more than %u",
			LIST_MAX);
		return IMAP_BOX_BAD;
	}
	return IMAP_OK;
}

/* --- which are still there --- */

struct presence {
	const uint32_t *uids;
	size_t n;
	bool *found;
};

static const uint32_t *find_uid(const uint32_t *uids, size_t n, uint32_t uid)
{
	while (n > 0) {
		size_t half = n / 2;

		if (uids[half] == uid)
			return &uids[half];
		if (uids[half] < uid) {
			uids += half + 1;
			n -= half + 1;
		} else {
			n = half;
		}
	}
	return NULL;
}

static void take_present(void *arg, const struct mailimap_msg_att *att)
{
	struct presence *p = arg;
	const uint32_t *at = find_uid(p->uids, p->n, read_mail(att).uid);

	if (at)
		p->found[at - p->uids] = true;
}

enum imap_rc imap_present(struct imap *im, uint32_t *uids, size_t *n)
{
	struct presence p = {uids, *n, calloc(*n + 1, sizeof(bool))};
	size_t kept = 0;
	enum imap_rc rc = IMAP_OK;

	if (!p.found) {
		snprintf(im->why, sizeof(im->why), "out of memory");
		return IMAP_BOX_BAD;
	}
	for (size_t i = 0; i < *n && rc == IMAP_OK;) {
		char set[IMAP_SET_SIZE], command[IMAP_SET_SIZE + 32];

		i += imap_set_write(set, sizeof(set), uids + i, *n - i);
		snprintf(command, sizeof(command), "UID FETCH %s (UID)", set);
		begin_listing(im, *n);
		rc = ask(im, command, take_present, &p);
	}
	for (size_t i = 0; i < *n && rc == IMAP_OK; i++)
		if (p.found[i])
			uids[kept++] = uids[i];
	if (rc == IMAP_OK)
		*n = kept;
	free(p.found);
	return rc;
}

/* --- fetching --- */

struct fetching {
	struct imap *im;
	const struct imap_fetch *f;
	bool *seen;
	bool failed;
};

static void take_fetched(void *arg, const struct mailimap_msg_att *att)
{
	struct fetching *g = arg;
	struct mail m = read_mail(att);
	const uint32_t *at;
	size_t i;

	if (!m.body.p || g->failed)
		return;
	at = find_uid(g->f->uids, g->f->n, m.uid);
	if (!at)
		return;
	i = (size_t)(at - g->f->uids);
	if (g->seen[i])
		return;
	g->seen[i] = true;
	if (g->f->fn(g->f->arg, i, m.body) != 0)
		g->failed = true;
}

static void begin_fetching(struct imap *im, const struct imap_fetch *f)
{
	/* Some servers only estimate RFC822.SIZE. */
	uint64_t bytes = 2 * f->bytes + (uint64_t)f->n * MAIL_BYTES + SLACK;
	uint64_t largest = f->limit ? f->limit : WHOLE_MAX;
	struct stream_limits limits = {
		.total_ms = 120000 + (int64_t)(bytes / 100),
		.idle_ms = 60000,
		.bytes = bytes + (f->limit ? f->limit * f->n : 0),
		.literal = largest + LITERAL,
	};

	stream_begin(im->stream, &limits);
}

enum imap_rc imap_fetch(struct imap *im, const struct imap_fetch *f)
{
	struct fetching g = {im, f, calloc(f->n + 1, sizeof(bool)), false};
	char set[IMAP_SET_SIZE], part[32] = "", command[IMAP_SET_SIZE + 64];
	enum imap_rc rc;

	if (!g.seen) {
		snprintf(im->why, sizeof(im->why), "out of memory");
		return IMAP_BOX_BAD;
	}
	if (f->limit)
		snprintf(part, sizeof(part), "<0.%u>", f->limit);
	imap_set_write(set, sizeof(set), f->uids, f->n);
	snprintf(command, sizeof(command), "UID FETCH %s (UID BODY.PEEK[]%s)",
		set, part);
	begin_fetching(im, f);
	rc = ask(im, command, take_fetched, &g);
	free(g.seen);
	if (g.failed) {
		snprintf(im->why, sizeof(im->why), "out of memory");
		return IMAP_BOX_BAD;
	}
	return rc;
}
