/*
 * Writing and reading of evidence stand side by side, because what the one
 * leaves out the other cannot judge.
 */
#include "replay.h"

#include "rfc3464.h"
#include "utf8.h"

static const struct str divider = STR("\n--\n");

struct writer {
	char *p;
	size_t n;
};

static void put(struct writer *w, struct str s)
{
	size_t room = REPLAY_EVIDENCE_MAX - w->n;

	if (s.n > room)
		s.n = room;
	if (s.n)
		memcpy(w->p + w->n, s.p, s.n);
	w->n += s.n;
}

static void put_ranges(
	struct writer *w, const struct text_range *v, size_t n, bool divide)
{
	if (n && divide)
		put(w, divider);
	for (size_t i = 0; i < n; i++) {
		if (i)
			put(w, (struct str)STR("\n"));
		put(w, str_trim(v[i].raw));
	}
}

static const struct {
	unsigned phase;
	struct str line;
} phases[] = {
	{PHASE_CONNECT, STR("Phase: connect\n")},
	{PHASE_HELO,    STR("Phase: helo\n")   },
	{PHASE_MAIL,    STR("Phase: mail\n")   },
	{PHASE_RCPT,    STR("Phase: rcpt\n")   },
	{PHASE_DATA,    STR("Phase: data\n")   },
};

#define PHASES_N (sizeof(phases) / sizeof(*phases))

static const struct str over = STR("Queue-Time: over\n");

static void put_report(struct writer *w, const struct replay_evidence *e)
{
	for (size_t i = 0; i < PHASES_N; i++)
		if (e->phase == phases[i].phase)
			put(w, phases[i].line);
	if (e->expired)
		put(w, over);
	if (!e->fields.n)
		return;
	if (e->reporting_mta.n) {
		put(w, (struct str)STR("Reporting-MTA: dns; "));
		put(w, e->reporting_mta);
		put(w, (struct str)STR("\n"));
	}
	put(w, str_trim(e->fields));
}

struct str replay_write(struct arena *a, const struct replay_evidence *e)
{
	struct writer w = {arena_alloc(a, REPLAY_EVIDENCE_MAX), 0};
	struct str s;

	if (!w.p)
		return STR_NULL;
	put_report(&w, e);
	put_ranges(&w, e->range, e->ranges, w.n > 0);
	if (e->more_n)
		put_ranges(&w, e->more, 1, w.n > 0);
	s = utf8_clean(a, utf8_cut(str_of(w.p, w.n), REPLAY_EVIDENCE_MAX));
	return utf8_cut(s, REPLAY_EVIDENCE_MAX);
}

static struct str take_part(struct str *rest)
{
	size_t at = str_find(*rest, divider);
	struct str part = str_sub(*rest, 0, at);

	*rest = str_sub(*rest, at + divider.n, rest->n);
	return part;
}

/* The scans and ranges that a case points to. */
struct pieces {
	struct rule_text scan;
	struct text_range range, more;
};

/* Ranges of one text: what is said, then the rest. */
static void set_text(const struct verdict_context *ctx, struct arena *a,
	struct judge_case *c, struct pieces *p, struct str said,
	struct str rest)
{
	struct str both = said;
	size_t end;

	if (rest.n)
		both.n = (size_t)(rest.p + rest.n - said.p);
	rule_text_scan(ctx, a, said, &p->scan);
	end = p->scan.folded.n;
	if (rest.n)
		rule_text_scan(ctx, a, both, &p->scan);
	p->range = (struct text_range){0, end, said};
	p->more = (struct text_range){0, p->scan.folded.n, both};
	c->text = &p->scan;
	c->range = &p->range;
	c->ranges = said.n > 0;
	c->more = &p->more;
	c->more_n = rest.n > 0;
}

static bool take_line(struct str *rest, struct str line)
{
	if (!str_starts(*rest, line))
		return false;
	*rest = str_sub(*rest, line.n, rest->n);
	return true;
}

/* What was known otherwise; *rest is then what follows it. */
static bool read_known(struct str *rest, struct judge_case *c)
{
	for (size_t i = 0; i < PHASES_N && !c->phase; i++)
		if (take_line(rest, phases[i].line))
			c->phase = phases[i].phase;
	c->expired = take_line(rest, over);
	return c->phase || c->expired;
}

/* The first part, if there is one. False: it makes no sense. */
static bool read_report(struct arena *a, struct str *rest, struct judge_case *c)
{
	bool known = read_known(rest, c);
	struct str fields = rfc3464_find(*rest);
	struct dsn dsn;

	if (fields.n && fields.p == rest->p) {
		rfc3464_parse(a, take_part(rest), &dsn);
		if (dsn.n != 1)
			return false;
		c->status = dsn.r[0].status;
		c->remote_mta = dsn.r[0].remote_mta;
		c->reporting_mta = dsn.reporting_mta;
		if (!rest->n)
			*rest = dsn.r[0].diagnostic;
	} else if (known) {
		(void)take_part(rest);
	}
	return true;
}

bool replay_judge(const struct verdict_context *ctx, struct arena *a,
	struct str evidence, bool pending, struct judgement *out)
{
	struct judge_case c = {.pending = pending};
	struct str rest = evidence, said;
	struct pieces p;

	if (!evidence.n || !read_report(a, &rest, &c))
		return false;
	said = take_part(&rest);
	if (said.n)
		set_text(ctx, a, &c, &p, said, rest);
	judge(ctx, a, &c, out);
	return true;
}
