/*
 * In this order: the names of the large domains that are alive join those of
 * the providers; all names are gone through, which costs no look at any event;
 * of the few that look mistyped the addresses are asked for. What is known of
 * a domain outweighs how it is written.
 */
#include "report/typos.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "print.h"
#include "query_typos.h"
#include "report/typo_guess.h"
#include "when.h"

#define DAY       86400
#define LARGE     200    /* own domains that may be meant */
#define LOOKED_AT 256    /* addresses of one of them */
#define SUSPECTS  20000  /* names that look mistyped; the newest */
#define ADDRESSES 100000 /* of one of them: more is no slip of many hands */

/* --- what may be meant --------------------------------------------------- */

struct learning {
	struct db *db;
	struct typos *t;
	struct typo_guess *guess;
	bool full; /* out of memory */
};

struct health {
	int64_t all, alive;
};

static int count_alive(void *arg, const struct query_fare *f)
{
	struct health *h = arg;

	h->all++;
	h->alive += f->lives;
	return 0;
}

/* A domain counts as alive where one of twenty addresses, and five at least,
 * had something else than a failure: in a mailbox there are mostly failures. */
static int learn_large(void *arg, const struct query_domain *d)
{
	struct learning *l = arg;
	struct query_fares ask = {
		.domain_id = d->id, .to = l->t->to, .most = LOOKED_AT};
	struct health h = {0};

	if (query_fares(l->db, &ask, count_alive, &h))
		return -1;
	if (h.alive < 5 || h.alive * 20 < h.all)
		return 0;
	l->full = !typo_guess_add(l->guess, d->domain, d->addresses);
	return l->full;
}

/* 0, 1 (out of memory), or -1. */
static int learn(struct learning *l, const struct conf_list *not_typos)
{
	int rc;

	l->guess = typo_guess_new();
	if (!l->guess)
		return 1;
	rc = query_large_domains(l->db, LARGE, learn_large, l);
	for (size_t i = 0; !rc && i < not_typos->n; i++)
		rc = !typo_guess_except(l->guess, str_from(not_typos->v[i]));
	return rc ? rc : !typo_guess_ready(l->guess);
}

/* --- what looks mistyped ------------------------------------------------- */

struct suspect {
	struct typos_pair pair;
	bool users; /* also where there only are no such users */
};

struct suspects {
	const struct typo_guess *guess;
	struct arena *arena;
	struct suspect *v;
	size_t n, cap;
};

/* 1: enough, or out of memory. */
static int add_suspect(void *arg, const struct query_domain *d)
{
	struct suspects *s = arg;
	struct typo_found found;
	struct suspect *v;

	if (!typo_guess_find(s->guess, d->domain, &found))
		return 0;
	v = arena_grow(s->arena, s->v, &s->cap, s->n + 1, sizeof(*v));
	if (!v)
		return 1;
	s->v = v;
	v[s->n++] = (struct suspect){
		.pair = {.wrong = arena_dup(s->arena, d->domain),
			 .right = arena_dup(s->arena, found.right),
			 .slip = found.slip,
			 .id = d->id},
		.users = found.users,
	};
	return s->n == SUSPECTS;
}

struct evidence {
	int64_t all, addresses, fails, domain_fails;
};

/* 1: it is no slip. */
static int weigh(void *arg, const struct query_fare *f)
{
	struct evidence *e = arg;

	e->all++;
	e->addresses += f->fails > 0;
	e->fails += f->fails;
	e->domain_fails += f->domain_fails;
	return f->lives || e->all > ADDRESSES;
}

static struct query_fares fares_of(
	const struct typos *t, const struct typos_pair *p)
{
	return (struct query_fares){
		.domain_id = p->id,
		.from = t->from,
		.to = t->to,
		.required = t->required,
	};
}

/* Mail that did not come back arrived, as far as anybody knows: where it is a
 * third and more, somebody takes it. 1, 0, or -1. */
static int is_delivered_to(
	struct db *db, const struct query_fares *ask, struct str domain)
{
	struct query_sent s;

	if (query_domain_sent(db, domain, ask, &s))
		return -1;
	return s.sent && 3 * (s.sent - s.bounced) >= s.sent;
}

/* 1: it is one, and has its number; 0: it is none; -1. */
static int judge(struct db *db, const struct typos *t, struct suspect *s)
{
	struct query_fares ask = fares_of(t, &s->pair);
	struct evidence e = {0};
	int rc = query_fares(db, &ask, weigh, &e);

	if (rc)
		return rc < 0 ? -1 : 0;
	s->pair.n = e.addresses;
	if (!e.addresses || (!s->users && 2 * e.domain_fails < e.fails))
		return 0;
	rc = is_delivered_to(db, &ask, s->pair.wrong);
	return rc < 0 ? -1 : !rc;
}

static int by_number(const void *a, const void *b)
{
	const struct typos_pair *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return str_cmp(x->wrong, y->wrong);
}

