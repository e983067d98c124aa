/*
 * For spreadsheets and imports that want to know why: RFC 4180 with a guard
 * against cells that a spreadsheet would run. The guard changes addresses that
 * begin with = + - @; plain and jsonl never change one.
 */
#include "export.h"
#include "print.h"
#include "when.h"
#include "words.h"

static void begin(struct export_run *r)
{
	out_z(r->out, r->hashed ? "sha256" : "address");
	out_z(r->out, ",scope,state,class,reason,cause,since,expires\r\n");
}

static void row(struct export_run *r, const struct query_suppression *s)
{
	enum verdict_class class = reason_class(s->reason); /* none: by hand */
	struct out *o = r->out;
	char at[WHEN_SIZE];

	print_csv(o, s->address);
	out_char(o, ',');
	print_csv(o, s->scope);
	out_printf(o, ",%s,%s,%s,%s,%s,", state_word(s->state),
		class == CLASS_NONE ? "" : class_word(class),
		reason_word(s->reason), cause_word(s->cause),
		when_format(s->since, at));
	if (s->expires_at)
		out_z(o, when_format(s->expires_at, at));
	out_z(o, "\r\n");
	r->entries++;
}

const struct export_format export_csv = {
	.name = "csv",
	.help = "RFC 4180 with a header line, safe for spreadsheets",
	.tells_scope = true,
	.tells_more = true,
	.has_expiry = true,
	.may_hash = true,
	.adds = {.begin = begin, .row = row},
};
