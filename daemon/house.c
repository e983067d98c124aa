/*
 * The configuration as those want it who work by it: strings of its own, so
 * that it outlives what was read, settings of the ledger, and the user's rules,
 * read once for all threads.
 */
#include "house.h"

#include <stdlib.h>

#include "rules.h"
#include "ruleset.h"
#include "say.h"

struct house {
	struct arena arena; /* of all strings below */
	struct str *own, *never, *stream_headers;
	size_t own_n, never_n, stream_headers_n;
	struct origin_marks marks;
	struct ruleset *rules; /* the user's; NULL: none */
	struct ledger_settings settings;
};

static bool copy_list(struct house *h, const struct conf_list *from,
	struct str **to, size_t *n)
{
	*to = arena_zalloc(&h->arena, from->n ? from->n : 1, sizeof(**to));
	*n = from->n;
	for (size_t i = 0; *to && i < from->n; i++)
		(*to)[i] = arena_dup(&h->arena, str_from(from->v[i]));
	return !h->arena.full;
}

static bool copy_marks(struct house *h, const struct conf *conf)
{
	const struct {
		const struct conf_list *from;
		const struct str **to;
		size_t *n;
	} rows[] = {
		{&conf->marks.message_id,  &h->marks.message_id,
                 &h->marks.message_id_n                                             },
		{&conf->marks.return_path, &h->marks.return_path,
                 &h->marks.return_path_n                                            },
		{&conf->marks.received,    &h->marks.received,
                 &h->marks.received_n					       },
		{&conf->marks.header,      &h->marks.header,      &h->marks.header_n},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str *copy;

		if (!copy_list(h, rows[i].from, &copy, rows[i].n))
			return false;
		*rows[i].to = copy;
	}
	return true;
}

static struct policy_soft soft_of(const struct conf_soft *soft)
{
	return (struct policy_soft){soft->events, soft->spread, soft->lasts};
}

static void copy_policy(struct house *h, const struct conf *conf)
{
	struct policy_settings *p = &h->settings.policy;

	policy_settings_init(p);
	p->stale_after = conf->policy.stale_after;
	p->suppress_hard = conf->policy.hard;
	p->weak_events = conf->policy.weak_events;
	p->expiry[REASON_MAILBOX_DISABLED] = conf->policy.expiry_disabled;
	p->expiry[REASON_OWNER_CHANGED] = conf->policy.expiry_owner_changed;
	p->soft[REASON_MAILBOX_FULL] = soft_of(&conf->policy.soft_full);
	p->soft[REASON_EXPIRED] = soft_of(&conf->policy.soft_expired);
	p->soft[REASON_NETWORK_ERROR] = soft_of(&conf->policy.soft_network);
	p->engaged = conf->policy.engaged;
	p->hold = conf->guard.hold;
	p->confirm_after = conf->guard.confirm_after;
	h->settings.guard = conf->guard.enabled;
	h->settings.guard_least = conf->guard.least;
	p->require_origin = (enum origin)conf->origin.require;
	memset(p->complaint, 0, sizeof(p->complaint));
	for (size_t i = 0; i < conf->policy.complaints.n; i++) {
		int reason = reason_from_word(
			str_from(conf->policy.complaints.v[i]));

		if (reason >= 0)
			p->complaint[reason] = true;
	}
	h->settings.keep_evidence = conf->retain > 0;
	h->settings.own = h->own;
	h->settings.own_n = h->own_n;
	h->settings.never = h->never;
	h->settings.never_n = h->never_n;
}

/* One step for every file of rules; each file's mistakes go to stderr. */
static bool each_rules_file(struct house *h, const struct conf *conf,
	int (*step)(struct ruleset *, const char *, struct conf_mistakes *))
{
	bool good = true;

	for (size_t i = 0; i < conf->rules.n; i++) {
		struct conf_mistakes m = {0};

		if (step(h->rules, conf->rules.v[i], &m))
			good = false;
		say_mistakes(conf->rules.v[i], &m);
		conf_mistakes_release(&m);
	}
	return good;
}

static int check_rules(
	struct ruleset *r, const char *path, struct conf_mistakes *m)
{
	return ruleset_check(r, &rules_builtin, path, m);
}

/* The user's own rules. */
static bool load_rules(struct house *h, const struct conf *conf)
{
	if (!conf->rules.n)
		return true;
	h->rules = ruleset_new();
	if (h->rules && !each_rules_file(h, conf, ruleset_add))
		return false;
	if (h->rules && !ruleset_finish(h->rules))
		return each_rules_file(h, conf, check_rules);
	say("out of memory");
	return false;
}

struct house *house_new(const struct conf *conf)
{
	struct house *h = calloc(1, sizeof(*h));

	if (h)
		arena_init(&h->arena, 0);
	if (!h || !copy_list(h, &conf->own, &h->own, &h->own_n) ||
		!copy_marks(h, conf) ||
		!copy_list(h, &conf->never_suppress, &h->never, &h->never_n) ||
		!copy_list(h, &conf->stream_headers, &h->stream_headers,
			&h->stream_headers_n)) {
		say("out of memory");
	} else if (load_rules(h, conf)) {
		copy_policy(h, conf);
		return h;
	}
	house_free(h);
	return NULL;
}

void house_free(struct house *h)
{
	if (!h)
		return;
	ruleset_free(h->rules);
	arena_release(&h->arena);
	free(h);
}

struct verdict_context house_context(const struct house *h, int64_t now)
{
	return (struct verdict_context){
		.rules = &rules_builtin,
		.user_rules = h->rules ? ruleset_rules(h->rules) : NULL,
		.own = h->own,
		.own_n = h->own_n,
		.stream_headers = h->stream_headers,
		.stream_headers_n = h->stream_headers_n,
		.marks = &h->marks,
		.now = now,
	};
}

const struct ledger_settings *house_ledger_settings(const struct house *h)
{
	return &h->settings;
}
