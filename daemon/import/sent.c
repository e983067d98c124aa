/*
 * How much was sent: the denominator of a bounce rate, which no mailbox knows.
 * Either counts (a day or an hour, and a number), or a send log (a Message-ID
 * and whom it went to), which also proves that a bounce answers our own mail.
 *
 * Counts of one bucket and time are summed over the files of one command, and
 * then replace what was known, so that the same files twice change nothing. Of
 * a send log with Message-IDs each mail counts once, in however many parts and
 * however often it comes; where there are none, or they are forgotten already,
 * a log never makes less of what was known.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "import.h"
#include "index.h"
#include "ledger_import.h"
#include "rules.h"
#include "say.h"

#define BATCH       1000u
#define MAILED      500000u /* addresses mailed: the more, the fewer pages */
#define SUMS_MEMORY (256u << 20)

enum column {
	COLUMN_AT,
	COLUMN_N,
	COLUMN_PROVIDER,
	COLUMN_DOMAIN,
	COLUMN_STREAM,
	COLUMN_RECIPIENT,
	COLUMN_MESSAGE_ID,
	COLUMNS
};

static const struct {
	enum column column;
	const char *name;
} heads[] = {
	{COLUMN_AT,         "at"        },
	{COLUMN_AT,         "hour"      },
	{COLUMN_AT,         "day"       },
	{COLUMN_AT,         "date"      },
	{COLUMN_AT,         "time"      },
	{COLUMN_AT,         "timestamp" },
	{COLUMN_AT,         "sent_at"   },
	{COLUMN_N,          "n"         },
	{COLUMN_N,          "sent"      },
	{COLUMN_N,          "count"     },
	{COLUMN_PROVIDER,   "provider"  },
	{COLUMN_DOMAIN,     "domain"    },
	{COLUMN_STREAM,     "stream"    },
	{COLUMN_STREAM,     "campaign"  },
	{COLUMN_RECIPIENT,  "recipient" },
	{COLUMN_RECIPIENT,  "email"     },
	{COLUMN_RECIPIENT,  "address"   },
	{COLUMN_MESSAGE_ID, "message_id"},
	{COLUMN_MESSAGE_ID, "message-id"},
};

/* Counts by bucket and time. */
struct sums {
	struct arena arena;
	struct ledger_sent *v;
	size_t n, cap;
	struct index by_bucket;
};

/* What a row counts in. */
struct bucket {
	struct str provider, domain, stream;
	int64_t at;
	bool whole_day;
};

struct sent {
	struct import *i;
	struct verdict_context context; /* knows providers by domain */
	int at[COLUMNS];
	struct sums sums; /* of all rows but those of log */
	int64_t first, last;
	/* Rows of a send log on their way, with what each counts in, and what
	 * the new ones among them come to. */
	struct ledger_sendlog log[BATCH];
	struct bucket buckets[BATCH];
	size_t logs;
	struct sums news;
	struct ledger_mailed *mailed;
	size_t mailed_n, mailed_cap;
};

/* --- sums ----------------------------------------------------------------- */

static int out_of_memory(void)
{
	say("out of memory: import the file in parts");
	return EX_OSERR;
}

static void sums_init(struct sums *s)
{
	arena_init(&s->arena, SUMS_MEMORY);
	s->by_bucket = (struct index){.arena = &s->arena};
	s->v = NULL;
	s->n = s->cap = 0;
}

static void sums_reset(struct sums *s)
{
	arena_release(&s->arena);
	sums_init(s);
}

static int add(struct sums *s, struct ledger_sent row)
{
	char key[320];
	size_t k;
	struct ledger_sent *v;
	int len = snprintf(key, sizeof(key), "%d %d %" PRId64 " %d %.*s",
		row.kind, row.how, row.at / (row.whole_day ? 86400 : 3600),
		row.whole_day, (int)(row.name.n < 255 ? row.name.n : 255),
		row.name.p ? row.name.p : "");

	if (index_get(&s->by_bucket, str_of(key, (size_t)len), &k)) {
		s->v[k].n += row.n;
		return 0;
	}
	v = arena_grow(&s->arena, s->v, &s->cap, s->n + 1, sizeof(*v));
	if (!v)
		return out_of_memory();
	s->v = v;
	v[s->n] = row;
	v[s->n].name = arena_dup(&s->arena, row.name);
	index_put(&s->by_bucket, arena_dup(&s->arena, str_of(key, (size_t)len)),
		s->n++);
	return s->arena.full ? out_of_memory() : 0;
}

