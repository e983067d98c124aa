/*
 * Postfix, access(5): a key, white space, what to do. A key may be in quotes
 * as a local part is; there is no way to write one that begins with #, which
 * makes a comment. Keys are what `postmap -d -` reads.
 */
#include "export_mta.h"

/* Without quotes a key ends at white space; a quote opens one. */
static bool may_be_bare(struct str bare)
{
	return *bare.p != '#' && *bare.p != '@' &&
	       !(export_fit_of(bare) & EXPORT_CONTROL) &&
	       str_chr(bare, ' ') == bare.n && str_chr(bare, '"') == bare.n &&
	       str_chr(bare, '\\') == bare.n;
}

static const struct export_mta table = {
	.key = out_str,
	.may_be_bare = may_be_bare,
	.reply = "\t550 5.7.1 ",
};

static void row(struct export_run *r, const struct query_suppression *s)
{
	export_mta_row(r, s, &table, false);
}

static void removal(struct export_run *r, const struct query_suppression *s)
{
	export_mta_row(r, s, &table, true);
}

const struct export_format export_postfix_access = {
	.name = "postfix-access",
	.help = "Postfix, an access(5) table for postmap",
	.tells_more = true,
	.unfit = EXPORT_NEVER | EXPORT_HASH,
	.adds = {.row = row},
	.removals = {.row = removal},
};
