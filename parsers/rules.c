/*
 * Judging by rules. The automaton has found which phrases occur; here the
 * rules that own them are asked in the order of their rank. A rule costs
 * nothing in a mail that has none of its phrases, unless it goes by codes
 * alone.
 */
#include "rules_private.h"

#include "hosts.h"

static const char *const mark_words[MARK_COUNT] = {
	[MARK_NONE] = "none",
	[MARK_BOUNCE_SUBJECT] = "bounce-subject",
	[MARK_BOUNCE_FROM] = "bounce-from",
	[MARK_FAILED] = "failed",
	[MARK_DELAYED] = "delayed",
	[MARK_DELIVERED] = "delivered",
	[MARK_ORIGINAL] = "original",
	[MARK_COMPLAINT_SUBJECT] = "complaint-subject",
	[MARK_REPLY_SUBJECT] = "reply-subject",
	[MARK_REPLY] = "reply",
	[MARK_PERSON] = "person",
	[MARK_CHALLENGE] = "challenge",
	[MARK_BYSTANDER] = "bystander",
	[MARK_RECIPIENT] = "recipient",
	[MARK_PHASE_CONNECT] = "phase-connect",
	[MARK_PHASE_HELO] = "phase-helo",
	[MARK_PHASE_MAIL] = "phase-mail",
	[MARK_PHASE_RCPT] = "phase-rcpt",
	[MARK_PHASE_DATA] = "phase-data",
};

const char *mark_word(enum mark m)
{
	return (unsigned)m < MARK_COUNT ? mark_words[m] : "?";
}

int mark_from_word(struct str word)
{
	for (int i = 0; i < MARK_COUNT; i++)
		if (str_ieqz(word, mark_words[i]))
			return i;
	return -1;
}

struct str rules_phrase_text(
	const struct rules *rules, const struct rule_phrase *p)
{
	return str_of(rules->text + p->at, p->n);
}

/* Whether what a glob phrase says behind its '*' follows the hit. */
static bool glob_holds(const struct rules *rules, const struct rule_phrase *p,
	struct str text, size_t end)
{
	struct str rest =
		str_sub(rules_phrase_text(rules, p), p->star + 1u, p->n);
	struct str window = str_sub(text, end, RULE_GLOB_WINDOW);

	if (!p->star)
		return true;
	while (rest.n) {
		size_t n = str_chr(rest, '*');
		struct str piece = str_sub(rest, 0, n);
		size_t at = str_find(window, piece);

		if (piece.n && at == window.n)
			return false;
		window = str_sub(window, at + piece.n, window.n);
		rest = str_sub(rest, n + 1, rest.n);
	}
	return true;
}

/* Leave out the hits from n on behind which no phrase goes on. */
static void drop_broken(const struct rules *rules, struct str text,
	struct match_hits *hits, size_t n)
{
	for (size_t i = n; i < hits->n; i++) {
		const struct match_hit h = hits->v[i];
		unsigned phrase = h.phrase + 1;

		while (phrase && !glob_holds(rules, &rules->phrases[phrase - 1],
					 text, h.end))
			phrase = rules->phrases[phrase - 1].next;
		if (phrase)
			hits->v[n++] = (struct match_hit){phrase - 1, h.end};
	}
	hits->n = n;
}

static void scan(const struct rules *rules, struct arena *a,
	const struct rule_text *t, size_t to, struct match_hits *hits)
{
	size_t n = hits->n;

	match_scan(rules->match, a, str_sub(t->folded, 0, to), hits);
	drop_broken(rules, t->folded, hits, n);
}

bool rule_text_open(struct arena *a, size_t max, struct rule_text *out)
{
	*out = (struct rule_text){
		.folded = {arena_alloc(a, max + 1), 0}
        };
	return out->folded.p;
}

void rule_text_fold(struct rule_text *t, struct str piece)
{
	char *end = (char *)t->folded.p + t->folded.n;

	t->folded.n += match_fold_piece(end, piece);
}

