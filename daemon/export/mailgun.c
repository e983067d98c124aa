/*
 * Mailgun, the list of bounces of a sending domain: CSV with a header in files
 * of at most 25 MB. It has no way to take entries off by a file: those are
 * addresses on a line, for a call each.
 */
#include "export.h"
#include "export_words.h"
#include "print.h"
#include "when.h"
#include "words.h"

static void begin(struct export_run *r)
{
	out_z(r->out, "address,code,error,created_at\r\n");
}

static void row(struct export_run *r, const struct query_suppression *s)
{
	char date[WHEN_SIZE];

	print_csv_exact(r->out, s->address);
	out_char(r->out, ',');
	out_z(r->out, export_words_of(s)->smtp);
	out_char(r->out, ',');
	out_z(r->out, reason_word(s->reason));
	out_z(r->out, ",\"");
	out_z(r->out, when_mail(s->since, date));
	out_z(r->out, "\"\r\n");
	r->entries++;
}

static void removal(struct export_run *r, const struct query_suppression *s)
{
	out_str(r->out, s->address);
	out_char(r->out, '\n');
	r->entries++;
}

const struct export_format export_mailgun = {
	.name = "mailgun",
	.help = "Mailgun, CSV for its list of bounces",
	.tells_more = true,
	.unfit = EXPORT_NEVER,
	.remark = "all of it goes on the list of bounces, complaints, too; "
		  "'error' tells our reason",
	.removals_remark = "a call for each address takes it off: DELETE "
			   "/v3/DOMAIN/bounces/ADDRESS",
	.adds = {.begin = begin,                .row = row, .limit = {.bytes = 25000000}},
	.removals = {.row = removal},
};