/* In each of its buckets, and among all. */
static int add_to(struct sums *s, const struct bucket *b, int64_t n, int how)
{
	const struct {
		enum incident_kind kind;
		struct str name;
	} all[] = {
		{INCIDENT_ALL, str_of("", 0)},
		{INCIDENT_PROVIDER,            b->provider    },
		{INCIDENT_DOMAIN,            b->domain  },
		{INCIDENT_STREAM,            b->stream    },
	};

	int status = 0;

	for (size_t i = 0; !status && i < sizeof(all) / sizeof(*all); i++)
		if (!i || all[i].name.n)
			status =
				add(s, (struct ledger_sent){.kind = all[i].kind,
					       .name = all[i].name,
					       .at = b->at,
					       .whole_day = b->whole_day,
					       .n = n,
					       .how = how});
	return status;
}

/* Who takes the mail of a domain, as far as the rules know by its name. */
static struct str provider_of(const struct sent *s, struct str domain)
{
	const struct rule_facts f = {.domain = domain};

	return domain.n ? rules_provider(&s->context, &f) : STR_NULL;
}

static struct bucket bucket_of(const struct sent *s, const struct csv *c,
	struct str domain, int64_t at, bool whole_day)
{
	struct bucket b = {
		.provider = csv_field(c, s->at[COLUMN_PROVIDER]),
		.domain = domain,
		.stream = csv_field(c, s->at[COLUMN_STREAM]),
		.at = at,
		.whole_day = whole_day,
	};

	if (!b.provider.n)
		b.provider = provider_of(s, domain);
	if (!b.stream.n)
		b.stream = str_from(s->i->stream);
	return b;
}

/* --- rows ----------------------------------------------------------------- */

/* What the mails that were not known come to: ledger_sums_fn. */
static size_t sum_news(void *arg, const struct ledger_sent **out)
{
	struct sent *s = arg;

	sums_reset(&s->news);
	for (size_t k = 0; k < s->logs; k++)
		if (s->log[k].is_new &&
			add_to(&s->news, &s->buckets[k], 1, LEDGER_SENT_MORE))
			break; /* told; a batch never takes so much */
	*out = s->news.v;
	return s->news.n;
}

static int flush_log(struct sent *s)
{
	size_t news = 0;

	if (s->logs && !s->i->dry_run &&
		ledger_sendlog_put(
			s->i->in.ledger, s->log, s->logs, sum_news, s, &news))
		return env_db_failed(s->i->in.env->db);
	s->i->known += s->i->dry_run ? 0 : s->logs - news;
	s->logs = 0;
	env_forget(s->i->in.env);
	return 0;
}

static int flush_mailed(struct sent *s)
{
	size_t news, n = s->mailed_n;

	s->mailed_n = 0;
	if (n && !s->i->dry_run &&
		ledger_mailed_put(s->i->in.ledger, s->mailed, n, &news))
		return env_db_failed(s->i->in.env->db);
	return 0;
}

/* That the address was mailed: what the report tells new ones by. */
static int take_mailed(struct sent *s, struct str address_key, int64_t at)
{
	if (s->mailed_n == s->mailed_cap) {
		size_t cap = s->mailed_cap ? 2 * s->mailed_cap : BATCH;
		void *p = realloc(s->mailed, cap * sizeof(*s->mailed));

		if (!p)
			return out_of_memory();
		s->mailed = p;
		s->mailed_cap = cap;
	}
	s->mailed_n +=
		ledger_mailed_make(&s->mailed[s->mailed_n], address_key, at);
	return s->mailed_n >= MAILED ? flush_mailed(s) : 0;
}

/* "2026-11-23" without a time is a whole day. */
static bool is_day(struct str at)
{
	return str_trim(at).n == sizeof("2026-11-23") - 1 &&
	       str_chr(at, '-') < at.n;
}

/* A mail to one address, by its Message-ID. */
static int take_mail(struct sent *s, struct str message_id,
	const struct address *a, const struct bucket *b)
{
	struct arena *arena = &s->i->in.env->arena;

	s->buckets[s->logs] = (struct bucket){
		.provider = arena_dup(arena, b->provider),
		.domain = a->domain,
		.stream = arena_dup(arena, b->stream),
		.at = b->at,
	};
	s->log[s->logs++] = (struct ledger_sendlog){
		arena_dup(arena, message_id), a->key, b->at, false};
	return s->logs == BATCH ? flush_log(s) : 0;
}

/* Whether it is told, and for as long as it matters remembered, which mail it
 * was. A day alone counts as a day's number. */
static bool is_known_by_id(const struct sent *s, const struct bucket *b)
{
	int64_t now = s->i->in.env->now;

	return !b->whole_day &&
	       b->at >= now - (int64_t)(LEDGER_SENDLOG_DAYS - 1) * 86400;
}

static int count_row(struct sent *s, const struct csv *c,
	const struct address *a, const struct bucket *b, long n)
{
	struct str id = csv_field(c, s->at[COLUMN_MESSAGE_ID]);
	bool is_mail = a->key.n && s->at[COLUMN_N] < 0;

	if (s->first > b->at)
		s->first = b->at;
	if (s->last < b->at)
		s->last = b->at;
	if (is_mail && id.n && is_known_by_id(s, b))
		return take_mail(s, id, a, b);
	return add_to(
		&s->sums, b, n, is_mail ? LEDGER_SENT_LEAST : LEDGER_SENT_IS);
}

