/*
 * One bare address on a line, each once: what a mailer, a shell and nearly
 * every platform can read. No escaping exists here, so an address with a
 * control byte is left out (a parser never gives one, a foreign writer of the
 * database might).
 */
#include "export.h"

static void row(struct export_run *r, const struct query_suppression *s)
{
	out_str(r->out, s->address);
	out_char(r->out, '\n');
	r->entries++;
}

const struct export_format export_plain = {
	.name = "plain",
	.help = "one address on a line, nothing else",
	.may_hash = true,
	.unfit = EXPORT_CONTROL,
	.adds = {.row = row},
};
