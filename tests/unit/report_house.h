/* A database, what bounces in it, and the report of that, for tests. */
#ifndef REPORT_HOUSE_H
#define REPORT_HOUSE_H

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "out_file.h"
#include "report.h"

#define DAY 86400
#define NOW (20458 * (int64_t)DAY + 36000) /* 2026-01-05T10:00:00Z */
#define TO  (20459 * (int64_t)DAY)

static struct {
	char folder[64], path[96];
	struct ledger_settings settings;
	struct db *db;
	struct ledger *ledger;
	unsigned n; /* events so far: each is a mail of its own */
	int lag;    /* days from a mail to its bounce; 0: not told */
	const char *stream;
	struct arena arena;
	struct report report;
} t;

static inline int setup(void **state)
{
	(void)state;
	memset(&t, 0, sizeof(t));
	snprintf(t.folder, sizeof(t.folder), "/tmp/report-test.XXXXXX");
	if (!mkdtemp(t.folder))
		return -1;
	snprintf(t.path, sizeof(t.path), "%s/x.db", t.folder);
	policy_settings_init(&t.settings.policy);
	arena_init(&t.arena, 0);
	return db_open(t.path, DB_CREATE, &t.db) ||
	       ledger_open(t.db, &t.settings, &t.ledger);
}

static inline int teardown(void **state)
{
	char command[128];

	(void)state;
	ledger_close(t.ledger);
	db_close(t.db);
	arena_release(&t.arena);
	snprintf(command, sizeof(command), "rm -rf '%s'", t.folder);
	return system(command);
}

/* n events like this one, so many days before now, in this domain. */
static inline void put_like(
	struct verdict v, int n, int days_ago, const char *domain)
{
	assert_int_equal(ledger_begin(t.ledger), 0);
	while (n--) {
		char address[128];
		struct verdict_list list = {.v = &v, .n = 1};
		struct ledger_entry e = {.verdicts = &list};
		struct ledger_result r;

		snprintf(address, sizeof(address), "u%u@%s", t.n, domain);
		v.recipient = v.recipient_key = str_from(address);
		list.arrived_at = NOW - days_ago * (int64_t)DAY;
		if (t.lag)
			v.original_sent_at =
				list.arrived_at - t.lag * (int64_t)DAY;
		memcpy(e.digest, &t.n, sizeof(t.n));
		t.n++;
		assert_int_equal(ledger_put(t.ledger, &e, NOW, &r), 0);
	}
	assert_int_equal(ledger_commit(t.ledger), 0);
}

static inline void put(int n, enum verdict_reason reason, int days_ago,
	const char *domain, const char *provider)
{
	put_like((struct verdict){.class = reason_class(reason),
			 .reason = reason,
			 .provider = str_from(provider),
			 .stream = str_from(t.stream)},
		n, days_ago, domain);
}

static inline void load(int days)
{
	t.report = (struct report){
		.from = TO - days * (int64_t)DAY, .to = TO, .now = NOW};
	assert_int_equal(report_numbers_load(t.db, &t.arena, &t.report), 0);
}

static inline const char *said(void)
{
	report_text(&t.report, out_file_open());
	return out_file_close(NULL);
}

/* Where lines end is not for these tests to say: blanks are one. */
static inline void assert_said(const char *want)
{
	static char flat[262144];
	char *to = flat;

	for (const char *p = said(); *p; p++)
		if (*p != ' ' && *p != '\n')
			*to++ = *p;
		else if (to > flat && to[-1] != ' ')
			*to++ = ' ';
	*to = '\0';
	if (!strstr(flat, want))
		fail_msg("'%s' is not in:\n%s", want, said());
}

#endif