/* The domain of the row, and the address where it has one. False: told. */
static bool read_domain(struct sent *s, const struct csv *c, struct address *a)
{
	struct str recipient = csv_field(c, s->at[COLUMN_RECIPIENT]);

	*a = (struct address){
		.domain = str_trim(csv_field(c, s->at[COLUMN_DOMAIN]))};
	return !recipient.n || !import_address(s->i, recipient, c->line, a);
}

/* Digits alone: "1,000" and "1.5" are no counts. -1: it is none. */
static long count_of(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!ascii_is_digit((unsigned char)text.p[i]))
			return -1;
	return str_number(text, 1000000000);
}

static int take(struct sent *s, const struct csv *c)
{
	struct str at_text = csv_field(c, s->at[COLUMN_AT]);
	struct str n_text = str_trim(csv_field(c, s->at[COLUMN_N]));
	struct import *i = s->i;
	struct bucket bucket;
	struct address a;
	long n = s->at[COLUMN_N] < 0 ? 1 : count_of(n_text);
	int64_t at;
	int status;

	i->rows++;
	if (!import_time(at_text, &at)) {
		import_mistake(i, c->line,
			"'%s' is no time (2026-11-23, 2026-11-23T08:00:00Z)",
			say_str(at_text));
		return 0;
	}
	if (n < 0) {
		import_mistake(i, c->line, "'%s' is no count (digits alone)",
			say_str(n_text));
		return 0;
	}
	/* Addresses are in the same memory: those without an id, too. */
	if (i->rows % BATCH == 0 && (status = flush_log(s)))
		return status;
	if (!read_domain(s, c, &a))
		return 0;
	i->taken++;
	bucket = bucket_of(s, c, a.domain, at, is_day(at_text));
	status = a.key.n && n ? take_mailed(s, a.key, at) : 0;
	return status ? status : count_row(s, c, &a, &bucket, n);
}

static int write_sums(struct sent *s)
{
	struct import *i = s->i;

	for (size_t k = 0; k < s->sums.n; k += BATCH) {
		size_t n = s->sums.n - k < BATCH ? s->sums.n - k : BATCH;

		if (ledger_sent_put(i->in.ledger, s->sums.v + k, n))
			return env_db_failed(i->in.env->db);
	}
	if (s->first <= s->last &&
		ledger_sent_total(i->in.ledger, s->first, s->last))
		return env_db_failed(i->in.env->db);
	return 0;
}

/* 1: the head is good; 0: it is not, or there is none; -1. */
static int read_head(struct sent *s, struct csv *c)
{
	int got = import_row(s->i, c);

	for (int k = 0; k < COLUMNS; k++)
		s->at[k] = -1;
	for (size_t k = 0; got > 0 && k < sizeof(heads) / sizeof(*heads); k++)
		if (s->at[heads[k].column] < 0)
			s->at[heads[k].column] = csv_column(c, heads[k].name);
	if (got <= 0 ||
		(s->at[COLUMN_AT] >= 0 &&
			(s->at[COLUMN_N] >= 0 || s->at[COLUMN_RECIPIENT] >= 0)))
		return got;
	import_mistake(s->i, c->line,
		"the head must name the column at, and n (a count) or "
		"recipient (a send log)");
	return 0;
}

static struct sent *begin(struct import *i)
{
	struct sent *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->i = i;
	s->context = house_context(i->in.house, i->in.env->now);
	s->first = INT64_MAX;
	s->last = INT64_MIN;
	sums_init(&s->sums);
	sums_init(&s->news);
	return s;
}

static int run(struct import *i)
{
	struct sent *s = i->kept ? i->kept : (i->kept = begin(i));
	int got, status = 0;
	struct csv c;

	if (!s)
		return out_of_memory();
	csv_init(&c, i->file, 0);
	got = read_head(s, &c);
	while (got > 0 && !status && (got = import_row(i, &c)) > 0)
		status = take(s, &c);
	if (!status)
		status = flush_log(s);
	if (!status)
		status = flush_mailed(s);
	csv_release(&c);
	return got < 0 ? EX_NOINPUT : status;
}

static int finish(struct import *i, int status)
{
	struct sent *s = i->kept;

	if (!s)
		return status;
	if (!status && !i->dry_run)
		status = write_sums(s);
	arena_release(&s->sums.arena);
	arena_release(&s->news.arena);
	free(s->mailed);
	free(s);
	i->kept = NULL;
	return status;
}

const struct import_format import_sent = {
	.name = "sent",
	.help = "how much was sent, or which mail to whom",
	.what = "rows",
	.run = run,
	.finish = finish,
};
