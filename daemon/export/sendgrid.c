/*
 * SendGrid takes no bounces from outside (its v3 API gives and deletes them):
 * what remains is the list of global unsubscribes, which recipients write
 * themselves, too. Nobody can tell the two apart afterwards, so it is done
 * only for who says --yes-global.
 */
#include "export.h"
#include "print.h"

static void begin(struct export_run *r)
{
	out_z(r->out, "{\"recipient_emails\":[");
}

static void row(struct export_run *r, const struct query_suppression *s)
{
	if (r->entries++)
		out_char(r->out, ',');
	print_json(r->out, s->address);
}

static void end(struct export_run *r)
{
	out_z(r->out, "]}\n");
}

static void removal(struct export_run *r, const struct query_suppression *s)
{
	out_z(r->out, "{\"email\":");
	print_json(r->out, s->address);
	out_z(r->out, "}\n");
	r->entries++;
}

const struct export_format export_sendgrid = {
	.name = "sendgrid",
	.help = "SendGrid, JSON for global unsubscribes (--yes-global)",
	.unfit = EXPORT_NEVER | EXPORT_NOT_ASCII,
	.mixes = "it takes no bounces, only global unsubscribes, where ours "
		 "would stand among those who opted out, for every mail and "
		 "not to be told apart later",
	.remark = "these become global unsubscribes, without a reason and for "
		  "every mail",
	.removals_remark = "who opted out there meanwhile has the same entry: "
			   "look at each before you delete it",
 /* The number is ours: no limit is documented. */
	.adds = {.begin = begin,
		 .row = row,
		 .end = end,
		 .limit = {.entries = 1000},
		 .calls = true},
	.removals = {.row = removal    },
};
