/*
 * Amazon SES, account-level suppression list: the objects of an import job
 * (CreateImportJob, DataFormat CSV or JSON), without a header. CSV there is a
 * cut at the comma; nothing says that quotes are understood, so what needs
 * them is left out of it. SES mails to no address with other letters than
 * ASCII's before the @, so none of those has to be on its list.
 */
#include "export.h"
#include "export_words.h"
#include "print.h"

static void csv_row(struct export_run *r, const struct query_suppression *s)
{
	out_str(r->out, s->address);
	out_char(r->out, ',');
	out_z(r->out, export_words_of(s)->ses);
	out_char(r->out, '\n');
	r->entries++;
}

static void csv_removal(struct export_run *r, const struct query_suppression *s)
{
	out_str(r->out, s->address);
	out_char(r->out, '\n');
	r->entries++;
}

static void json_row(struct export_run *r, const struct query_suppression *s)
{
	out_z(r->out, "{\"emailAddress\":");
	print_json(r->out, s->address);
	out_z(r->out, ",\"reason\":\"");
	out_z(r->out, export_words_of(s)->ses);
	out_z(r->out, "\"}\n");
	r->entries++;
}

static void json_removal(
	struct export_run *r, const struct query_suppression *s)
{
	out_z(r->out, "{\"emailAddress\":");
	print_json(r->out, s->address);
	out_z(r->out, "}\n");
	r->entries++;
}

#define ADDS     100000u
#define REMOVALS 10000u

const struct export_format export_ses = {
	.name = "ses",
	.help = "Amazon SES, an import job with DataFormat=CSV",
	.tells_more = true,
	.unfit = EXPORT_NEVER | EXPORT_NOT_ASCII | EXPORT_QUOTED,
	.adds = {.row = csv_row,     .limit = {.entries = ADDS}    },
	.removals = {.row = csv_removal, .limit = {.entries = REMOVALS}},
};

const struct export_format export_ses_json = {
	.name = "ses-json",
	.help = "Amazon SES, an import job with DataFormat=JSON",
	.tells_more = true,
	.unfit = EXPORT_NEVER | EXPORT_NOT_ASCII,
	.adds = {.row = json_row,     .limit = {.entries = ADDS}    },
	.removals = {.row = json_removal, .limit = {.entries = REMOVALS}},
};