void rule_text_scan_to(const struct verdict_context *ctx, struct arena *a,
	struct rule_text *t, size_t to)
{
	scan(ctx->rules, a, t, to, &t->hits);
	if (ctx->user_rules)
		scan(ctx->user_rules, a, t, to, &t->user_hits);
}

void rule_text_scan(const struct verdict_context *ctx, struct arena *a,
	struct str text, struct rule_text *out)
{
	if (!rule_text_open(a, text.n, out))
		return;
	rule_text_fold(out, text);
	rule_text_scan_to(ctx, a, out, out->folded.n);
}

/* The first hit that ends behind from. */
static size_t first_hit(const struct match_hits *h, size_t from)
{
	size_t low = 0, high = h->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (h->v[mid].end <= from)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* A walk over the phrases that really occur in (from, to]. */
struct walk {
	const struct rules *rules;
	const struct match_hits *hits;
	struct str text;
	size_t i, to;
	uint32_t want;   /* phrases with one of these marks */
	unsigned phrase; /* 1 + the one to look at next of this hit, or 0 */
	size_t end;      /* of the hit given last */
};

static struct walk walk_begin(const struct rules *rules,
	const struct match_hits *hits, struct str text, size_t from, size_t to,
	uint32_t want)
{
	return (struct walk){
		.want = want,
		.rules = rules,
		.hits = hits,
		.text = text,
		.i = first_hit(hits, from),
		.to = to,
	};
}

static const struct rule_phrase *walk_next(struct walk *w)
{
	for (;;) {
		const struct rule_phrase *p;

		if (!w->phrase) {
			if (w->i >= w->hits->n || w->hits->v[w->i].end > w->to)
				return NULL;
			w->end = w->hits->v[w->i].end;
			w->phrase = w->hits->v[w->i++].phrase + 1;
		}
		p = &w->rules->phrases[w->phrase - 1];
		w->phrase = p->next;
		if (p->marks & w->want &&
			glob_holds(w->rules, p, w->text, w->end))
			return p;
	}
}

static uint32_t marks_in(struct walk w)
{
	const struct rule_phrase *p;
	uint32_t marks = 0;

	while ((p = walk_next(&w))) {
		marks |= p->marks;
		w.want &= ~marks;
	}
	return marks & ~RULE_PROVIDES;
}

uint32_t rule_text_marks(const struct verdict_context *ctx,
	const struct rule_text *t, size_t from, size_t to)
{
	uint32_t marks = marks_in(walk_begin(
		ctx->rules, &t->hits, t->folded, from, to, ~RULE_PROVIDES));

	if (ctx->user_rules)
		marks |= marks_in(walk_begin(ctx->user_rules, &t->user_hits,
			t->folded, from, to, ~RULE_PROVIDES));
	return marks;
}

#define PHASE_MARKS ((1u << (MARK_PHASE_DATA + 1)) - (1u << MARK_PHASE_CONNECT))

static unsigned phase_in(struct walk w, size_t *end)
{
	const struct rule_phrase *p;
	unsigned phase = 0;

	while ((p = walk_next(&w)))
		for (unsigned i = 0; i < p->use_n; i++) {
			const struct rule_use *u = &w.rules->uses[p->use + i];

			if (u->kind != USE_MARK ||
				u->index < MARK_PHASE_CONNECT ||
				u->index > MARK_PHASE_DATA)
				continue;
			phase = 1u << (u->index - MARK_PHASE_CONNECT);
			*end = w.end;
		}
	return phase;
}

unsigned rule_text_phase(const struct verdict_context *ctx,
	const struct rule_text *t, size_t from, size_t to)
{
	size_t end = 0, users_end = 0;
	unsigned phase = phase_in(walk_begin(ctx->rules, &t->hits, t->folded,
					  from, to, PHASE_MARKS),
		&end);
	unsigned users = 0;

	if (ctx->user_rules)
		users = phase_in(walk_begin(ctx->user_rules, &t->user_hits,
					 t->folded, from, to, PHASE_MARKS),
			&users_end);
	return users && users_end >= end ? users : phase;
}

/* --- judging -------------------------------------------------------------- */

/* The phrases found, as a set, and the text for explain. */
struct found {
	const struct rules *rules;
	uint8_t *set; /* a bit for each phrase */
	uint16_t *candidates;
	size_t candidates_n, cap;
	struct arena *arena;
	const struct str *without;
	size_t without_n;
};

static bool has(const struct found *f, uint16_t phrase)
{
	return f->set[phrase / 8] & (1u << phrase % 8);
}

/* Rules are listed once for each phrase of `any`, or of `all` where they have
 * none: so one of those is there. Duplicates do no harm. */
static void add_candidate(struct found *f, uint16_t rule)
{
	uint16_t *v = arena_grow(f->arena, f->candidates, &f->cap,
		f->candidates_n + 1, sizeof(*v));

	if (!v)
		return;
	f->candidates = v;
	v[f->candidates_n++] = rule;
}

static bool collect(struct found *f, struct walk w)
{
	const struct rule_phrase *p;

	f->set = arena_zalloc(f->arena, f->rules->phrases_n / 8 + 1, 1);
	if (!f->set)
		return false;
	while ((p = walk_next(&w))) {
		size_t number = (size_t)(p - f->rules->phrases);

		if (has(f, (uint16_t)number))
			continue;
		f->set[number / 8] |= (uint8_t)(1u << number % 8);
		for (unsigned i = 0; i < p->use_n; i++) {
			const struct rule_use *u = &f->rules->uses[p->use + i];

			if (u->kind == USE_RULE)
				add_candidate(f, u->index);
		}
	}
	return true;
}

static const uint16_t *any_phrase(
	const struct found *f, const uint16_t *v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (has(f, v[i]))
			return &v[i];
	return NULL;
}

static bool all_phrases(const struct found *f, const struct rule *r)
{
	for (unsigned i = 0; i < r->all_n; i++)
		if (!has(f, r->all[i]))
			return false;
	return true;
}

static bool is_without(const struct found *found, const struct rule *r)
{
	for (size_t i = 0; i < found->without_n; i++)
		if (str_ieq(found->without[i], r->family) ||
			str_ieq(found->without[i], r->name))
			return true;
	return false;
}

static bool rule_matches(const struct found *found, const struct rule *r,
	const struct rule_facts *facts)
{
	return rules_facts_match(r, facts) && !is_without(found, r) &&
	       all_phrases(found, r) && !any_phrase(found, r->none, r->none_n);
}

/* Whether rule a outweighs rule b. */
static bool outweighs(const struct rule *a, const struct rule *b)
{
	return !b || a->rank > b->rank || (a->rank == b->rank && a < b);
}

static bool may_be_asked(const struct rule *r, const struct rule *best,
	const struct rule_facts *facts)
{
	const struct rule *below = facts->below;

	return outweighs(r, best) &&
	       (!below || below->users != r->users || outweighs(below, r)) &&
	       r != below;
}

static const struct rule *best_rule(
	const struct found *found, const struct rule_facts *facts)
{
	const struct rules *rules = found->rules;
	const struct rule *best = NULL;

	for (size_t i = 0; i < found->candidates_n; i++) {
		const struct rule *r = &rules->rules[found->candidates[i]];

		if (may_be_asked(r, best, facts) &&
			rule_matches(found, r, facts))
			best = r;
	}
	for (size_t i = 0; i < rules->wordless_n; i++) {
		const struct rule *r = &rules->rules[rules->wordless[i]];

		if (may_be_asked(r, best, facts) &&
			rule_matches(found, r, facts))
			best = r;
	}
	return best;
}

/* Where the phrase that counts for a rule ends, for explain. */
static void find_phrase(const struct found *found, const struct rule *r,
	struct walk w, struct rule_conclusion *c)
{
	const uint16_t *number =
		r->any_n ? any_phrase(found, r->any, r->any_n) : r->all;
	const struct rule_phrase *p;

	if (!number)
		return;
	c->phrase = rules_phrase_text(
		found->rules, &found->rules->phrases[*number]);
	while ((p = walk_next(&w)))
		if (p == &found->rules->phrases[*number]) {
			c->end = w.end;
			return;
		}
}

static struct rule_conclusion judge(const struct verdict_context *ctx,
	const struct rules *rules, const struct match_hits *hits,
	struct arena *a, const struct rule_facts *f)
{
	struct found found = {.rules = rules,
		.arena = a,
		.without = ctx->without,
		.without_n = rules == ctx->rules ? ctx->without_n : 0};
	struct rule_conclusion c = {.reason = REASON_NONE};
	const struct rule *r;
	struct match_hits none = {.v = NULL};
	struct walk w = walk_begin(rules, f->text ? hits : &none,
		f->text ? f->text->folded : STR_NULL, f->from, f->to,
		1u << MARK_NONE);

	r = collect(&found, w) ? best_rule(&found, f) : NULL;
	if (!r)
		return c;
	if (ctx->trace)
		find_phrase(&found, r, w, &c);
	c.by = r;
	c.reason = r->reason;
	c.weak = r->weak;
	c.silent = r->silent;
	c.rule = r->name;
	return c;
}

struct rule_conclusion rules_judge(const struct verdict_context *ctx,
	struct arena *a, const struct rule_facts *f)
{
	struct rule_conclusion c = {.reason = REASON_NONE};

	if (ctx->user_rules && (!f->below || f->below->users))
		c = judge(ctx, ctx->user_rules,
			f->text ? &f->text->user_hits : NULL, a, f);
	if (c.reason == REASON_NONE && !f->users)
		c = judge(
			ctx, ctx->rules, f->text ? &f->text->hits : NULL, a, f);
	return c;
}

static struct str provider_by_phrase(const struct rules *rules,
	const struct match_hits *hits, const struct rule_facts *f)
{
	struct walk w = walk_begin(
		rules, hits, f->text->folded, f->from, f->to, RULE_PROVIDES);
	const struct rule_phrase *p;

	while ((p = walk_next(&w)))
		for (unsigned i = 0; i < p->use_n; i++) {
			const struct rule_use *u = &rules->uses[p->use + i];

			if (u->kind == USE_PROVIDER)
				return rules->providers[u->index].name;
		}
	return STR_NULL;
}

static struct str provider_by_words(const struct rules *rules, struct str said)
{
	struct str rest = str_sub(said, 0, HOSTS_TEXT_MAX), host;
	struct str name = STR_NULL;

	while (!name.p && hosts_next(&rest, &host))
		name = rules_host_provider(rules, host);
	return name;
}

static struct str provider_of(const struct rules *rules,
	const struct match_hits *hits, const struct rule_facts *f)
{
	struct str remote = hosts_name(f->remote_mta);
	struct str name = rules_host_provider(rules, remote);

	if (!remote.n)
		name = provider_by_words(rules, f->said);
	if (!name.p && f->text)
		name = provider_by_phrase(rules, hits, f);
	/* With a remote host all others are only who told us. */
	if (remote.n)
		return name;
	if (!name.p)
		name = rules_host_provider(rules, f->domain);
	if (!name.p)
		name = rules_host_provider(rules, f->reporting_mta);
	return name;
}

struct str rules_provider(
	const struct verdict_context *ctx, const struct rule_facts *f)
{
	struct str name = STR_NULL;

	if (ctx->user_rules)
		name = provider_of(ctx->user_rules,
			f->text ? &f->text->user_hits : NULL, f);
	return name.p ? name
		      : provider_of(
				ctx->rules, f->text ? &f->text->hits : NULL, f);
}
