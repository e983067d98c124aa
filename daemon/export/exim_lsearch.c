/*
 * Exim, a file for lsearch, or for exim_dbmbuild and cdb: a key, a colon, the
 * text. A key with a colon, white space or a # first stands in quotes, with a
 * backslash before quotes and backslashes.
 */
#include "export_mta.h"

static bool needs_quotes(struct str s)
{
	if (s.n && (*s.p == '#' || *s.p == '"'))
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ':' || s.p[i] == ' ' || s.p[i] == '\\')
			return true;
	return false;
}

static void key(struct out *o, struct str text)
{
	if (!needs_quotes(text)) {
		out_str(o, text);
		return;
	}
	out_char(o, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			out_char(o, '\\');
		out_char(o, text.p[i]);
	}
	out_char(o, '"');
}

static const struct export_mta table = {.key = key, .reply = ": "};

static void row(struct export_run *r, const struct query_suppression *s)
{
	export_mta_row(r, s, &table, false);
}

static void removal(struct export_run *r, const struct query_suppression *s)
{
	export_mta_row(r, s, &table, true);
}

const struct export_format export_exim_lsearch = {
	.name = "exim-lsearch",
	.help = "Exim, a file for lsearch or exim_dbmbuild",
	.tells_more = true,
	.unfit = EXPORT_NEVER,
	.adds = {.row = row},
	.removals = {.row = removal},
};
