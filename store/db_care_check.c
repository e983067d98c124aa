/*
 * What can be wrong with a database: SQLite looks at its pages, indexes and
 * keys; what must hold between our own tables is a row of `accounts`. An
 * account is gone through in pieces, each in a read transaction of its own:
 * what is committed between two of them cannot look like damage.
 */
#include <stdio.h>

#include <sqlite3.h>

#include "db_care_private.h"

/* --- what SQLite says ----------------------------------------------------- */

struct telling {
	const struct db_care_check *check;
	int told;
};

static void tell(struct telling *t, const char *line)
{
	if (t->told++ < DB_CARE_MOST)
		t->check->wrong(t->check->arg, line);
	else if (t->told == DB_CARE_MOST + 1)
		t->check->wrong(t->check->arg, "and more of the same");
}

static int told_integrity(void *arg, int n, char **values, char **names)
{
	(void)names;
	if (n > 0 && values[0] && strcmp(values[0], "ok") != 0)
		tell(arg, values[0]);
	return 0;
}

/* foreign_key_check gives table, rowid, parent table, index of the key. */
static int told_key(void *arg, int n, char **values, char **names)
{
	char line[256];

	(void)names;
	if (n < 3)
		return 0;
	(void)snprintf(line, sizeof(line),
		"row %s of %s refers to a row of %s that is missing",
		values[1] ? values[1] : "?", values[0], values[2]);
	tell(arg, line);
	return 0;
}

int db_care_integrity(
	sqlite3 *sqlite, const struct db_care_check *c, uint64_t pages)
{
	struct telling pages_told = {c, 0}, keys_told = {c, 0};
	struct db_care_reading r;
	int rc;

	/* With indexes each page is read any number of times. */
	db_care_reading(
		&r, sqlite, &c->watch, c->depth == DB_CARE_QUICK ? pages : 0);
	rc = sqlite3_exec(sqlite,
		c->depth == DB_CARE_QUICK ? "PRAGMA quick_check"
					  : "PRAGMA integrity_check",
		told_integrity, &pages_told, NULL);
	if (!rc)
		rc = sqlite3_exec(sqlite, "PRAGMA foreign_key_check", told_key,
			&keys_told, NULL);
	db_care_read(&r);
	return rc;
}

/* --- our own accounts ----------------------------------------------------- */

#define ADDRESS "a.local || iif(d.id, '@', '') || d.domain"
#define JOIN_ADDRESS                                                           \
	"JOIN addresses a ON a.id = s.address_id "                             \
	"JOIN domains d ON d.id = a.domain_id "

/*
 * lines: a statement that gives a line for each thing that is wrong in the
 * piece [?1, ?2] of what it goes through: "addresses" (ids), "changes" or
 * "days".
 * first, last: what there is of them, one number each.
 */
