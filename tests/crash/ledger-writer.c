/*
 * The victim of ledger-kill.sh: records made-up mails as a watch does, batch
 * after batch, and tells each batch on stdout when it is committed.
 *
 *	ledger-writer DATABASE [BATCHES] [fake]
 *
 * Mail n has UID n, and all that is recorded of it follows from n, so that the
 * script knows what must be there. A line on stdout is the last UID of a batch
 * that is safe. fake: it is told before anything is recorded, which is what
 * the script must be able to find.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger.h"

#define BATCH 50
#define AT    INT64_C(1700000000) /* more than an hour before its midnight */
#define NOW   (AT + 86400)

struct writer {
	struct db *db;
	struct ledger *ledger;
	int64_t inbox, copies; /* mailboxes */
	bool fake;
};

static int complain(const struct writer *w, const char *doing)
{
	(void)fprintf(stderr, "ledger-writer: %s: %s\n", doing,
		w->db ? db_error(w->db) : "out of memory");
	return -1;
}

/* One address that fails for good, and one that has failed before. */
static int put(struct writer *w, int64_t mailbox, uint32_t uid, bool known)
{
	char gone[32], often[32], evidence[512];
	struct verdict v[2] = {{.class = CLASS_HARD}};
	struct verdict_list list = {
		.v = v, .n = 2, .arrived_at = AT + uid % 3600, .dated_at = AT};
	struct ledger_entry e = {
		.mailbox = mailbox, .uid = uid, .verdicts = &list};
	struct ledger_result r;

	(void)snprintf(gone, sizeof(gone), "u%u@example.org", uid);
	(void)snprintf(often, sizeof(often), "w%u@example.net", uid % 97);
	(void)snprintf(evidence, sizeof(evidence),
		"Final-Recipient: rfc822; %s\nStatus: 5.1.1\nX-Noise: %0*u\n",
		gone, 300, uid);
	v[0].reason = REASON_USER_UNKNOWN;
	v[0].evidence = str_from(evidence);
	v[1] = v[0];
	v[1].weak = true;
	v[0].recipient_key = v[0].recipient = str_from(gone);
	v[1].recipient_key = v[1].recipient = str_from(often);
	memcpy(e.digest, &uid, sizeof(uid));
	if (ledger_put(w->ledger, &e, NOW, &r))
		return complain(w, "put");
	if (r.duplicate == known)
		return 0;
	(void)fprintf(stderr, "ledger-writer: uid %u is %s\n", uid,
		known ? "recorded twice" : "known before it was recorded");
	return -1;
}

/* UIDs first to first + BATCH - 1; the ones before them come again as copies
 * in another folder. */
static int record(struct writer *w, uint32_t first)
{
	uint32_t last = first + BATCH - 1;

	if (ledger_begin(w->ledger))
		return complain(w, "begin");
	for (uint32_t uid = first; uid <= last; uid++) {
		if (put(w, w->inbox, uid, false))
			return -1;
		if (first > BATCH && put(w, w->copies, uid - BATCH, true))
			return -1;
	}
	if (ledger_cursor(w->ledger, w->inbox, last) ||
		ledger_commit(w->ledger))
		return complain(w, "commit");
	return 0;
}

static int tell(uint32_t last)
{
	char line[16];
	int n = snprintf(line, sizeof(line), "%u\n", last);

	return write(STDOUT_FILENO, line, (size_t)n) == n ? 0 : -1;
}

/* What a watch does when the server has moved them. */
static int mark(struct writer *w, uint32_t first)
{
	uint32_t uids[BATCH];

	for (uint32_t i = 0; i < BATCH; i++)
		uids[i] = first + i;
	if (ledger_mark(w->ledger, w->inbox, uids, BATCH, UID_DONE))
		return complain(w, "mark");
	return 0;
}

static int work(struct writer *w, long batches)
{
	struct ledger_mailbox inbox, copies;
	uint32_t next;

	if (ledger_mailbox(w->ledger, str_from("news"), str_from("INBOX"), 7,
		    &inbox) ||
		ledger_mailbox(w->ledger, str_from("news"), str_from("Copies"),
			7, &copies))
		return complain(w, "mailbox");
	w->inbox = inbox.id;
	w->copies = copies.id;
	next = inbox.last_uid + 1;
	for (long i = 0; !batches || i < batches; i++, next += BATCH) {
		if (w->fake && tell(next + BATCH - 1))
			return -1;
		if (record(w, next))
			return -1;
		if (!w->fake && tell(next + BATCH - 1))
			return -1;
		if (mark(w, next))
			return -1;
		if (i % 8 == 7 && db_checkpoint(w->db))
			return complain(w, "checkpoint");
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct ledger_settings settings = {.keep_evidence = true};
	struct writer w = {.db = NULL};
	int rc = -1;

	if (argc < 2)
		return 64;
	w.fake = argc > 3 && strcmp(argv[3], "fake") == 0;
	policy_settings_init(&settings.policy);
	if (db_open(argv[1], DB_WATCH, &w.db) ||
		ledger_open(w.db, &settings, &w.ledger))
		(void)complain(&w, "open");
	else
		rc = work(&w, argc > 2 ? strtol(argv[2], NULL, 10) : 0);
	ledger_close(w.ledger);
	db_close(w.db);
	return rc ? 1 : 0;
}
