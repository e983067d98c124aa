/*
 * How much was sent: the denominator of a bounce rate, which no mailbox knows.
 * Either counts (a day or an hour, and a number), or a send log (a Message-ID
 * and whom it went to), which also proves that a bounce answers our own mail.
 *
 * Counts of one bucket and time are summed within a file, and then replace what
 * was known, so that the same file twice changes nothing.
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

struct sent {
	struct import *i;
	struct verdict_context context; /* knows providers by domain */
	int at[COLUMNS];
	/* Counts so far, by bucket and time. */
	struct arena arena;
	struct ledger_sent *sum;
	size_t sums, sums_cap;
	struct index by_bucket;
	/* Rows of a send log on their way. */
	struct ledger_sendlog log[BATCH];
	size_t logs;
	struct ledger_mailed *mailed;
	size_t mailed_n, mailed_cap;
};

/* --- sums ----------------------------------------------------------------- */

static int out_of_memory(void)
{
	say("out of memory: import the file in parts");
	return EX_OSERR;
}

static int add(struct sent *s, enum incident_kind kind, struct str name,
	int64_t at, bool whole_day, int64_t n)
{
	char key[320];
	size_t k;
	struct ledger_sent *v;
	int len = snprintf(key, sizeof(key), "%d %" PRId64 " %d %.*s", kind,
		at / (whole_day ? 86400 : 3600), whole_day,
		(int)(name.n < 255 ? name.n : 255), name.p ? name.p : "");

	if (index_get(&s->by_bucket, str_of(key, (size_t)len), &k)) {
		s->sum[k].n += n;
		return 0;
	}
	v = arena_grow(
		&s->arena, s->sum, &s->sums_cap, s->sums + 1, sizeof(*v));
	if (!v)
		return out_of_memory();
	s->sum = v;
	v[s->sums] = (struct ledger_sent){
		kind, arena_dup(&s->arena, name), at, whole_day, n};
	index_put(&s->by_bucket, arena_dup(&s->arena, str_of(key, (size_t)len)),
		s->sums++);
	return s->arena.full ? out_of_memory() : 0;
}

/* Who takes the mail of a domain, as far as the rules know by its name. */
static struct str provider_of(const struct sent *s, struct str domain)
{
	const struct rule_facts f = {.domain = domain};

	return domain.n ? rules_provider(&s->context, &f) : STR_NULL;
}

/* A row counts in each of its buckets, and among all. */
static int add_row(struct sent *s, const struct csv *c, struct str domain,
	int64_t at, bool whole_day, int64_t n)
{
	struct str provider = csv_field(c, s->at[COLUMN_PROVIDER]);
	struct str stream = csv_field(c, s->at[COLUMN_STREAM]);
	int status = add(s, INCIDENT_ALL, str_of("", 0), at, whole_day, n);

	if (!provider.n)
		provider = provider_of(s, domain);
	if (!stream.n)
		stream = str_from(s->i->stream);
	if (!status && provider.n)
		status = add(s, INCIDENT_PROVIDER, provider, at, whole_day, n);
	if (!status && domain.n)
		status = add(s, INCIDENT_DOMAIN, domain, at, whole_day, n);
	if (!status && stream.n)
		status = add(s, INCIDENT_STREAM, stream, at, whole_day, n);
	return status;
}

/* --- rows ----------------------------------------------------------------- */

static int flush_log(struct sent *s)
{
	size_t news = 0;

	if (s->logs && !s->i->dry_run &&
		ledger_sendlog_put(s->i->in.ledger, s->log, s->logs, &news))
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

/* A mail to one address. */
static int take_mail(struct sent *s, const struct csv *c,
	const struct address *a, int64_t at)
{
	struct arena *arena = &s->i->in.env->arena;

	s->log[s->logs++] = (struct ledger_sendlog){
		arena_dup(arena, csv_field(c, s->at[COLUMN_MESSAGE_ID])),
		a->key, at};
	return s->logs == BATCH ? flush_log(s) : 0;
}

/* The domain of the row, and the address where it has one. False: told. */
static bool read_domain(struct sent *s, const struct csv *c, struct address *a)
{
	struct str recipient = csv_field(c, s->at[COLUMN_RECIPIENT]);

	*a = (struct address){
		.domain = str_trim(csv_field(c, s->at[COLUMN_DOMAIN]))};
	return !recipient.n || !import_address(s->i, recipient, c->line, a);
}

static int take(struct sent *s, const struct csv *c)
{
	struct str at_text = csv_field(c, s->at[COLUMN_AT]);
	struct str n_text = str_trim(csv_field(c, s->at[COLUMN_N]));
	struct import *i = s->i;
	struct address a;
	long n = n_text.p ? str_number(n_text, 1000000000) : 1;
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
		import_mistake(i, c->line, "'%s' is no count", say_str(n_text));
		return 0;
	}
	/* Addresses are in the same memory: those without an id, too. */
	if (i->rows % BATCH == 0 && (status = flush_log(s)))
		return status;
	if (!read_domain(s, c, &a))
		return 0;
	i->taken++;
	status = add_row(s, c, a.domain, at, is_day(at_text), n);
	if (!status && a.key.n && n)
		status = take_mailed(s, a.key, at);
	if (!status && a.key.n && csv_field(c, s->at[COLUMN_MESSAGE_ID]).n)
		status = take_mail(s, c, &a, at);
	return status;
}

static int write_sums(struct sent *s)
{
	struct import *i = s->i;

	for (size_t k = 0; !i->dry_run && k < s->sums; k += BATCH) {
		size_t n = s->sums - k < BATCH ? s->sums - k : BATCH;

		if (ledger_sent_put(i->in.ledger, s->sum + k, n, false))
			return env_db_failed(i->in.env->db);
	}
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

static int run(struct import *i)
{
	struct sent *s = calloc(1, sizeof(*s));
	int got, status = 0;
	struct csv c;

	if (!s)
		return out_of_memory();
	s->i = i;
	s->context = house_context(i->in.house, i->in.env->now);
	arena_init(&s->arena, SUMS_MEMORY);
	s->by_bucket.arena = &s->arena;
	csv_init(&c, i->file, 0);
	got = read_head(s, &c);
	while (got > 0 && !status && (got = import_row(i, &c)) > 0)
		status = take(s, &c);
	if (!status)
		status = flush_log(s);
	if (!status)
		status = flush_mailed(s);
	if (!status)
		status = write_sums(s);
	csv_release(&c);
	arena_release(&s->arena);
	free(s->mailed);
	free(s);
	return got < 0 ? EX_NOINPUT : status;
}

const struct import_format import_sent = {
	.name = "sent",
	.help = "how much was sent, or which mail to whom",
	.what = "rows",
	.run = run,
};
