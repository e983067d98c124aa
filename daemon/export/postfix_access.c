/*
 * Postfix, access(5): a key, white space, what to do. A key may be in quotes
 * as a local part is; there is no way to write one that begins with #, which
 * makes a comment. Keys are what `postmap -d -` reads.
 */
#include "export.h"
#include "export_mta.h"
#include "words.h"

static void key(struct export_run *r, struct str text, const char *reason)
{
	out_str(r->out, text);
	if (reason) {
		out_z(r->out, "\t550 5.7.1 " EXPORT_MTA_TEXT " (");
		out_z(r->out, reason);
		out_char(r->out, ')');
	}
	out_char(r->out, '\n');
}

/* Without quotes a key ends at white space; a quote opens one. */
static bool is_key(struct str bare)
{
	return bare.n && *bare.p != '#' && *bare.p != '@' &&
	       !(export_fit_of(bare) & EXPORT_CONTROL) &&
	       str_chr(bare, ' ') == bare.n && str_chr(bare, '"') == bare.n &&
	       str_chr(bare, '\\') == bare.n;
}

static void both(struct export_run *r, const struct query_suppression *s,
	const char *reason)
{
	char buf[EXPORT_ADDRESS_MAX];
	struct str bare = export_mta_bare(s->address, buf, sizeof(buf));

	key(r, s->address, reason);
	if (is_key(bare))
		key(r, bare, reason);
	r->entries++;
}

static void row(struct export_run *r, const struct query_suppression *s)
{
	both(r, s, reason_word(s->reason));
}

static void removal(struct export_run *r, const struct query_suppression *s)
{
	both(r, s, NULL);
}

const struct export_format export_postfix_access = {
	.name = "postfix-access",
	.help = "Postfix, an access(5) table for postmap",
	.tells_more = true,
	.unfit = EXPORT_NEVER | EXPORT_HASH,
	.adds = {.row = row},
	.removals = {.row = removal},
};
