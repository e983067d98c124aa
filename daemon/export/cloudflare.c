/*
 * Cloudflare: lines of an address, or an address and when its suppression ends
 * (RFC 3339); so soft bounces and what is held may be in. Its third column, a
 * scope, is one of its own, not ours. Nothing says that quotes are understood.
 */
#include "export.h"
#include "when.h"

static void row(struct export_run *r, const struct query_suppression *s)
{
	char at[WHEN_SIZE];

	out_str(r->out, s->address);
	if (s->expires_at) {
		out_char(r->out, ',');
		out_z(r->out, when_format(s->expires_at, at));
	}
	out_char(r->out, '\n');
	r->entries++;
}

static void removal(struct export_run *r, const struct query_suppression *s)
{
	out_str(r->out, s->address);
	out_char(r->out, '\n');
	r->entries++;
}

const struct export_format export_cloudflare = {
	.name = "cloudflare",
	.help = "Cloudflare, lines of an address and its expiry",
	.tells_more = true,
	.has_expiry = true,
	.unfit = EXPORT_NEVER | EXPORT_QUOTED,
	.remark = "it keeps no reason",
	.adds = {.row = row},
	.removals = {.row = removal},
};
