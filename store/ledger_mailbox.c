/*
 * Mailboxes, cursors and what is still to be told to the server: the side of
 * the ledger that the IMAP workers lean on after a restart.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "ledger_private.h"

static int find_mailbox(struct ledger *l, struct str account, struct str folder,
	uint32_t uidvalidity, struct ledger_mailbox *out)
{
	struct sql s = sql_get(l->db, SQL_MAILBOX_FIND);
	int rc;

	sql_text(&s, account);
	sql_text(&s, folder);
	sql_int(&s, uidvalidity);
	rc = sql_row(&s);
	if (rc == 1) {
		out->id = sql_col(&s, 0);
		out->last_uid = (uint32_t)sql_col(&s, 1);
	}
	sql_end(&s);
	return rc;
}

static int add_mailbox(struct ledger *l, struct str account, struct str folder,
	uint32_t uidvalidity, struct ledger_mailbox *out)
{
	struct sql s = sql_get(l->db, SQL_MAILBOX_ADD);

	sql_text(&s, account);
	sql_text(&s, folder);
	sql_int(&s, uidvalidity);
	if (sql_run(&s))
		return -1;
	out->id = sql_rowid(l->db);
	return 0;
}

static int find_or_add(struct ledger *l, struct str account, struct str folder,
	uint32_t uidvalidity, struct ledger_mailbox *out)
{
	struct sql s = sql_get(l->db, SQL_MAILBOX_OTHER);
	int64_t other;
	int rc;

	sql_text(&s, account);
	sql_text(&s, folder);
	sql_int(&s, uidvalidity);
	rc = sql_one(&s, &other);
	if (rc < 0)
		return -1;
	out->other_epoch = rc == 1;
	rc = find_mailbox(l, account, folder, uidvalidity, out);
	if (rc)
		return rc < 0 ? -1 : 0;
	return add_mailbox(l, account, folder, uidvalidity, out);
}

int ledger_mailbox(struct ledger *l, struct str account, struct str folder,
	uint32_t uidvalidity, struct ledger_mailbox *out)
{
	memset(out, 0, sizeof(*out));
	if (ledger_begin(l))
		return -1;
	return ledger_finish(
		l, find_or_add(l, account, folder, uidvalidity, out));
}

int ledger_cursor(struct ledger *l, int64_t mailbox, uint32_t uid)
{
	struct sql s = sql_get(l->db, SQL_MAILBOX_CURSOR);

	sql_int(&s, uid);
	sql_int(&s, mailbox);
	return sql_run(&s);
}

int ledger_seen(struct ledger *l, int64_t mailbox, int64_t now)
{
	struct sql s;

	if (ledger_begin(l))
		return -1;
	s = sql_get(l->db, SQL_MAILBOX_SEEN);
	sql_int(&s, now);
	sql_int(&s, mailbox);
	return ledger_finish(l, sql_run(&s));
}

/* Room for one more item of size bytes at the end of *p, which holds n. */
static int grow(struct ledger *l, void **p, size_t *cap, size_t n, size_t size)
{
	size_t more = *cap ? *cap * 2 : 64;
	void *q;

	if (n < *cap)
		return 0;
	q = reallocarray(*p, more, size);
	if (!q)
		return sql_no_memory(l->db);
	*p = q;
	*cap = more;
	return 0;
}

int ledger_uids(struct ledger *l, int64_t mailbox, uint32_t **uids, size_t *n)
{
	struct sql s = sql_get(l->db, SQL_UID_LIST);
	void *list = NULL;
	size_t cap = 0;
	int rc;

	*uids = NULL;
	*n = 0;
	sql_int(&s, mailbox);
	while ((rc = sql_row(&s)) == 1) {
		rc = grow(l, &list, &cap, *n, sizeof(**uids));
		if (rc)
			break;
		((uint32_t *)list)[(*n)++] = (uint32_t)sql_col(&s, 0);
	}
	sql_end(&s);
	if (!rc) {
		*uids = list;
		return 0;
	}
	free(list);
	*n = 0;
	return -1;
}

int ledger_pending(struct ledger *l, int64_t mailbox,
	struct ledger_pending **out, size_t *n)
{
	struct sql s = sql_get(l->db, SQL_UID_PENDING);
	void *list = NULL;
	size_t cap = 0;
	int rc;

	*out = NULL;
	*n = 0;
	sql_int(&s, mailbox);
	while ((rc = sql_row(&s)) == 1) {
		rc = grow(l, &list, &cap, *n, sizeof(**out));
		if (rc)
			break;
		((struct ledger_pending *)list)[(*n)++] =
			(struct ledger_pending){
				.uid = (uint32_t)sql_col(&s, 0),
				.state = (enum uid_state)sql_col(&s, 1),
				.class = (enum verdict_class)sql_col(&s, 2),
			};
	}
	sql_end(&s);
	if (!rc) {
		*out = list;
		return 0;
	}
	free(list);
	*n = 0;
	return -1;
}

static int mark_all(struct ledger *l, int64_t mailbox, const uint32_t *uids,
	size_t n, enum uid_state state)
{
	for (size_t i = 0; i < n; i++) {
		struct sql s = sql_get(l->db, SQL_UID_SET);

		sql_int(&s, state);
		sql_int(&s, mailbox);
		sql_int(&s, uids[i]);
		if (sql_run(&s))
			return -1;
	}
	return 0;
}

int ledger_mark(struct ledger *l, int64_t mailbox, const uint32_t *uids,
	size_t n, enum uid_state state)
{
	if (n == 0)
		return 0;
	if (ledger_begin(l))
		return -1;
	return ledger_finish(l, mark_all(l, mailbox, uids, n, state));
}
