/*
 * How much was sent: the denominator of a bounce rate, which no mailbox knows.
 * Either counts (a day or an hour, and a number), or a send log (a Message-ID
 * and whom it went to), which also proves that a bounce answers our own mail.
 *
 * Counts of the same names and time are summed over the files of one command,
 * and then replace what was told of them, so that the same files twice change
 * nothing. Of a send log each mail counts once, in however many parts and
 * however often it comes; where mails are forgotten already, a log never makes
 * less of what was known. How parts go together: ledger_sent.h.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "import.h"
#include "import/sent_sums.h"
#include "ledger_import.h"
#include "rules.h"
#include "say.h"

#define BATCH  1000u
#define MAILED 500000u /* addresses mailed: the more, the fewer pages */

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
	size_t columns;               /* of the head */
	enum ledger_sent_how log_how; /* of the mails of this log */
	struct sent_sums sums;        /* of all rows but those of log */
	struct ledger_sendlog log[BATCH];
	size_t logs;
	struct ledger_mailed *mailed;
	size_t mailed_n, mailed_cap;
	uint64_t too_old;     /* rows of which nothing is kept */
	uint64_t strangers;   /* rows of a provider that is not known */
	bool names_providers; /* this file, in some row */
};

static int out_of_memory(void)
{
	say("out of memory: import the file in parts");
	return EX_OSERR;
}

/* --- names ---------------------------------------------------------------- */

static bool is_provider_of(const struct rules *r, struct str *name)
{
	for (size_t i = 0; r && i < r->providers_n; i++)
		if (str_ieq(r->providers[i].name, *name)) {
			*name = r->providers[i].name;
			return true;
		}
	return false;
}

/* Who takes the mail of a domain, as far as the rules know by its name. */
static struct str provider_of(const struct sent *s, struct str domain)
{
	const struct rule_facts f = {.domain = domain};

	return domain.n ? rules_provider(&s->context, &f) : STR_NULL;
}

/* A provider by its name or by a domain of it. What is neither stays as it is
 * and is told: no bounce is ever counted under that name. */
static struct str provider_named(struct sent *s, struct str name, uint64_t line)
{
	struct str of_domain;

	if (is_provider_of(s->context.user_rules, &name) ||
		is_provider_of(s->context.rules, &name))
		return name;
	of_domain = provider_of(s, name);
	if (of_domain.n)
		return of_domain;
	if (!s->strangers++)
		say("%s:%" PRIu64 ": '%s' is no provider that is known here "
		    "(google, microsoft, yahoo, ...): its mails count, but "
		    "bounces have no such name",
			say_z(s->i->name), line, say_str(name));
	return name;
}

/* Where the others of a file have a name. */
static struct str rest(const struct sent *s, enum column column)
{
	return s->at[column] < 0 ? STR_NULL : str_from(LEDGER_SENT_REST);
}

/*
 * Of a row without one. In a log that names them the others are nobody's, but
 * an empty column says nothing. Numbers by domain are told under one name, in
 * whatever file they come.
 */
static struct str provider_unnamed(const struct sent *s, struct str domain)
{
	struct str provider = provider_of(s, domain);

	if (provider.n ||
		(domain.n && (s->at[COLUMN_N] >= 0 || !s->names_providers)))
		return provider;
	return rest(s, COLUMN_PROVIDER);
}

/* Whom the row is about. */
static void read_names(struct sent *s, const struct csv *c, struct str domain,
	struct ledger_sent *row)
{
	struct str provider = str_trim(csv_field(c, s->at[COLUMN_PROVIDER]));
	struct str stream = str_trim(csv_field(c, s->at[COLUMN_STREAM]));

