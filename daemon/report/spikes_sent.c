/*
 * How much was sent in the weeks of the names that are judged: of all, and of
 * each provider, domain and stream of which that was told.
 */
#include <math.h>

#include "ledger_sent.h"
#include "query_series.h"
#include "spikes_private.h"

/* What was sent in the evening before a week bounces in it. */
#define LATE (12 * 3600)
#define MORE 2.0 /* times the unclaimed mails of a usual week */

/* NULL: out of memory. */
static double *add_mails(struct spikes_loading *l)
{
	double(*m)[BASELINE_WEEKS] =
		spikes_grow(l, l->mails, l->mails_n, &l->mails_cap, sizeof(*m));

	if (!m)
		return NULL;
	l->mails = m;
	return m[l->mails_n++];
}

/* The mails of an id, or of all: these have none. The pointers are set when the
 * array no longer moves. */
static int keep_mails(void *arg, const struct query_series_sent *sent)
{
	struct spikes_loading *l = arg;
	double *m;
	struct spikes_kind *k = &l->kinds[l->by];
	struct spikes_series *s = NULL;

	if (sent->id)
		s = spikes_find(k, sent->id);
	if (sent->id && !s)
		return 0;
	m = add_mails(l);
	if (!m)
		return 1;
	for (int w = 0; w < BASELINE_WEEKS; w++)
		m[w] = (double)sent->weeks[w];
	if (s)
		s->mails_at = l->mails_n;
	return 0;
}

static int read_sent(struct spikes_loading *l, int kind, int64_t to,
	query_series_sent_fn *fn, void *arg)
{
	struct query_series_sent_ask ask = {
		.kind = kind,
		.to = to,
		.days = SPIKES_WEEK,
		.weeks = l->weeks + 1,
	};

	return query_series_sent(l->db, &ask, fn, arg) < 0 || l->full ? -1 : 0;
}

/* Mails that may be any provider's, or any domain's. */
struct unclaimed {
	bool any[REPORT_BYS];
	double mails[REPORT_BYS][BASELINE_WEEKS];
};

static int keep_unclaimed(void *arg, const struct query_series_sent *sent)
{
	struct unclaimed *u = arg;
	enum report_by by = sent->id == INCIDENT_DOMAIN ? REPORT_BY_DOMAIN
							: REPORT_BY_PROVIDER;

	for (int w = 0; w < BASELINE_WEEKS; w++) {
		u->mails[by][w] = (double)sent->weeks[w];
		u->any[by] = u->any[by] || sent->weeks[w];
	}
	return 0;
}

/*
 * How much of the unclaimed mails may be a name's own, by what bounced there in
 * weeks with clearly more of them, much as the guard has it
 * (incident_test_learn.c): all, while there were not two such weeks.
 */
static double part_of(
	const uint32_t *weeks, const double *own, const double *unclaimed)
{
	struct {
		double n, own, unclaimed;
	} sum[2] = {{0}};

	double all = 0, usual, more;
	int known = 0, with = 0;

	for (int w = 1; w < BASELINE_WEEKS; w++)
		if (own[w] > 0) {
			all += unclaimed[w];
			known++;
		}
	for (int w = 1; w < BASELINE_WEEKS; w++) {
		bool is_more = unclaimed[w] * known > MORE * all;

		if (own[w] <= 0)
			continue;
		with += is_more;
		sum[is_more].n += weeks[w];
		sum[is_more].own += own[w];
		sum[is_more].unclaimed += unclaimed[w];
	}
	usual = (sum[0].n + 1) / (sum[0].own + 1);
	more = sum[1].n - usual * sum[1].own;
	more = (more > 0 ? more : 0) + sqrt(sum[1].n + 1);
	if (with < 2 || more >= usual * sum[1].unclaimed)
		return 1;
	return more / (usual * sum[1].unclaimed);
}

/* For each name of which mails are known: with those that may be its own, too,
 * of the weeks of which they are. */
static int add_to_kind(struct spikes_loading *l, struct spikes_kind *k,
	const double *unclaimed)
{
	for (size_t i = 0; i < k->n; i++) {
		struct spikes_series *s = &k->v[i];
		const double *own;
		double *m, part;

		if (!s->mails_at)
			continue;
		m = add_mails(l);
		if (!m)
			return -1;
		own = l->mails[s->mails_at - 1];
		part = part_of(s->weeks, own, unclaimed);
		for (int w = 0; w < BASELINE_WEEKS; w++)
			m[w] = own[w] > 0 ? own[w] + part * unclaimed[w] : 0;
		s->most_at = l->mails_n;
	}
	return 0;
}

static int add_unclaimed(struct spikes_loading *l)
{
	struct unclaimed u = {0};

	if (read_sent(l, LEDGER_SENT_UNCLAIMED, l->r->to, keep_unclaimed, &u))
		return -1;
	for (int by = 0; by < REPORT_BYS; by++)
		if (u.any[by] && add_to_kind(l, &l->kinds[by], u.mails[by]))
			return -1;
	return 0;
}

static void point_to_mails(struct spikes_loading *l, struct spikes_series *s)
{
	if (s->mails_at)
		s->mails = l->mails[s->mails_at - 1];
	if (s->most_at)
		s->mails_most = l->mails[s->most_at - 1];
}

/* Mails of all together come first. */
static const struct {
	enum report_by by;
	enum incident_kind sent;
} kinds[] = {
	{REPORT_BY_REASON,   INCIDENT_ALL     },
	{REPORT_BY_PROVIDER, INCIDENT_PROVIDER},
	{REPORT_BY_DOMAIN,   INCIDENT_DOMAIN  },
	{REPORT_BY_STREAM,   INCIDENT_STREAM  },
};

int spikes_load_sent(struct spikes_loading *l)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		l->by = kinds[i].by;
		if (read_sent(l, kinds[i].sent, l->r->to, keep_mails, l))
			return -1;
		if (l->by == REPORT_BY_REASON)
			l->all_sent = l->mails_n > 0;
	}
	if (add_unclaimed(l))
		return -1;
	for (int by = 0; by < REPORT_BYS; by++)
		for (size_t i = 0; i < l->kinds[by].n; i++)
			point_to_mails(l, &l->kinds[by].v[i]);
	return 0;
}

static int judge_late(void *arg, const struct query_series_sent *sent)
{
	struct spikes_loading *l = arg;
	double mails[BASELINE_WEEKS];

	for (int w = 0; w < BASELINE_WEEKS; w++)
		mails[w] = (double)sent->weeks[w];
	spikes_judge_late(
		&l->kinds[l->by], sent->id, mails, l->r->spikes_chance);
	return 0;
}

static bool has_spikes_of_mails(const struct spikes_kind *k)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].mails && k->v[i].result.is_spike)
			return true;
	return false;
}

int spikes_judge_sent_late(struct spikes_loading *l)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		l->by = kinds[i].by;
		if (has_spikes_of_mails(&l->kinds[l->by]) &&
			read_sent(l, kinds[i].sent, l->r->to - LATE, judge_late,
				l))
			return -1;
	}
	return 0;
}
