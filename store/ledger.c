/*
 * From a mail's verdicts to rows. Everything that a batch leads to is in one
 * transaction, and a mail that is known changes nothing: so a batch that was
 * cut off anywhere can simply be done again.
 */
#include "ledger.h"

#include <stdlib.h>
#include <string.h>

#include "ledger_private.h"
#include "query.h"

int ledger_open(struct db *db, const struct ledger_settings *settings,
	struct ledger **out)
{
	struct ledger *l = calloc(1, sizeof(*l));

	*out = l;
	if (!l)
		return sql_no_memory(db);
	l->db = db;
	l->settings = settings;
	l->evidence = evidence_new();
	if (!l->evidence || ledger_guard_open(l))
		(void)sql_no_memory(db);
	else if (!settings->guard || !ledger_known(l))
		return 0;
	ledger_close(l);
	*out = NULL;
	return -1;
}

void ledger_close(struct ledger *l)
{
	if (!l)
		return;
	ledger_guard_free(l);
	ledger_window_forget(l);
	evidence_free(l->evidence);
	free(l);
}

int ledger_begin(struct ledger *l)
{
	/* Other programs may have added events since the last one. */
	memset(l->days, 0, sizeof(l->days));
	/* Or taken a domain away, with its last address. */
	memset(l->domains, 0, sizeof(l->domains));
	ledger_window_forget(l);
	l->engaged = l->sendlog = l->purged = LEDGER_NOT_ASKED;
	return db_begin(l->db);
}

void ledger_rollback(struct ledger *l)
{
	ledger_intern_forget(l);
	ledger_window_forget(l);
	ledger_guard_forget(l);
	db_rollback(l->db);
}

int ledger_commit(struct ledger *l)
{
	return ledger_guard_flush(l, l->now) || db_commit(l->db) ? -1 : 0;
}

int ledger_finish(struct ledger *l, int rc)
{
	if (!rc && !ledger_commit(l))
		return 0;
	ledger_rollback(l);
	return -1;
}

/* --- the two keys --------------------------------------------------------- */

/* 1: the UID is new here; 0: it is known; -1. */
static int add_uid(struct ledger *l, const struct ledger_entry *e,
	enum verdict_class class)
{
	struct sql s = sql_get(l->db, SQL_UID_ADD);

	sql_int(&s, e->mailbox);
	sql_int(&s, e->uid);
	sql_int(&s, e->uid_state);
	sql_int(&s, class);
	if (sql_run(&s))
		return -1;
	if (sql_changed(l->db))
		return 1;
	if (!e->verdicts)
		return 0;
	s = sql_get(l->db, SQL_UID_RETRY);
	sql_int(&s, e->uid_state);
	sql_int(&s, class);
	sql_int(&s, e->mailbox);
	sql_int(&s, e->uid);
	return sql_run(&s) ? -1 : sql_changed(l->db) > 0;
}

/* 1: the mail is new; 0: it is known; -1. */
static int add_message(struct ledger *l, const struct ledger_entry *e,
	enum verdict_class class)
{
	struct sql s = sql_get(l->db, SQL_MESSAGE_ADD);
	int64_t dated_at = e->verdicts->dated_at;

	sql_int(&s, dated_at > 0 ? dated_at / LEDGER_DAY : 0);
	sql_bytes(&s, str_of((const char *)e->digest, sizeof(e->digest)));
	sql_int(&s, class);
	return sql_run(&s) ? -1 : sql_changed(l->db) > 0;
}

/* --- one verdict ---------------------------------------------------------- */

/* A verdict on its way into the database. */
struct record {
	const struct ledger_entry *entry;
	const struct verdict *v;
	size_t index; /* of v among the entry's */
	int64_t now;
	struct policy_event event; /* as policy sees it */
	struct ledger_kind kind;
	int64_t id;            /* of the event */
	struct ledger_who who; /* id 0: nobody is known */
	enum origin origin; /* a send log can know more than the mail tells */
};

static bool matches(struct str key, const struct str *globs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_glob(key, globs[i]))
			return true;
	return false;
}

static int64_t event_time(const struct ledger_entry *e, int64_t now)
{
	int64_t at = e->verdicts->arrived_at;

	if (at <= 0)
		at = e->received_at;
	return at <= 0 || at > now ? now : at;
}

static struct policy_event policy_view(const struct ledger *l,
	const struct ledger_entry *e, const struct verdict *v, int64_t now)
{
	const struct ledger_settings *s = l->settings;

	return (struct policy_event){
		.at = event_time(e, now),
		.sent_at = v->original_sent_at > 0 ? v->original_sent_at : 0,
		.class = v->class,
		.reason = v->reason,
		.origin = v->origin,
		.weak = v->weak,
		.forwarded = v->forwarded,
		.own = matches(v->recipient_key, s->own, s->own_n),
		.never = matches(v->recipient_key, s->never, s->never_n),
	};
}

static unsigned flag_of_origin(const struct record *r)
{
	const struct verdict *v = r->v;

	if (r->origin != ORIGIN_UNVERIFIED)
		return 0;
	if (v->origin_why == ORIGIN_NO_ORIGINAL)
		return EVENT_NO_ORIGINAL;
	return v->origin_why == ORIGIN_OTHER_RECIPIENT ? EVENT_OTHER_RECIPIENT
						       : 0;
}

static unsigned flags_of(
	const struct ledger *l, const struct policy_event *p, int64_t now)
{
	int64_t stale_after = l->settings->policy.stale_after;
	unsigned flags = 0;

	if (p->forwarded)
		flags |= EVENT_FORWARDED;
	if (p->weak)
		flags |= EVENT_WEAK;
	if (stale_after > 0 && now - p->at > stale_after)
		flags |= EVENT_STALE;
	if (p->own || p->never)
		flags |= EVENT_OWN;
	return flags;
}

