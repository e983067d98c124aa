/*
 * Postmark, the suppressions of a message stream: one call for each 50
 * addresses. Whatever is created there is a ManualSuppression, so our reasons
 * are lost; deleting takes the same body.
 */
#include "export.h"
#include "print.h"

static void begin(struct export_run *r)
{
	out_z(r->out, "{\"Suppressions\":[");
}

static void row(struct export_run *r, const struct query_suppression *s)
{
	if (r->entries++)
		out_char(r->out, ',');
	out_z(r->out, "{\"EmailAddress\":");
	print_json(r->out, s->address);
	out_char(r->out, '}');
}

static void end(struct export_run *r)
{
	out_z(r->out, "]}\n");
}

const struct export_format export_postmark = {
	.name = "postmark",
	.help = "Postmark, JSON for suppressions, 50 a call",
	.unfit = EXPORT_NEVER,
	.remark = "it makes a ManualSuppression of each, whatever our reason: "
		  "there a hard bounce and a complaint look alike",
	.adds = {.begin = begin,
		 .row = row,
		 .end = end,
		 .limit = {.entries = 50},
		 .calls = true},
};
