/*
 * Mailchimp: a CSV of contacts. Which status they get is chosen at the import,
 * one for the whole file, so a reason cannot be told.
 */
#include "export.h"
#include "print.h"

static void begin(struct export_run *r)
{
	out_z(r->out, "Email Address\r\n");
}

static void row(struct export_run *r, const struct query_suppression *s)
{
	print_csv_exact(r->out, s->address);
	out_z(r->out, "\r\n");
	r->entries++;
}

const struct export_format export_mailchimp = {
	.name = "mailchimp",
	.help = "Mailchimp, CSV to import as Cleaned or Unsubscribed",
	.unfit = EXPORT_NEVER,
	.remark = "one import gives all of them one status: choose Cleaned, "
		  "or Unsubscribed for a list made with --reason=abuse or "
		  "unsubscribe",
	.removals_remark = "no import takes a status off: these are to be "
			   "changed there, by hand or by its API",
	.adds = {.begin = begin, .row = row},
};
