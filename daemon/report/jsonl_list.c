/*
 * The second half of the report for programs: the rate, the guard, the list,
 * and what people have to look at themselves.
 */
#include <stdio.h>

#include "jsonl.h"
#include "when.h"
#include "words.h"

#define DAY INT64_C(86400)

void jsonl_rate(struct json *j, const struct report_rate *rate)
{
	jsonl_known(j, "sent", rate->sent ? rate->sent : -1);
	jsonl_known(j, "hard_of_sent", rate->sent ? rate->hard : -1);
	jsonl_known(j, "of_incidents", rate->sent ? rate->of_incidents : -1);
}

static void put_rate(const struct report *r, struct out *o)
{
	struct json j;
	char day[WHEN_SIZE];

	jsonl_open(&j, o, "rate");
	jsonl_known(&j, "sent", r->rate.sent ? r->rate.sent : -1);
	jsonl_known(&j, "hard_of_sent",
		report_rate_is_known(r) ? r->rate.hard : -1);
	jsonl_known(&j, "of_incidents",
		report_rate_is_known(r) ? r->rate.of_incidents : -1);
	json_int(&j, "sent_by_stream", r->sent_by_stream);
	json_int(&j, "sent_by_provider", r->sent_by_provider);
	json_int(&j, "untold", r->rate_untold);
	json_int(&j, "hosted", r->rate_hosted);
	json_int(&j, "earlier", r->rate_earlier);
	if (r->mails_rise > 0)
		json_double(&j, "times_usual", r->mails_rise);
	else
		json_null(&j, "times_usual");
	json_int(&j, "warn", r->rate_warn);
	json_int(&j, "bad", r->rate_bad);
	json_list_open(&j, "days");
	for (int i = 0; i < r->days && i < REPORT_DAYS; i++)
		if (r->sent_known[i])
			json_item(&j, when_day(r->from + i * DAY, day));
	json_list_close(&j);
	json_close(&j);
}

static void put_incidents(const struct report *r, struct out *o)
{
	struct json j;

	for (size_t i = 0; i < r->incidents_n; i++) {
		const struct report_incident *q = &r->incidents[i];

		jsonl_open(&j, o, "incident");
		json_int(&j, "id", q->id);
		json_z(&j, "kind", incident_kind_word(q->kind));
		json_str(&j, "name", q->name);
		json_z(&j, "state", incident_state_word(q->state));
		json_time(&j, "from", q->from);
		json_time(&j, "to", q->to);
		json_int(&j, "events", q->events);
		json_double(&j, "usual", q->usual);
		json_int(&j, "engaged", q->engaged);
		json_int(&j, "held", q->held);
		json_int(&j, "probation", q->probation);
		json_bool(&j, "in_period", q->now);
		json_list_open(&j, "hours");
		for (int h = 0; i == 0 && h < r->hours_n; h++)
			json_item_int(&j, r->hours[h]);
		json_list_close(&j);
		json_close(&j);
	}
}

static void put_released(const struct report_released *l, struct out *o)
{
	struct json j;

	jsonl_open(&j, o, "released");
	json_int(&j, "days", REPORT_RELEASED);
	json_int(&j, "n", l->n);
	json_int(&j, "again", l->again);
	json_bool(&j, "more", l->more);
	json_close(&j);
	for (size_t i = 0; i < l->examples_n; i++) {
		const struct report_again *a = &l->examples[i];

		jsonl_open(&j, o, "released_again");
		json_str(&j, "address", a->address);
		json_time(&j, "released_at", a->released_at);
		json_time(&j, "at", a->at);
		json_z(&j, "class", class_word(a->class));
		json_z(&j, "reason", reason_word(a->reason));
		json_close(&j);
	}
}

static void put_ends(const struct report_ends *e, struct out *o)
{
	struct json j;

	jsonl_open(&j, o, "ends");
	json_int(&j, "days", REPORT_SOON);
	json_int(&j, "suppressed", e->suppressed);
	json_int(&j, "held", e->held);
	json_close(&j);
	for (size_t i = 0; i < e->examples_n; i++) {
		jsonl_open(&j, o, "ending");
		json_str(&j, "address", e->examples[i].address);
		json_z(&j, "reason", reason_word(e->examples[i].reason));
		json_time(&j, "at", e->examples[i].at);
		json_close(&j);
	}
}

static void put_shapes(const struct report *r, struct out *o)
{
	struct json j;

	for (size_t i = 0; i < r->shapes_n; i++) {
		const struct report_shape *s = &r->shapes[i];
		char status[32];

		snprintf(status, sizeof(status), "%d.%d.%d", s->status.class,
			s->status.subject, s->status.detail);
		jsonl_open(&j, o, "not_understood");
		json_str(
			&j, "provider", s->provider.n ? s->provider : STR_NULL);
		json_z(&j, "class", class_word(s->class));
		json_z(&j, "status", s->status.class ? status : NULL);
		jsonl_known(&j, "smtp", s->smtp ? s->smtp : -1);
		json_int(&j, "n", s->n);
		json_close(&j);
	}
	if (!r->shapes_rest)
		return;
	jsonl_open(&j, o, "not_understood_rest");
	json_int(&j, "n", r->shapes_rest);
	json_close(&j);
}

static void put_troubles(const struct report *r, struct out *o)
{
	struct json j;

	for (size_t i = 0; i < r->troubles_n; i++) {
		const struct query_trouble *t = &r->troubles[i];

		jsonl_open(&j, o, "trouble");
		json_str(&j, "what", t->what);
		json_str(&j, "detail", t->detail);
		json_time(&j, "from", t->began_at);
		json_time(&j, "to", t->ended_at);
		json_int(&j, "times", t->times);
		json_close(&j);
	}
	for (size_t i = 0; i < r->given_up_n; i++) {
		jsonl_open(&j, o, "given_up");
		json_str(&j, "account", r->given_up[i].account);
		json_str(&j, "folder", r->given_up[i].folder);
		json_int(&j, "n", r->given_up[i].n);
		json_close(&j);
	}
}

void jsonl_list(const struct report *r, struct out *o)
{
	put_rate(r, o);
	put_incidents(r, o);
	put_released(&r->released, o);
	put_ends(&r->ends, o);
	put_shapes(r, o);
	put_troubles(r, o);
}