	row->domain = domain;
	row->provider = provider.n ? provider_named(s, provider, c->line)
				   : provider_unnamed(s, domain);
	if (!stream.n && s->i->stream)
		stream = str_from(s->i->stream);
	row->stream = stream.n ? stream : rest(s, COLUMN_STREAM);
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
static int take_mail(struct sent *s, struct str message_id,
	const struct address *a, struct ledger_sent row)
{
	struct arena *arena = &s->i->in.env->arena;

	row.how = message_id.n ? LEDGER_SENT_LOG : s->log_how;
	row.provider = arena_dup(arena, row.provider);
	row.stream = arena_dup(arena, row.stream);
	s->log[s->logs++] = (struct ledger_sendlog){
		.sent = row,
		.message_id = arena_dup(arena, message_id),
		.address_key = a->key,
	};
	return s->logs == BATCH ? flush_log(s) : 0;
}

static int64_t days_ago(const struct sent *s, int days)
{
	return s->i->in.env->now - (int64_t)days * 86400;
}

/* Whether it is told, and for as long as it matters remembered, which mail it
 * was. By a day alone several mails to an address would be one. */
static bool is_known_by_itself(
	const struct sent *s, const struct ledger_sent *row, bool has_id)
{
	/* All of a day in one way. */
	return (has_id || !row->whole_day) &&
	       row->at / 86400 >= days_ago(s, LEDGER_SENDLOG_DAYS - 2) / 86400;
}

static int count_row(struct sent *s, const struct csv *c,
	const struct address *a, struct ledger_sent *row)
{
	struct str id = str_trim(csv_field(c, s->at[COLUMN_MESSAGE_ID]));
	bool is_mail = a->key.n && s->at[COLUMN_N] < 0;

	if (row->at < days_ago(s, LEDGER_SENT_DAYS)) {
		s->too_old++;
		return 0;
	}
	if (is_mail && is_known_by_itself(s, row, id.n > 0))
		return take_mail(s, id, a, *row);
	row->how = is_mail ? LEDGER_SENT_OLD : LEDGER_SENT_NUMBER;
	return sent_sums_add(&s->sums, row) ? out_of_memory() : 0;
}

/* The domain of the row, and the address where it has one. False: told. */
static bool read_domain(struct sent *s, const struct csv *c, struct address *a)
{
	struct str recipient = csv_field(c, s->at[COLUMN_RECIPIENT]);
	struct str domain = str_trim(csv_field(c, s->at[COLUMN_DOMAIN]));

	*a = (struct address){.domain = rest(s, COLUMN_DOMAIN)};
	if (recipient.n)
		return !import_address(s->i, recipient, c->line, a);
	if (!domain.n || !env_domain_parse(s->i->in.env, domain, &a->domain))
		return true;
	import_mistake(s->i, c->line,
		"'%s' is no domain such as example.com (of all others: leave "
		"it empty)",
		say_str(domain));
	return false;
}

/* Digits alone: "1,000" and "1.5" are no counts. -1: it is none. */
static long count_of(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!ascii_is_digit((unsigned char)text.p[i]))
			return -1;
	return str_number(text, 1000000000);
}

/* "2026-11-23,1,000" is no count of one: it has a field too many. */
static bool has_too_many(const struct sent *s, const struct csv *c)
{
	for (size_t i = s->columns; i < c->n; i++)
		if (str_trim(c->field[i]).n)
			return true;
	return false;
}

/* When it was, and how many. False: they are none, which was told. */
static bool read_numbers(
	struct sent *s, const struct csv *c, struct ledger_sent *row)
{
	struct str at = csv_field(c, s->at[COLUMN_AT]);
	struct str n = str_trim(csv_field(c, s->at[COLUMN_N]));

	if (has_too_many(s, c)) {
		import_mistake(
			s->i, c->line, "the row has more fields than the head");
		return false;
	}
	if (!import_time(at, &row->at)) {
		import_mistake(s->i, c->line,
			"'%s' is no time (2026-11-23, 2026-11-23T08:00:00Z)",
			say_str(at));
		return false;
	}
	if (row->at > days_ago(s, -1)) {
		import_mistake(
			s->i, c->line, "'%s' has yet to come", say_str(at));
		return false;
	}
	row->whole_day = is_day(at);
	row->n = s->at[COLUMN_N] < 0 ? 1 : count_of(n);
	if (row->n < 0)
		import_mistake(s->i, c->line, "'%s' is no count (digits alone)",
			say_str(n));
	return row->n >= 0;
}

