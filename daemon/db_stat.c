/* The size of the database for people, for programs and for spreadsheets. */
#include "db_stat.h"

#include <inttypes.h>

#include "json.h"
#include "print.h"
#include "when.h"

static double mb(int64_t bytes)
{
	return (double)bytes / 1e6;
}

static int64_t each(int64_t bytes, int64_t n)
{
	return n ? bytes / n : 0;
}

static int64_t both(const struct db_care_stat *s, const char *table)
{
	const struct db_care_table *t = db_care_table(s, table);

	return t->bytes + t->indexes;
}

/* What an address takes, and an event of it; evidence lies beside. */
static int64_t address_bytes(const struct db_care_stat *s)
{
	return each(both(s, "addresses") + both(s, "domains") +
			    both(s, "suppressions") + both(s, "changes") +
			    both(s, "details") + both(s, "turns"),
		db_care_table(s, "addresses")->rows);
}

static int64_t event_bytes(const struct db_care_stat *s)
{
	return each(both(s, "events") + both(s, "kinds"),
		db_care_table(s, "events")->rows);
}

static int64_t evidence_bytes(const struct db_care_stat *s)
{
	return each(both(s, "evidence"), db_care_table(s, "evidence")->rows);
}

static void head(struct out *o, const char *file, const struct db_care_stat *s)
{
	char from[WHEN_SIZE], to[WHEN_SIZE];

	out_z(o, "file      ");
	print_visible(o, str_from(file));
	out_printf(o, ", schema %" PRId64 "\nsize      %.1f MB", s->version,
		mb(s->bytes));
	if (s->free)
		out_printf(o, ", of which %.1f MB are free to be used again",
			mb(s->free));
	out_printf(o, "\nwal       %.1f MB\nevents    ", mb(s->wal));
	if (s->oldest)
		out_printf(o, "from %s to %s\n", when_format(s->oldest, from),
			when_format(s->newest, to));
	else
		out_z(o, "none\n");
	out_printf(o, "evidence  %s%s\n",
		s->oldest_evidence ? "since " : "none",
		s->oldest_evidence ? when_format(s->oldest_evidence, from)
				   : "");
	if (s->sized)
		out_printf(o,
			"bytes     %" PRId64 " an address, %" PRId64
			" an event, %" PRId64 " a piece of evidence\n",
			address_bytes(s), event_bytes(s), evidence_bytes(s));
}

void db_stat_text(struct out *o, const char *file, const struct db_care_stat *s)
{
	head(o, file, s);
	out_z(o, "\ntable                 rows        MB  indexes, MB\n");
	for (size_t i = 0; i < s->n; i++) {
		const struct db_care_table *t = &s->tables[i];

		out_printf(o, "%-14s %11" PRId64, t->name, t->rows);
		if (s->sized)
			out_printf(o, " %9.1f    %9.1f", mb(t->bytes),
				mb(t->indexes));
		out_char(o, '\n');
	}
}

/* The whole has a table of null. */
void db_stat_jsonl(
	struct out *o, const char *file, const struct db_care_stat *s)
{
	struct json j;

	(void)file;
	json_open(&j, o);
	json_null(&j, "table");
	json_int(&j, "schema", s->version);
	json_int(&j, "bytes", s->bytes);
	json_int(&j, "free_bytes", s->free);
	json_int(&j, "wal_bytes", s->wal);
	json_time(&j, "oldest_event_at", s->oldest);
	json_time(&j, "newest_event_at", s->newest);
	json_time(&j, "oldest_evidence_at", s->oldest_evidence);
	if (s->sized) {
		json_int(&j, "bytes_an_address", address_bytes(s));
		json_int(&j, "bytes_an_event", event_bytes(s));
		json_int(&j, "bytes_an_evidence", evidence_bytes(s));
	}
	json_close(&j);
	for (size_t i = 0; i < s->n; i++) {
		json_open(&j, o);
		json_z(&j, "table", s->tables[i].name);
		json_int(&j, "rows", s->tables[i].rows);
		if (s->sized) {
			json_int(&j, "bytes", s->tables[i].bytes);
			json_int(&j, "index_bytes", s->tables[i].indexes);
		}
		json_close(&j);
	}
}

void db_stat_csv(struct out *o, const char *file, const struct db_care_stat *s)
{
	(void)file;
	out_z(o, "table,rows,bytes,index_bytes\r\n");
	for (size_t i = 0; i < s->n; i++) {
		const struct db_care_table *t = &s->tables[i];

		out_printf(o, "%s,%" PRId64, t->name, t->rows);
		if (s->sized)
			out_printf(o, ",%" PRId64 ",%" PRId64 "\r\n", t->bytes,
				t->indexes);
		else
			out_z(o, ",,\r\n");
	}
}
