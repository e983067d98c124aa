/*
 * Rows from other programs. A send log can be as long as all that was ever
 * sent, so that a row of it is 12 bytes of a digest and a time.
 */
#include "ledger_import.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <gnutls/crypto.h>

#include "ledger_private.h"

#define ID_MAX 1024 /* bytes of a Message-ID that count */
#define SLICES 256  /* of a table of digests; one is looked at a minute */

/* One row; -1. *news is raised. */
typedef int put_fn(struct ledger *l, const void *row, size_t *news);

static int put_all(struct ledger *l, const void *v, size_t n, size_t size,
	put_fn *put, size_t *news)
{
	size_t count = 0;
	int rc = 0;

	*news = 0;
	if (ledger_begin(l))
		return -1;
	for (size_t i = 0; !rc && i < n; i++)
		rc = put(l, (const char *)v + i * size, &count);
	if (ledger_finish(l, rc))
		return -1;
	*news = count;
	return 0;
}

/* --- engaged -------------------------------------------------------------- */

static int put_engaged(struct ledger *l, const void *row, size_t *news)
{
	const struct ledger_engaged *e = row;
	struct sql s;
	struct ledger_who who;

	if (!e->address_key.n || e->address_key.n > LEDGER_ADDRESS)
		return 0;
	if (ledger_address(l, e->address_key, e->seen, &who))
		return -1;
	s = sql_get(l->db, SQL_ENGAGED_PUT);
	sql_int(&s, who.id);
	sql_int(&s, e->at);
	if (sql_run(&s))
		return -1;
	*news += sql_changed(l->db) > 0;
	return 0;
}

int ledger_engaged_put(struct ledger *l, const struct ledger_engaged *v,
	size_t n, size_t *news)
{
	return put_all(l, v, n, sizeof(*v), put_engaged, news);
}

/* --- the send log --------------------------------------------------------- */

static struct str bare_id(struct str id)
{
	id = str_trim(id);
	if (id.n && id.p[0] == '<')
		id = str_sub(id, 1, id.n);
	return str_trim(str_sub(id, 0, str_chr(id, '>')));
}

static bool digest(const char *text, size_t n, unsigned char key[32])
{
	return gnutls_hash_fast(GNUTLS_DIG_SHA256, text, n, key) == 0;
}

/* The key of schema.sql. False: there is none. */
static bool sendlog_key(
	struct str message_id, struct str address_key, unsigned char key[32])
{
	char text[ID_MAX + 1 + LEDGER_ADDRESS];

	message_id = str_sub(bare_id(message_id), 0, ID_MAX);
	if (!message_id.n || !address_key.n || address_key.n > LEDGER_ADDRESS)
		return false;
	memcpy(text, message_id.p, message_id.n);
	text[message_id.n] = '\0';
	memcpy(text + message_id.n + 1, address_key.p, address_key.n);
	return digest(text, message_id.n + 1 + address_key.n, key);
}

/* Without a Message-ID: a mail of a stream to one address in one second. No
 * Message-ID makes such a key, for none begins with a NUL. */
static bool bare_key(const struct ledger_sendlog *e, unsigned char key[32])
{
	char text[64 + LEDGER_ADDRESS + 256];
	int n = snprintf(text, sizeof(text), "%c%d %" PRId64 " %.*s %.*s", '\0',
		e->sent.how, e->sent.at, (int)e->address_key.n,
		e->address_key.p ? e->address_key.p : "", (int)e->sent.stream.n,
		e->sent.stream.n ? e->sent.stream.p : "");

	if (n < 0 || !e->address_key.n || e->address_key.n > LEDGER_ADDRESS)
		return false;
	return digest(text,
		(size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1, key);
}

static struct str key_bytes(const unsigned char key[32])
{
	return str_of((const char *)key, 12);
}

static int put_mail(struct ledger *l, const void *row, size_t *news)
{
	const struct ledger_sendlog *e = row;
	unsigned char key[32];
	struct sql s;

	if (!sendlog_key(e->message_id, e->address_key, key) &&
		!bare_key(e, key))
		return 0;
	s = sql_get(l->db, SQL_SENDLOG_PUT);
	sql_bytes(&s, key_bytes(key));
	sql_int(&s, e->sent.at);
	if (sql_run(&s))
		return -1;
	if (sql_changed(l->db) == 0)
		return 0;
	++*news;
	return ledger_tell_one(l, &e->sent);
}

int ledger_sendlog_put(struct ledger *l, const struct ledger_sendlog *v,
	size_t n, size_t *news)
{
	return put_all(l, v, n, sizeof(*v), put_mail, news);
}

int ledger_sendlog_has(struct ledger *l, struct str message_id,
	struct str address_key, bool *has)
{
	int rc = ledger_has_rows(l, SQL_SENDLOG_ANY, &l->sendlog);
	unsigned char key[32];
	struct sql s;
	int64_t at;

	*has = false;
	if (rc <= 0 || !sendlog_key(message_id, address_key, key))
		return rc < 0 ? -1 : 0;
	s = sql_get(l->db, SQL_SENDLOG_FIND);
	sql_bytes(&s, key_bytes(key));
	rc = sql_one(&s, &at);
	*has = rc == 1;
	return rc < 0 ? -1 : 0;
}

int ledger_drop_slice(struct ledger *l, enum sql_id any, enum sql_id drop,
	int64_t now, int64_t before)
{
	unsigned char first = (unsigned char)(now / 60 % SLICES), last[13];
	struct sql s = sql_get(l->db, any);
	int64_t is = 0;

	if (sql_one(&s, &is) < 0)
		return -1;
	if (!is)
		return 0;
	if (ledger_begin(l))
		return -1;
	s = sql_get(l->db, drop);
	memset(last, 0xff, sizeof(last));
	last[0] = first;
	sql_bytes(&s, str_of((const char *)&first, 1));
	sql_bytes(&s, str_of((const char *)last, sizeof(last)));
	sql_int(&s, before);
	return ledger_finish(l, sql_run(&s));
}

int ledger_sendlog_tick(struct ledger *l, int64_t now)
{
	return ledger_drop_slice(l, SQL_SENDLOG_ANY, SQL_SENDLOG_DROP, now,
		now - (int64_t)LEDGER_SENDLOG_DAYS * LEDGER_DAY);
}
