#include "query_sampled.h"

#include <gnutls/crypto.h>

#include "sql.h"

#define LATEST 20 /* events of an address that are looked at */

static bool shows_life(enum verdict_class c)
{
	return c == CLASS_REPLY || c == CLASS_SUCCESS || c == CLASS_SOFT ||
	       c == CLASS_BLOCK || c == CLASS_COMPLAINT;
}

static int read_history(struct db *db, const struct query_sampled_ids *ids,
	struct query_sampled *out)
{
	struct sql q = sql_get(db, SQL_SAMPLE_HISTORY);
	int rc;

	sql_int(&q, ids->address);
	sql_int(&q, ids->required);
	sql_int(&q, LATEST);
	while ((rc = sql_row(&q)) == 1) { /* the latest first */
		enum verdict_class c = (enum verdict_class)sql_col(&q, 1);
		int64_t at = sql_col(&q, 0);

		if (at > out->at && (c == CLASS_REPLY || c == CLASS_SUCCESS))
			out->lives = true;
		if (at >= ids->from)
			continue;
		out->known_since = at;
		if (shows_life(c) && !out->lived_at)
			out->lived_at = at;
		if (c == CLASS_HARD && !out->hard_at)
			out->hard_at = at;
	}
	sql_end(&q);
	return rc;
}

static int read_mailed(
	struct db *db, const char *key, size_t n, struct query_sampled *out)
{
	unsigned char whole[32];
	struct sql q;
	int rc;

	if (gnutls_hash_fast(GNUTLS_DIG_SHA256, key, n, whole) < 0)
		return 0;
	q = sql_get(db, SQL_MAILED_FIND);
	sql_bytes(&q, str_of((const char *)whole, 8));
	rc = sql_row(&q);
	if (rc == 1) {
		out->mailed_first = sql_col(&q, 0);
		out->mailed_previous = sql_col(&q, 1);
		out->mailed_last = sql_col(&q, 2);
	}
	sql_end(&q);
	return rc < 0 ? -1 : 0;
}

static int read_label(
	struct db *db, struct rows *rows, int64_t id, struct str *out)
{
	struct sql q = sql_get(db, SQL_LABEL_TEXT);
	int rc;

	sql_int(&q, id);
	rc = sql_row(&q);
	if (rc == 1)
		*out = rows_text(rows, sql_col_text(&q, 0));
	sql_end(&q);
	return rc < 0 ? -1 : 0;
}

static int read_address(
	struct db *db, struct rows *rows, int64_t id, struct query_sampled *out)
{
	struct sql q = sql_get(db, SQL_SAMPLE_ADDRESS);
	int rc;

	sql_int(&q, id);
	rc = sql_row(&q);
	if (rc == 1) {
		out->address = rows_text(rows, sql_col_text(&q, 0));
		out->domain = rows_text(rows, sql_col_text(&q, 1));
		out->opened_at = sql_col(&q, 2);
	}
	sql_end(&q);
	return rc < 0 ? -1 : 0;
}

int query_sampled_read(struct db *db, struct rows *rows,
	const struct query_sampled_ids *ids, struct query_sampled *out)
{
	rows_reset(rows);
	if (read_address(db, rows, ids->address, out) ||
		read_label(db, rows, ids->provider, &out->provider) ||
		read_label(db, rows, ids->stream, &out->stream) ||
		read_history(db, ids, out) ||
		read_mailed(db, out->address.p, out->address.n, out))
		return -1;
	return rows_check(rows, db);
}