static int judge_all(
	struct db *db, struct arena *a, struct suspects *s, struct typos *t)
{
	t->pairs = arena_zalloc(a, s->n + 1, sizeof(*t->pairs));
	for (size_t i = 0; t->pairs && i < s->n; i++) {
		int rc = judge(db, t, &s->v[i]);

		if (rc < 0)
			return -1;
		if (!rc || !s->v[i].pair.wrong.p || !s->v[i].pair.right.p)
			continue;
		t->pairs[t->n++] = s->v[i].pair;
		t->addresses += s->v[i].pair.n;
	}
	if (t->n)
		qsort(t->pairs, t->n, sizeof(*t->pairs), by_number);
	return 0;
}

/* Without memory there are no suggestions, which harms nobody. */
int typos_find(struct db *db, struct arena *a,
	const struct conf_list *not_typos, struct typos *t)
{
	struct learning l = {.db = db, .t = t};
	struct suspects s = {.arena = a};
	int rc;

	t->from = t->to - TYPOS_WEEKS * 7 * DAY;
	t->n = 0;
	t->addresses = 0;
	rc = learn(&l, not_typos);
	s.guess = l.guess;
	if (!rc)
		rc = query_domains(db, add_suspect, &s);
	typo_guess_free(l.guess);
	return rc < 0 ? -1 : judge_all(db, a, &s, t);
}

/* --- how they are told --------------------------------------------------- */

int typos_load(struct db *db, struct arena *a,
	const struct conf_list *not_typos, struct report *r)
{
	struct typos t = {.to = r->to, .required = r->required};

	if (typos_find(db, a, not_typos, &t))
		return -1;
	r->typos_all = t.addresses;
	r->typos_n = t.n < REPORT_TOP ? t.n : REPORT_TOP;
	for (size_t i = 0; i < r->typos_n; i++)
		r->typos[i] = (struct report_typo){.wrong = t.pairs[i].wrong,
			.right = t.pairs[i].right,
			.n = t.pairs[i].n};
	return 0;
}

static void put_column(struct out *o, struct str s, size_t width)
{
	char cut[64];

	if (print_width(s) > width)
		s = str_from(print_visible_buf(cut, width + 1, s));
	print_visible(o, s);
	for (size_t n = print_width(s); n < width; n++)
		out_char(o, ' ');
}

void typos_text(const struct typos *t, struct out *o)
{
	char from[WHEN_SIZE], to[WHEN_SIZE];

	out_printf(o,
		"Domains that look mistyped, among the bounces of %.10s to "
		"%.10s:\n\n",
		when_format(t->from, from), when_format(t->to - DAY, to));
	if (!t->n) {
		out_z(o, "  none\n");
		return;
	}
	out_printf(o, "  %-28s %-24s %9s\n", "written", "meant, most likely",
		"addresses");
	for (size_t i = 0; i < t->n; i++) {
		const struct typos_pair *p = &t->pairs[i];

		out_z(o, "  ");
		put_column(o, p->wrong, 28);
		out_char(o, ' ');
		put_column(o, p->right, 24);
		out_printf(o, " %9" PRId64 "\n", p->n);
	}
	out_printf(o,
		"\n  %" PRId64 " address%s at %zu domain%s. Nothing is "
		"corrected by itself:\n"
		"  --typos=csv has the addresses; a domain that is right "
		"belongs into\n"
		"  report.not_typos of the configuration.\n",
		t->addresses, t->addresses == 1 ? "" : "es", t->n,
		t->n == 1 ? "" : "s");
}

struct csv_rows {
	const struct typos_pair *pair;
	struct out *out;
};

/* local@domain as a field; address_parse() lets nobody in who is longer. */
static void put_address(struct out *o, struct str local, struct str domain)
{
	char buf[1024];
	int n = snprintf(buf, sizeof(buf), STR_FMT "@" STR_FMT, STR_ARG(local),
		STR_ARG(domain));

	if (n > 0 && (size_t)n < sizeof(buf))
		print_csv(o, str_of(buf, (size_t)n));
}

static int csv_row(void *arg, const struct query_fare *f)
{
	const struct csv_rows *c = arg;
	const struct typos_pair *p = c->pair;

	if (!f->fails)
		return 0;
	put_address(c->out, f->local, p->wrong);
	out_char(c->out, ',');
	print_csv(c->out, p->wrong);
	out_char(c->out, ',');
	print_csv(c->out, p->right);
	out_char(c->out, ',');
	put_address(c->out, f->local, p->right);
	out_printf(c->out, ",%" PRId64 "\r\n", p->n);
	return out_failed(c->out);
}

int typos_csv(struct db *db, const struct typos *t, struct out *o)
{
	struct csv_rows c = {.out = o};
	int rc = 0;

	out_z(o, "address,wrong,suggested,corrected,count\r\n");
	for (size_t i = 0; !rc && i < t->n; i++) {
		struct query_fares ask = fares_of(t, &t->pairs[i]);

		c.pair = &t->pairs[i];
		rc = query_fares(db, &ask, csv_row, &c);
	}
	return rc < 0 ? -1 : 0;
}
