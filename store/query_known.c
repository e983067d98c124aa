#include "query_known.h"

#include "sql.h"

#define DAY    86400
#define HOUR   3600
#define PEOPLE 1000 /* of a domain */
#define LOGGED 5000 /* addresses that tell since when there are logs */

int query_known(struct db *db, struct query_known *out)
{
	struct sql q = sql_get(db, SQL_MAILED_SINCE);
	int64_t any = 0;

	*out = (struct query_known){0};
	sql_int(&q, LOGGED);
	if (sql_one(&q, &out->mailed_since) < 0)
		return -1;
	q = sql_get(db, SQL_ENGAGED_ANY);
	if (sql_one(&q, &any) < 0)
		return -1;
	out->opens = any != 0;
	return 0;
}

int query_known_domain(struct db *db, struct str domain, enum origin required,
	int64_t from, int64_t to, struct query_known_domain *out)
{
	struct sql q = sql_get(db, SQL_DOMAIN_WEEK);
	int rc;

	*out = (struct query_known_domain){0};
	sql_int(&q, from / DAY << 32);
	sql_int(&q, to / DAY << 32);
	sql_int(&q, required);
	sql_text(&q, domain);
	sql_int(&q, PEOPLE);
	rc = sql_row(&q);
	if (rc == 1) {
		out->known = sql_col(&q, 0);
		out->bounced = sql_col(&q, 1);
		out->lived = sql_col(&q, 2);
	}
	sql_end(&q);
	if (rc < 0)
		return -1;
	q = sql_get(db, SQL_SENT_TO_DOMAIN);
	sql_text(&q, domain);
	sql_int(&q, from / HOUR);
	sql_int(&q, to / HOUR);
	return sql_one(&q, &out->sent) < 0 ? -1 : 0;
}