static int take(struct sent *s, const struct csv *c)
{
	struct ledger_sent row = {0};
	struct import *i = s->i;
	struct address a;
	int status;

	i->rows++;
	/* Addresses are in the same memory: those without an id, too. */
	if (i->rows % BATCH == 0 && (status = flush_log(s)))
		return status;
	if (!read_numbers(s, c, &row) || !read_domain(s, c, &a))
		return 0;
	if (!a.key.n && row.at < days_ago(s, LEDGER_SENT_DAYS))
		i->passed++;
	else
		i->taken++;
	read_names(s, c, a.domain, &row);
	status = a.key.n && row.n ? take_mailed(s, a.key, row.at) : 0;
	return status ? status : count_row(s, c, &a, &row);
}

static int write_sums(struct sent *s)
{
	struct import *i = s->i;

	for (size_t k = 0; k < s->sums.n; k += BATCH) {
		size_t n = s->sums.n - k < BATCH ? s->sums.n - k : BATCH;

		if (ledger_tell(i->in.ledger, s->sums.v + k, n))
			return env_db_failed(i->in.env->db);
	}
	return 0;
}

static bool has(const struct csv *c, int column)
{
	return column >= 0 && str_trim(csv_field(c, column)).n;
}

/*
 * What the rows of a log are depends on all of them: whether a mail without a
 * Message-ID is one beside those that have one (else it may be one that another
 * log told with it), and whether one without a provider is nobody's.
 */
static void look_through(struct sent *s)
{
	bool has_id = false, asks_id = s->at[COLUMN_MESSAGE_ID] >= 0;
	bool asks_provider = s->at[COLUMN_PROVIDER] >= 0;
	enum csv_result got;
	struct csv c;

	s->names_providers = false;
	rewind(s->i->file);
	csv_init(&c, s->i->file, 0);
	got = csv_next(&c);
	while (((asks_id && !has_id) ||
		       (asks_provider && !s->names_providers)) &&
		got != CSV_END && got != CSV_OPEN && got != CSV_ERROR) {
		got = csv_next(&c);
		if (got != CSV_ROW)
			continue;
		has_id = has_id || has(&c, s->at[COLUMN_MESSAGE_ID]);
		s->names_providers =
			s->names_providers || has(&c, s->at[COLUMN_PROVIDER]);
	}
	csv_release(&c);
	s->log_how = has_id ? LEDGER_SENT_LOG : LEDGER_SENT_BARE;
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
	s->columns = c->n;
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
	sent_sums_init(&s->sums);
	return s;
}

/* The file from its head on. -1: it could not be read; else as read_head(). */
static int open_file(struct sent *s, struct csv *c)
{
	int got;

	csv_init(c, s->i->file, 0);
	got = read_head(s, c);
	if (got <= 0)
		return got;
	look_through(s);
	csv_release(c);
	rewind(s->i->file);
	csv_init(c, s->i->file, 0);
	return import_row(s->i, c);
}

static int run(struct import *i)
{
	struct sent *s = i->kept ? i->kept : (i->kept = begin(i));
	int got, status = 0;
	struct csv c;

	if (!s)
		return out_of_memory();
	got = open_file(s, &c);
	while (got > 0 && !status && (got = import_row(i, &c)) > 0)
		status = take(s, &c);
	if (!status)
		status = flush_log(s);
	if (!status)
		status = flush_mailed(s);
	csv_release(&c);
	return got < 0 ? EX_NOINPUT : status;
}

static void tell_oddities(const struct sent *s)
{
	if (s->too_old)
		say_hint("%" PRIu64 " row%s older than %d days: how many were "
			 "sent then is not kept",
			s->too_old, s->too_old == 1 ? " is" : "s are",
			LEDGER_SENT_DAYS);
	if (s->strangers > 1)
		say_hint("%" PRIu64 " rows name a provider that is not known",
			s->strangers);
}

/* What was told by a log stays, whatever became of the rest: it counts. */
static int finish(struct import *i, int status)
{
	struct sent *s = i->kept;

	if (!s)
		return status;
	if (!status && !i->dry_run)
		status = write_sums(s);
	if (!i->dry_run && ledger_settle(i->in.ledger) && !status)
		status = env_db_failed(i->in.env->db);
	tell_oddities(s);
	sent_sums_release(&s->sums);
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
