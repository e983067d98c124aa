/* For programs: one JSON object on a line, nothing left out or changed. */
#include "export.h"
#include "json.h"
#include "words.h"

static void row(struct export_run *r, const struct query_suppression *s)
{
	enum verdict_class class = reason_class(s->reason); /* none: by hand */
	struct json j;

	json_open(&j, r->out);
	json_str(&j, r->hashed ? "sha256" : "address", s->address);
	json_str(&j, "scope", s->scope);
	json_z(&j, "state", state_word(s->state));
	json_z(&j, "class", class == CLASS_NONE ? NULL : class_word(class));
	json_z(&j, "reason", reason_word(s->reason));
	json_z(&j, "cause", cause_word(s->cause));
	json_time(&j, "since", s->since);
	json_time(&j, "expires", s->expires_at);
	json_close(&j);
	r->entries++;
}

const struct export_format export_jsonl = {
	.name = "jsonl",
	.help = "a JSON object on a line, for programs",
	.tells_scope = true,
	.tells_more = true,
	.has_expiry = true,
	.may_hash = true,
	.adds = {.row = row},
};
