/*
 * SparkPost, suppression list: calls of at most 10,000 entries and 50 MB. An
 * entry is for one of two kinds of mail. What holds everywhere gets both; what
 * holds in one account or stream, such as a complaint about a newsletter, must
 * not stop a password reset: non_transactional alone.
 */
#include "export.h"
#include "print.h"
#include "words.h"

static const char *const types[] = {"non_transactional", "transactional"};

static size_t types_of(const struct query_suppression *s)
{
	return str_eq(s->scope, (struct str)STR("*")) ? 2 : 1;
}

static void begin(struct export_run *r)
{
	out_z(r->out, "{\"recipients\":[");
}

static void entry(struct export_run *r, const struct query_suppression *s,
	const char *type)
{
	out_z(r->out, "{\"recipient\":");
	print_json(r->out, s->address);
	out_z(r->out, ",\"type\":\"");
	out_z(r->out, type);
	out_char(r->out, '"');
	r->entries++;
}

static void row(struct export_run *r, const struct query_suppression *s)
{
	for (size_t i = 0; i < types_of(s); i++) {
		if (r->entries)
			out_char(r->out, ',');
		entry(r, s, types[i]);
		out_z(r->out, ",\"description\":\"");
		out_z(r->out, reason_word(s->reason));
		out_z(r->out, "\"}");
	}
}

static void end(struct export_run *r)
{
	out_z(r->out, "]}\n");
}

static void removal(struct export_run *r, const struct query_suppression *s)
{
	for (size_t i = 0; i < types_of(s); i++) {
		entry(r, s, types[i]);
		out_z(r->out, "}\n");
	}
}

const struct export_format export_sparkpost = {
	.name = "sparkpost",
	.help = "SparkPost, JSON for its suppression list, 10,000 a call",
	.tells_everywhere = true,
	.tells_more = true,
	.unfit = EXPORT_NEVER,
	.removals_remark = "a call for each entry takes it off: DELETE "
			   "/api/v1/suppression-list/RECIPIENT with its type",
	.adds = {.begin = begin,
		 .row = row,
		 .end = end,
		 .limit = {.entries = 10000, .bytes = 50000000},
		 .calls = true},
	.removals = {.row = removal    },
};