static int make_kind(struct ledger *l, struct record *r)
{
	const struct verdict *v = r->v;

	const struct {
		enum kind_column column;
		struct str label;
	} labels[] = {
		{KIND_PROVIDER, v->provider      },
		{KIND_STREAM,   v->stream        },
		{KIND_ACCOUNT,  r->entry->account},
		{KIND_RULE,     v->rule          },
	};

	int64_t *to = r->kind.v;

	to[KIND_CLASS] = v->class;
	to[KIND_REASON] = v->reason;
	to[KIND_STATUS] = ledger_status_number(v->status);
	to[KIND_SMTP] = v->smtp;
	to[KIND_FLAGS] = flags_of(l, &r->event, r->now) | flag_of_origin(r);
	to[KIND_ORIGIN] = r->origin;
	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++) {
		to[labels[i].column] = db_label(l->db, labels[i].label);
		if (to[labels[i].column] < 0)
			return -1;
	}
	return ledger_kind(l, &r->kind);
}

static int insert_event(
	struct ledger *l, const struct record *r, enum fate fate)
{
	struct sql s = sql_get(l->db, SQL_EVENT_ADD);

	sql_int(&s, r->id);
	sql_nonzero(&s, r->who.id);
	sql_int(&s, r->event.at % LEDGER_DAY);
	sql_int(&s, r->kind.id);
	if (r->event.sent_at)
		sql_int(&s, r->event.at - r->event.sent_at);
	else
		sql_null(&s);
	sql_int(&s, fate);
	return sql_run(&s);
}

static int insert_evidence(struct ledger *l, const struct record *r)
{
	struct sql s;

	/* What was to be forgotten does not come back with the next bounce. */
	if (!l->settings->keep_evidence || r->who.purged ||
		(!r->v->evidence.n && !r->entry->source.n))
		return 0;
	s = sql_get(l->db, SQL_EVIDENCE_ADD);
	sql_int(&s, r->id);
	sql_bytes(&s, r->entry->packed
			      ? r->entry->packed[r->index]
			      : evidence_pack(l->evidence, r->entry->source,
					r->v->evidence));
	return sql_run(&s);
}

static bool has_recipient(const struct verdict *v)
{
	return v->recipient_key.n > 0 && v->recipient_key.n <= LEDGER_ADDRESS;
}

static struct ledger_case case_of(const struct record *r)
{
	const struct verdict *v = r->v;

	return (struct ledger_case){
		.address_id = r->who.id,
		.scope = ledger_scope(r->kind.v[KIND_CLASS],
			r->kind.v[KIND_STREAM], r->kind.v[KIND_ACCOUNT]),
		.event = r->event,
		.event_id = r->id,
		.bounce =
			{
				 .at = r->event.at,
				 .sent_at = r->event.sent_at,
				 .address_id = r->who.id,
				 .address_added = r->who.added,
				 .class = v->class,
				 .reason = v->reason,
				 .provider = v->provider,
				 .stream = v->stream,
				 .domain = key_domain(v->recipient_key),
				 .rule = v->rule,
				 .evidence = v->evidence,
				 },
		.now = r->now,
	};
}

static int look_into_sendlog(struct ledger *l, struct record *r)
{
	bool has = false;

	r->origin = r->v->origin;
	if (r->origin == ORIGIN_UNVERIFIED &&
		ledger_sendlog_has(l, r->v->original_message_id,
			r->v->recipient_key, &has))
		return -1;
	if (has)
		r->origin = ORIGIN_MATCHED;
	r->event.origin = r->origin;
	return 0;
}

/* ledger_judge() reads the history, so it comes before the event is added to
 * it; a suppression's event id has no foreign key that would mind. */
static int record(struct ledger *l, struct record *r, enum fate *fate)
{
	struct ledger_case c;

	r->event = policy_view(l, r->entry, r->v, r->now);
	if (look_into_sendlog(l, r))
		return -1;
	if (has_recipient(r->v) && ledger_address(l, r->v->recipient_key,
					   r->v->recipient, &r->who))
		return -1;
	if (make_kind(l, r) ||
		ledger_event_id(l, r->event.at / LEDGER_DAY, &r->id))
		return -1;
	c = case_of(r);
	if (ledger_judge(l, &c, fate))
		return -1;
	if (insert_event(l, r, *fate) || insert_evidence(l, r))
		return -1;
	return ledger_count_day(l, r->event.at, &r->kind, 1);
}

static int record_all(struct ledger *l, const struct ledger_entry *e,
	int64_t now, struct ledger_result *out)
{
	for (size_t i = 0; i < e->verdicts->n; i++) {
		struct record r = {.entry = e,
			.v = &e->verdicts->v[i],
			.index = i,
			.now = now};
		enum fate fate = FATE_CLASS;

		if (r.v->class != CLASS_NONE) {
			if (record(l, &r, &fate))
				return -1;
			out->events++;
		}
		out->fates[fate]++;
		out->unverified[r.v->origin_why] += fate == FATE_UNVERIFIED;
	}
	return 0;
}

int ledger_put(struct ledger *l, const struct ledger_entry *e, int64_t now,
	struct ledger_result *out)
{
	int is_new = 1;

	l->now = now;
	memset(out, 0, sizeof(*out));
	out->class =
		e->verdicts ? verdict_list_class(e->verdicts) : CLASS_UNKNOWN;
	if (e->mailbox)
		is_new = add_uid(l, e, out->class);
	if (is_new == 1 && e->verdicts)
		is_new = add_message(l, e, out->class);
	if (is_new < 0)
		return -1;
	out->duplicate = !is_new;
	if (out->duplicate || !e->verdicts)
		return 0;
	return record_all(l, e, now, out);
}
