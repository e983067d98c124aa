/*
 * The report for programs: each object has a "type", and names of its own kind
 * only. Objects and keys may be added, never renamed (bouncewatch-report(1)).
 */
#include "jsonl.h"

/* Kinds of series, in words that options and keys have, too. */
static const char *const by_words[REPORT_BYS] = {
	"reason", "provider", "domain", "stream"};

static const char *const cause_words[CAUSES] = {
	[CAUSE_UNCLEAR] = "unclear",
	[CAUSE_BAD_IMPORT] = "bad-import",
	[CAUSE_BROKEN_FORM] = "broken-form",
	[CAUSE_DOMAIN_GONE] = "domain-gone",
	[CAUSE_PROVIDER_INCIDENT] = "provider-incident",
	[CAUSE_REPUTATION] = "reputation",
	[CAUSE_FORWARDING] = "forwarding",
	[CAUSE_LIST_AGE] = "list-age",
};

/* Whether spikes were looked for. */
static const char *const spikes_words[] = {
	[SPIKES_LOOKED_FOR] = "looked-for",
	[SPIKES_FEW_WEEKS] = "few-weeks",
	[SPIKES_NO_WEEK] = "no-week",
	[SPIKES_NO_MEMORY] = "no-memory",
};

static const char *const certainty_words[] = {"thin", "likely", "clear"};

/* The classes that a row of names counts. */
static const enum verdict_class counted[] = {
	CLASS_HARD, CLASS_SOFT, CLASS_BLOCK, CLASS_COMPLAINT, CLASS_UNKNOWN};

void jsonl_open(struct json *j, struct out *o, const char *type)
{
	json_open(j, o);
	json_z(j, "type", type);
}

void jsonl_known(struct json *j, const char *key, int64_t n)
{
	if (n < 0)
		json_null(j, key);
	else
		json_int(j, key, n);
}

static void head(const struct report *r, struct out *o)
{
	struct json j;

	jsonl_open(&j, o, "report");
	json_time(&j, "from", r->from);
	json_time(&j, "to", r->to);
	json_time(&j, "made_at", r->now);
	json_int(&j, "days", r->days);
	json_int(&j, "periods_before", r->before);
	json_z(&j, "spikes", spikes_words[r->spikes_state]);
	json_int(&j, "spikes_found", (int64_t)r->spikes_all);
	json_int(&j, "typo_addresses", r->typos_all);
	json_close(&j);
}

/* periods: this one first, as far as there are data. */
static void classes(const struct report *r, struct out *o)
{
	struct json j;

	for (int c = 0; c < CLASS_COUNT; c++) {
		if (c == CLASS_NONE)
			continue;
		jsonl_open(&j, o, "class");
		json_z(&j, "class", class_word((enum verdict_class)c));
		json_int(&j, "n", r->periods[0][c]);
		jsonl_known(&j, "usual", r->usual[c]);
		json_list_open(&j, "periods");
		for (int p = 0; p < REPORT_PERIODS && p <= r->before; p++)
			json_item_int(&j, r->periods[p][c]);
		json_list_close(&j);
		json_close(&j);
	}
}

static void rows(const struct report_table *t, enum report_by by, struct out *o)
{
	struct json j;

	for (size_t i = 0; i < t->n; i++) {
		const struct report_row *row = &t->rows[i];

		jsonl_open(&j, o, "row");
		json_z(&j, "by", by_words[by]);
		json_str(&j, "name", row->name);
		json_z(&j, "class",
			row->class == CLASS_NONE ? NULL
						 : class_word(row->class));
		json_int(&j, "n", row->n);
		jsonl_known(&j, "usual", row->usual);
		for (size_t k = 0; k < sizeof(counted) / sizeof(*counted); k++)
			json_int(&j, class_word(counted[k]),
				row->classes[counted[k]]);
		jsonl_rate(&j, &row->rate);
		json_list_open(&j, "periods");
		for (int p = 0; p < row->weeks_n; p++)
			json_item_int(&j, row->weeks[p]);
		json_list_close(&j);
		json_close(&j);
	}
}

static void put_list(
	struct json *j, const char *key, const struct str *v, size_t n)
{
	json_list_open(j, key);
	for (size_t i = 0; i < n; i++)
		json_item_str(j, v[i]);
	json_list_close(j);
}

static void spike(const struct report_spike *s, struct out *o)
{
	struct json j;

	jsonl_open(&j, o, "spike");
	json_z(&j, "by", by_words[s->by]);
	json_str(&j, "name", s->name);
	json_z(&j, "class", class_word(s->class));
	json_z(&j, "reason", reason_word(s->reason));
	json_int(&j, "n", s->n);
	json_double(&j, "usual", s->usual);
	json_double(&j, "limit", s->limit);
	json_double(&j, "chance", s->chance);
	json_double(&j, "expected", s->expected);
	json_list_open(&j, "weeks");
	for (int w = 0; w < s->weeks_n; w++)
		json_item_int(&j, s->weeks[w]);
	json_list_close(&j);
	put_list(&j, "also", s->also, s->also_n);
	json_int(&j, "also_all", (int64_t)s->also_all);
	json_z(&j, "cause", cause_words[s->cause]);
	json_z(&j, "certainty", certainty_words[s->certainty]);
	put_list(&j, "evidence", s->evidence, s->evidence_n);
	json_str(&j, "action", s->action);
	json_close(&j);
}

static void moves(const struct report *r, struct out *o)
{
	const struct query_moves *m = &r->moves;

	const struct {
		const char *key;
		int64_t n;
	} counts[] = {
		{"suppressed",       m->suppressed      },
		{"released",         m->released        },
		{"expired",          m->expired         },
		{"now_suppressed",   m->now_suppressed  },
		{"now_released",     m->now_released    },
		{"now_held",         m->now_held        },
		{"now_probation",    m->now_probation   },
		{"unverified",       m->unverified      },
		{"unverified_bare",  m->unverified_bare },
		{"unverified_other", m->unverified_other},
		{"stale",            m->stale           },
		{"unknown",          m->unknown         },
	};
	struct json j;

	jsonl_open(&j, o, "moves");
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++)
		json_int(&j, counts[i].key, counts[i].n);
	json_int(&j, "undetermined", r->undetermined);
	json_close(&j);
}

static void typos_and_facts(const struct report *r, struct out *o)
{
	struct json j;

	for (size_t i = 0; i < r->typos_n; i++) {
		jsonl_open(&j, o, "typo");
		json_str(&j, "wrong", r->typos[i].wrong);
		json_str(&j, "right", r->typos[i].right);
		json_int(&j, "n", r->typos[i].n);
		json_close(&j);
	}
	for (size_t i = 0; i < r->facts_n; i++) {
		jsonl_open(&j, o, "fact");
		json_str(&j, "domain", r->facts[i].domain);
		json_str(&j, "fact", r->facts[i].fact);
		json_bool(&j, "takes_no_mail", r->facts[i].takes_no_mail);
		json_close(&j);
	}
}

void report_jsonl(const struct report *r, struct out *o)
{
	head(r, o);
	classes(r, o);
	rows(&r->reasons, REPORT_BY_REASON, o);
	rows(&r->providers, REPORT_BY_PROVIDER, o);
	rows(&r->domains, REPORT_BY_DOMAIN, o);
	rows(&r->streams, REPORT_BY_STREAM, o);
	for (size_t i = 0; i < r->spikes_n; i++)
		spike(&r->spikes[i], o);
	typos_and_facts(r, o);
	moves(r, o);
	jsonl_list(r, o);
}
