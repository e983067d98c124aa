/*
 * listmonk: a CSV of subscribers for POST /api/import/subscribers with the mode
 * "blocklist". Of its columns (internal/subimporter/importer.go) `email` must
 * be there; a name and attributes would overwrite what a subscriber has.
 */
#include "export.h"
#include "print.h"

static void begin(struct export_run *r)
{
	out_z(r->out, "email\r\n");
}

static void row(struct export_run *r, const struct query_suppression *s)
{
	print_csv_exact(r->out, s->address);
	out_z(r->out, "\r\n");
	r->entries++;
}

const struct export_format export_listmonk = {
	.name = "listmonk",
	.help = "listmonk, CSV to import with the mode blocklist",
	.unfit = EXPORT_NEVER,
	.remark = "a blocklisted subscriber gets no mail of any list, and no "
		  "reason is kept",
	.removals_remark = "no import takes subscribers off the blocklist: "
			   "these are to be changed there, or by its API",
	.adds = {.begin = begin, .row = row},
};
