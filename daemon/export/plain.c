/*
 * One bare address on a line, each once: what a mailer, a shell and nearly
 * every platform can read. No escaping exists here, so an address with a
 * control byte is left out (a parser never gives one, a foreign writer of the
 * database might).
 */
#include "export.h"

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

static void row(struct export_run *r, const struct query_suppression *s)
{
	/* The same address in another scope follows at once. */
	if (s->address.n < sizeof(r->last) &&
		str_eq(s->address, str_from(r->last)))
		return;
	if (has_control(s->address)) {
		r->left_out++;
		return;
	}
	if (s->address.n < sizeof(r->last)) {
		memcpy(r->last, s->address.p, s->address.n);
		r->last[s->address.n] = '\0';
	}
	out_str(r->out, s->address);
	out_char(r->out, '\n');
	r->rows++;
}

const struct export_format export_plain = {
	.name = "plain",
	.help = "one address on a line, nothing else",
	.leaves_out = "addresses with control bytes",
	.row = row,
};
