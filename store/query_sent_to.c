/*
 * Among whose mails a mail was told: of the providers of `sent_told`, by its
 * day, domain and stream. Each look is a search by the whole key, for a day may
 * have told of hundreds of streams by the hour.
 */
#include "ledger_sent.h"
#include "query_private.h"
#include "query_report.h"

#define LATE 5 /* days in which a mail bounces (RFC 5321 4.5.4.1) */

struct looking {
	struct db *db;
	const struct query_sent_to *ask;
	int64_t day;
	struct rows *rows;
	struct str found; /* in rows, or of ask */
};

/* 1: something was told of these names; 0, -1. */
static int ask_stream(const struct looking *k, struct str domain,
	struct str provider, const struct str *stream)
{
	struct sql s = sql_get(
		k->db, stream ? SQL_SENT_TOLD_STREAM : SQL_SENT_TOLD_ANY);
	int rc;

	sql_int(&s, k->day);
	sql_text(&s, domain);
	sql_text(&s, provider);
	if (stream)
		sql_text(&s, *stream);
	rc = sql_row(&s);
	sql_end(&s);
	return rc;
}

/* Of its stream or of all; a bounce without a stream may be of any. */
static int is_told(
	const struct looking *k, struct str domain, struct str provider)
{
	const struct str all = str_of("", 0);
	int rc;

	if (!k->ask->stream.n)
		return ask_stream(k, domain, provider, NULL);
	rc = ask_stream(k, domain, provider, &all);
	return rc ? rc : ask_stream(k, domain, provider, &k->ask->stream);
}

static int found(struct looking *k, struct str provider)
{
	k->found = provider.n ? provider : str_of("", 0);
	return 1;
}

/* The next provider of which mails to the domain were told; first: the first of
 * them. */
static int next(struct looking *k, struct str *provider, bool first)
{
	struct sql s = sql_get(
		k->db, first ? SQL_SENT_TOLD_FIRST : SQL_SENT_TOLD_NEXT);
	int rc;

	sql_int(&s, k->day);
	sql_text(&s, k->ask->domain);
	if (!first)
		sql_text(&s, *provider);
	rc = sql_row(&s);
	if (rc == 1 && sql_col_is_null(&s, 0))
		rc = 0;
	if (rc == 1) {
		*provider = rows_text(k->rows, sql_col_text(&s, 0));
		if (!provider->p)
			*provider = str_of("", 0);
		if (rows_check(k->rows, k->db))
			rc = -1;
	}
	sql_end(&s);
	return rc;
}

/*
 * By its domain: who answered, if he is among those of which was told, or what
 * version 5 told, or any other, in *other (absent: nobody).
 */
static int by_domain(struct looking *k, struct str *other)
{
	struct str provider = str_of("", 0);
	bool first = true;
	int rc;

	*other = STR_NULL;
	while ((rc = next(k, &provider, first)) == 1) {
		first = false;
		rc = is_told(k, k->ask->domain, provider);
		if (rc < 0)
			return -1;
		if (!rc)
			continue;
		if (str_eq(provider, k->ask->provider) ||
			str_eq(provider, str_from(QUERY_TOLD_BEFORE_6)))
			return found(k, provider);
		if (!other->p)
			*other = provider;
	}
	return rc;
}

/* Without a domain, of all that he takes who answered. */
static int by_provider(struct looking *k)
{
	int rc;

	if (!k->ask->provider.n)
		return 0;
	rc = is_told(k, str_of("", 0), k->ask->provider);
	if (!rc)
		rc = is_told(k, str_from(LEDGER_SENT_REST), k->ask->provider);
	return rc == 1 ? found(k, k->ask->provider) : rc;
}

static int on_day(struct looking *k)
{
	struct str other = STR_NULL;
	int rc = k->ask->domain.n ? by_domain(k, &other) : 0;

	if (!rc)
		rc = by_provider(k);
	if (rc || !other.p)
		return rc;
	return found(k, str_eq(other, str_from(LEDGER_SENT_REST))
				? str_of("", 0)
				: other);
}

int query_sent_to(struct db *db, const struct query_sent_to *ask,
	struct rows *rows, struct str *out)
{
	int64_t first = ask->is_dated ? ask->day : ask->day - LATE;
	struct looking k = {.db = db, .ask = ask, .rows = rows};
	int rc = 0;

	for (k.day = ask->day; !rc && k.day >= first; k.day--)
		rc = on_day(&k);
	*out = rc == 1 ? k.found : STR_NULL;
	return rc < 0 ? -1 : 0;
}