static const struct account {
	const char *what, *first, *last;
	int64_t piece;
	bool quick; /* cheap: one piece, told by QUICK, too */
	const char *lines;
} accounts[] = {
	{"cursors",   "SELECT 0",                          "SELECT 0",					       1,    true,
         "SELECT 'the cursor ' || name || ' of an export stands at ' || "
		"seq || "
		"', behind the end of the change log' FROM cursors "
		"WHERE ?1 = ?2 AND seq > (SELECT ifnull(max(seq), 0) FROM "
		"changes)"					   },
	{"incidents", "SELECT 0",                          "SELECT 0",					       1,    true,
         "SELECT 'a suppression of ' || " ADDRESS " || ' names the "
		"incident ' || "
		"s.incident_id || ', which is missing' FROM suppressions "
		"s " JOIN_ADDRESS "WHERE ?1 = ?2 AND s.incident_id IS NOT NULL "
		"AND s.incident_id NOT IN (SELECT id FROM incidents)"},
	{"addresses", "SELECT min(id) FROM addresses",
         "SELECT max(id) FROM addresses",									    5000, false,
         "SELECT 'the suppression of ' || " ADDRESS " || ' in ' || "
		"l.label || "
		"' is not what the change log says' FROM suppressions "
		"s " JOIN_ADDRESS "JOIN labels l ON l.id = s.scope "
		"LEFT JOIN changes c ON c.seq = s.seq "
		"LEFT JOIN turns t ON t.id = c.turn_id "
		"LEFT JOIN details n ON n.seq = s.seq "
		"WHERE s.address_id BETWEEN ?1 AND ?2 AND (t.id IS NULL "
		"OR c.address_id <> s.address_id OR t.scope <> s.scope "
		"OR t.new_state <> s.state OR t.reason <> s.reason "
		"OR n.expires_at IS NOT s.expires_at "
		"OR n.incident_id IS NOT s.incident_id)"             },
	{"changes",   "SELECT min(seq) FROM changes",
         "SELECT max(seq) FROM changes",									     5000, false,
         "SELECT 'the change log has ' || " ADDRESS " || ' in ' || "
		"l.label || "
		"', but no suppression has' FROM changes c "
		"JOIN turns t ON t.id = c.turn_id "
		"JOIN addresses a ON a.id = c.address_id "
		"JOIN domains d ON d.id = a.domain_id "
		"JOIN labels l ON l.id = t.scope "
		"LEFT JOIN suppressions s ON s.address_id = c.address_id "
		"AND s.scope = t.scope "
		"WHERE c.seq BETWEEN ?1 AND ?2 "
		"AND (s.seq IS NULL OR s.seq < c.seq)"               },
	{"changes",   "SELECT min(seq) FROM changes",
         "SELECT max(seq) FROM changes",									     5000, false,
         "SELECT 'change ' || c.seq || ' does not follow another of its "
		"address' FROM changes c JOIN turns t ON t.id = c.turn_id "
		"LEFT JOIN details n ON n.seq = c.seq "
		"LEFT JOIN changes p ON p.seq = n.prev "
		"LEFT JOIN turns o ON o.id = p.turn_id "
		"WHERE c.seq BETWEEN ?1 AND ?2 AND CASE WHEN n.prev IS NULL "
		"THEN t.old_state <> 0 ELSE n.prev >= c.seq "
		"OR p.address_id IS NOT c.address_id "
		"OR o.scope IS NOT t.scope "
		"OR o.new_state IS NOT t.old_state END"              },
	{"changes",   "SELECT 0",                          "SELECT 0",					       1,    false,
         "SELECT 'to ' || n || ' changes of the log nothing leads back' "
		"FROM (SELECT (SELECT count(*) FROM changes) - "
		"(SELECT count(*) FROM suppressions) - "
		"(SELECT count(DISTINCT prev) FROM details) AS n) "
		"WHERE ?1 = ?2 AND n <> 0"                           },
	{"days",
         "SELECT ifnull(min((SELECT min(day) FROM daily), "
		"(SELECT min(id) >> 32 FROM events)), 0)", "SELECT ifnull(max((SELECT max(day) FROM daily), "
		"(SELECT max(id) >> 32 FROM events)), 0)", 1,    false,
         "SELECT 'of ' || date(?1 * 86400, 'unixepoch') || ' there are "
		"' || "
		"sum(counted) || ' events of ' || "
		"(SELECT word FROM words WHERE kind = 'class' AND number = "
		"class) || "
		"' ' || (SELECT word FROM words WHERE kind = 'reason' AND "
		"number = "
		"reason) || ', and ' || sum(n) || ' in the daily counts' FROM ("
		"SELECT class, reason, provider, stream, origin, n, 0 AS "
		"counted "
		"FROM daily WHERE day BETWEEN ?1 AND ?2 UNION ALL "
		"SELECT k.class, k.reason, k.provider, k.stream, k.origin, 0, "
		"count(*) "
		"FROM events e JOIN kinds k ON k.id = e.kind_id "
		"WHERE e.id BETWEEN ?1 << 32 AND ((?2 + 1) << 32) - 1 "
		"GROUP BY e.kind_id) GROUP BY class, reason, provider, stream, "
		"origin "
		"HAVING sum(n) <> sum(counted)"                      },
	{"days",      "SELECT min(id) >> 32 FROM events",
         "SELECT max(id) >> 32 FROM events",									 1,    false,
         "SELECT 'event ' || id || ' is of no second of its day' "
		"FROM events WHERE id BETWEEN ?1 << 32 AND ((?2 + 1) << 32) - "
		"1 "
		"AND second NOT BETWEEN 0 AND 86399"                 },
};

/* One piece; 0, or SQLite's code. */
static int take_piece(
	sqlite3_stmt *s, int64_t from, int64_t to, struct telling *t)
{
	int rc;

	(void)sqlite3_bind_int64(s, 1, from);
	(void)sqlite3_bind_int64(s, 2, to);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		const char *line = (const char *)sqlite3_column_text(s, 0);

		tell(t, line ? line : "a row is not as we write it");
	}
	(void)sqlite3_reset(s);
	return rc == SQLITE_DONE ? 0 : rc;
}

static int take_pieces(struct db *db, const struct account *a, sqlite3_stmt *s,
	const struct db_care_check *c)
{
	struct telling told = {c, 0};
	int64_t first, last;

	if (db_exec_int(db, a->first, &first) ||
		db_exec_int(db, a->last, &last))
		return -1;
	for (int64_t at = first; at <= last; at += a->piece) {
		int rc = take_piece(s, at, at + a->piece - 1, &told);

		if (rc)
			return db_fail_sqlite(db, rc);
		if (c->watch.at && !a->quick)
			c->watch.at(c->watch.arg, a->what,
				(uint64_t)(at - first + 1),
				(uint64_t)(last - first + 1));
	}
	return 0;
}

static int take_account(
	struct db *db, const struct account *a, const struct db_care_check *c)
{
	sqlite3_stmt *s = NULL;
	int rc = sqlite3_prepare_v2(db->sqlite, a->lines, -1, &s, NULL);

	rc = rc ? db_fail_sqlite(db, rc) : take_pieces(db, a, s, c);
	(void)sqlite3_finalize(s);
	return rc;
}

int db_care_check(struct db *db, const struct db_care_check *c)
{
	int64_t pages;
	int rc;

	if (db_care_pages(db, &pages))
		return -1;
	rc = db_care_integrity(db->sqlite, c, (uint64_t)pages);
	if (rc)
		return db_fail_sqlite(db, rc);
	for (size_t i = 0; i < sizeof(accounts) / sizeof(*accounts); i++)
		if ((accounts[i].quick || c->depth == DB_CARE_ALL) &&
			take_account(db, &accounts[i], c))
			return -1;
	return 0;
}
