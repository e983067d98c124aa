/*
 * Exim, a file for lsearch, or for exim_dbmbuild and cdb: a key, a colon, the
 * text. A key with a colon, white space or a # first stands in quotes, with a
 * backslash before quotes and backslashes.
 */
#include "export.h"
#include "export_mta.h"
#include "words.h"

static bool needs_quotes(struct str s)
{
	if (s.n && (*s.p == '#' || *s.p == '"'))
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ':' || s.p[i] == ' ' || s.p[i] == '\\')
			return true;
	return false;
}

static void key(struct export_run *r, struct str text, const char *reason)
{
	bool quotes = needs_quotes(text);

	if (quotes)
		out_char(r->out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (quotes && (text.p[i] == '"' || text.p[i] == '\\'))
			out_char(r->out, '\\');
		out_char(r->out, text.p[i]);
	}
	if (quotes)
		out_char(r->out, '"');
	if (reason) {
		out_z(r->out, ": " EXPORT_MTA_TEXT " (");
		out_z(r->out, reason);
		out_char(r->out, ')');
	}
	out_char(r->out, '\n');
}

static void both(struct export_run *r, const struct query_suppression *s,
	const char *reason)
{
	char buf[EXPORT_ADDRESS_MAX];
	struct str bare = export_mta_bare(s->address, buf, sizeof(buf));

	key(r, s->address, reason);
	if (bare.n)
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

const struct export_format export_exim_lsearch = {
	.name = "exim-lsearch",
	.help = "Exim, a file for lsearch or exim_dbmbuild",
	.tells_more = true,
	.unfit = EXPORT_NEVER,
	.adds = {.row = row},
	.removals = {.row = removal},
};
