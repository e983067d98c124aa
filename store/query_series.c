/*
 * Domains are not counted day by day, so their weeks are counted from the
 * events; and an event has its domain in the table of addresses only, which may
 * be a hundred times as large as what the weeks hold. So half a million events
 * at a time are put in order of their address first: each page of the table is
 * then read once, and not once for each event.
 *
 * A count is one number: id of the name, week, and how many, from the top; so
 * to sort the numbers sorts the series, and to add two up needs no search.
 */
#include "query_series.h"

#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "query_private.h"

#define DAY        86400
#define PIECE      20000 /* events in one transaction */
#define LOOKUPS    5000  /* addresses in one transaction */
#define CHUNK      ((size_t)500000)
#define LIMIT      ((size_t)1500000)
#define N_BITS     27
#define N_MAX      ((UINT64_C(1) << N_BITS) - 1)
#define DIGIT      11 /* bits */
#define DIGIT_MASK ((1u << DIGIT) - 1)
#define KEY_BITS   5 /* of a week */
#define ID_MAX     ((INT64_C(1) << (64 - N_BITS - KEY_BITS)) - 1)

struct counts {
	uint64_t *v;
	size_t n, cap;
};

struct reading {
	struct db *db;
	const struct query_series_ask *ask;
	size_t limit;
	struct counts counts;
	uint64_t *events; /* address and week: CHUNK of them */
	size_t events_n;
	unsigned char *is_bounce; /* by id of kind, kinds_n of them */
	int64_t kinds_n;
};

static uint64_t key_of(uint64_t v)
{
	return v >> N_BITS;
}

/*
 * Sort by the bits from `from` on, eleven at a time, least first: for a million
 * numbers a third of what qsort() takes. Digits that all have in common are
 * passed over. False: out of memory.
 */
static bool sort(uint64_t *v, size_t n, int from)
{
	uint64_t *spare = malloc((n + 1) * sizeof(*v)), *to = spare, *was = v;

	for (int shift = from; spare && shift < 64; shift += DIGIT) {
		size_t at[1 << DIGIT] = {0}, sum = 0;

		for (size_t i = 0; i < n; i++)
			at[was[i] >> shift & DIGIT_MASK]++;
		if (!n || at[was[0] >> shift & DIGIT_MASK] == n)
			continue;
		for (size_t i = 0; i <= DIGIT_MASK; i++) {
			size_t has = at[i];

			at[i] = sum;
			sum += has;
		}
		for (size_t i = 0; i < n; i++)
			to[at[was[i] >> shift & DIGIT_MASK]++] = was[i];
		was = to;
		to = to == spare ? v : spare;
	}
	if (spare && was != v)
		memcpy(v, was, n * sizeof(*v));
	free(spare);
	return spare != NULL;
}

/* Put in order, and add up what is of one name and week. */
static int counts_settle(struct reading *r)
{
	struct counts *c = &r->counts;
	size_t to = 0;

	if (!sort(c->v, c->n, N_BITS))
		return sql_no_memory(r->db);
	for (size_t i = 0; i < c->n; i++) {
		uint64_t n = c->v[i] & N_MAX;

		if (to && key_of(c->v[to - 1]) == key_of(c->v[i])) {
			uint64_t room = N_MAX - (c->v[to - 1] & N_MAX);

			c->v[to - 1] += n < room ? n : room;
		} else {
			c->v[to++] = c->v[i];
		}
	}
	c->n = to;
	return 0;
}

static int counts_add(struct reading *r, int64_t id, int week, int64_t n)
{
	struct counts *c = &r->counts;

	if (id <= 0 || id > ID_MAX || n <= 0)
		return 0;
	if (c->n == c->cap) {
		size_t cap = c->cap ? 2 * c->cap : 1024;
		uint64_t *v = realloc(c->v, cap * sizeof(*v));

		if (!v)
			return sql_no_memory(r->db);
		c->v = v;
		c->cap = cap;
	}
	c->v[c->n++] = ((uint64_t)id << KEY_BITS | (unsigned)week) << N_BITS |
		       ((uint64_t)n < N_MAX ? (uint64_t)n : N_MAX);
	return 0;
}

/* Forget this week and all older ones. */
static void counts_forget(struct counts *c, int week)
{
	size_t to = 0;

	for (size_t i = 0; i < c->n; i++)
		if ((int)(key_of(c->v[i]) & ((1u << KEY_BITS) - 1)) < week)
			c->v[to++] = c->v[i];
	c->n = to;
}

/* --- from the daily counts --- */

static const enum sql_id daily[] = {
	[QUERY_SERIES_REASON] = SQL_SERIES_REASON,
	[QUERY_SERIES_PROVIDER] = SQL_SERIES_PROVIDER,
	[QUERY_SERIES_STREAM] = SQL_SERIES_STREAM,
};

static int64_t first_day(const struct query_series_ask *a, int week)
{
	return a->to / DAY - (int64_t)(week + 1) * a->days;
}

static int read_daily(struct reading *r, int week)
{
	struct sql s = sql_get(r->db, daily[r->ask->by]);
	int rc;

	sql_int(&s, first_day(r->ask, week));
	sql_int(&s, first_day(r->ask, week - 1));
	sql_int(&s, r->ask->required);
	while ((rc = sql_row(&s)) == 1)
		if (counts_add(r, sql_col(&s, 0), week, sql_col(&s, 1))) {
			rc = -1;
			break;
		}
	sql_end(&s);
	return rc;
}

/* --- from the events --- */

static int load_kinds(struct reading *r)
{
	struct sql s = sql_get(r->db, SQL_KIND_LAST);
	int rc;

	if (sql_one(&s, &r->kinds_n) < 0)
		return -1;
	r->kinds_n++;
	r->is_bounce = calloc((size_t)r->kinds_n, 1);
	if (!r->is_bounce)
		return sql_no_memory(r->db);
	s = sql_get(r->db, SQL_KIND_BOUNCES);
	sql_int(&s, r->ask->required);
	while ((rc = sql_row(&s)) == 1)
		if (sql_col(&s, 0) > 0 && sql_col(&s, 0) < r->kinds_n)
			r->is_bounce[sql_col(&s, 0)] = 1;
	sql_end(&s);
	return rc;
}

static int look_up(struct reading *r, int64_t address, int64_t *domain)
{
	struct sql s = sql_get(r->db, SQL_ADDRESS_PLACE);

	*domain = 0;
	sql_int(&s, address);
	return sql_one(&s, domain) < 0 ? -1 : 0;
}

/* The domains of events [*i, ...), as far as one transaction goes. */
static int map_piece(struct reading *r, size_t *i)
{
	int64_t domain = 0, address = 0;
	int left = LOOKUPS, rc = 0;

	if (db_read_begin(r->db))
		return -1;
	for (; !rc && left && *i < r->events_n; (*i)++) {
		uint64_t e = r->events[*i];

		if ((int64_t)(e >> KEY_BITS) != address) {
			address = (int64_t)(e >> KEY_BITS);
			rc = look_up(r, address, &domain);
			left--;
		}
		if (!rc)
			rc = counts_add(r, domain,
				(int)(e & ((1u << KEY_BITS) - 1)), 1);
	}
	db_read_end(r->db);
	return rc;
}

static int map_events(struct reading *r)
{
	size_t i = 0;

	if (!sort(r->events, r->events_n, 0))
		return sql_no_memory(r->db);
	while (i < r->events_n)
		if (map_piece(r, &i))
			return -1;
	r->events_n = 0;
	return counts_settle(r);
}

/* Events from *id on to end, a piece. 1: there may be more. */
static int read_piece(struct reading *r, int week, int64_t *id, int64_t end)
{
	struct sql s = sql_get(r->db, SQL_SERIES_EVENTS);
	int n = 0, rc;

	sql_int(&s, *id);
	sql_int(&s, end);
	sql_int(&s, PIECE);
	for (; (rc = sql_row(&s)) == 1; n++) {
		int64_t kind = sql_col(&s, 2);
		uint64_t address = (uint64_t)sql_col(&s, 1);

		*id = sql_col(&s, 0) + 1;
		if (address && kind > 0 && kind < r->kinds_n &&
			r->is_bounce[kind])
			r->events[r->events_n++] =
				address << KEY_BITS | (unsigned)week;
	}
	sql_end(&s);
	return rc ? -1 : n == PIECE;
}

static int read_events(struct reading *r, int week)
{
	int64_t id = first_day(r->ask, week) << 32;
	int64_t end = first_day(r->ask, week - 1) << 32;
	int rc;

	do {
		rc = read_piece(r, week, &id, end);
		if (rc >= 0 && r->events_n + PIECE > CHUNK && map_events(r))
			rc = -1;
	} while (rc > 0 && r->counts.n <= r->limit);
	return rc < 0 ? -1 : 0;
}

/* --- both --- */

static int read_week(struct reading *r, int week)
{
	if (r->ask->by != QUERY_SERIES_DOMAIN)
		return read_daily(r, week);
	return read_events(r, week);
}

/* The weeks, the latest first; *weeks: how many there was room for. */
static int read_weeks(struct reading *r, int *weeks)
{
	int w = 0;

	if (r->ask->by == QUERY_SERIES_DOMAIN) {
		r->events = malloc(CHUNK * sizeof(*r->events));
		if (!r->events)
			return sql_no_memory(r->db);
		if (load_kinds(r))
			return -1;
	}
	for (; w < r->ask->weeks && first_day(r->ask, w) >= 0; w++) {
		if (read_week(r, w))
			return -1;
		if (r->counts.n > r->limit)
			break;
	}
	if (r->events_n && map_events(r))
		return -1;
	if (counts_settle(r))
		return -1;
	counts_forget(&r->counts, w);
	/* The last events may have been mapped only now. */
	while (r->counts.n > r->limit && w > 0)
		counts_forget(&r->counts, --w);
	*weeks = w;
	return 0;
}

static int tell(const struct counts *c, query_series_fn *fn, void *arg)
{
	struct query_series s = {0};
	int rc = 0;

	for (size_t i = 0; !rc && i < c->n; i++) {
		int64_t id = (int64_t)(key_of(c->v[i]) >> KEY_BITS);

		if (id != s.id && s.id)
			rc = fn(arg, &s);
		if (id != s.id)
			s = (struct query_series){.id = id};
		s.weeks[key_of(c->v[i]) & ((1u << KEY_BITS) - 1)] =
			(uint32_t)(c->v[i] & N_MAX);
	}
	return !rc && s.id ? fn(arg, &s) : rc;
}

int query_series(struct db *db, const struct query_series_ask *ask, int *weeks,
	query_series_fn *fn, void *arg)
{
	struct reading r = {
		.db = db, .ask = ask, .limit = ask->limit ? ask->limit : LIMIT};
	int rc = read_weeks(&r, weeks);

	free(r.events);
	free(r.is_bounce);
	if (!rc)
		rc = tell(&r.counts, fn, arg);
	free(r.counts.v);
	return rc;
}

int query_series_id(
	struct db *db, enum query_series_by by, struct str name, int64_t *id)
{
	*id = 0;
	if (by == QUERY_SERIES_REASON) {
		for (int r = 1; r < REASON_COUNT && !*id; r++)
			if (str_eq(name, str_from(reason_word(
						 (enum verdict_reason)r))))
				*id = r;
		return *id > 0;
	}
	return query_name_find(db, by == QUERY_SERIES_DOMAIN, name, id);
}

int query_series_name(struct db *db, enum query_series_by by, int64_t id,
	struct arena *a, struct str *name)
{
	struct sql s;
	int rc;

	if (by == QUERY_SERIES_REASON) {
		*name = str_from(id < REASON_COUNT
					 ? reason_word((enum verdict_reason)id)
					 : "");
		return name->n > 0;
	}
	s = sql_get(db,
		by == QUERY_SERIES_DOMAIN ? SQL_DOMAIN_TEXT : SQL_LABEL_TEXT);
	sql_int(&s, id);
	rc = sql_row(&s);
	if (rc == 1)
		*name = arena_dup(a, sql_col_text(&s, 0));
	sql_end(&s);
	return rc;
}

/* --- this week, all four at once --- */

static int list_cells(struct db *db, enum sql_id id, enum origin required,
	int64_t from, int64_t to, struct rows *rows)
{
	struct sql s = sql_get(db, id);
	int rc;

	sql_int(&s, from);
	sql_int(&s, to);
	sql_int(&s, required);
	while ((rc = sql_row(&s)) == 1) {
		struct query_cell *c = rows_add(rows);

		if (!c)
			break;
		c->class = (enum verdict_class)sql_col(&s, 0);
		c->reason = sql_col(&s, 1);
		c->provider = sql_col(&s, 2);
		c->stream = sql_col(&s, 3);
		c->domain = sql_col(&s, 4);
		c->n = sql_col(&s, 5);
	}
	sql_end(&s);
	return rc == 1 ? sql_no_memory(db) : rc;
}

static int tell_cells(const struct rows *rows, query_cell_fn *fn, void *arg)
{
	const struct query_cell *c = rows->items;
	int rc = 0;

	for (size_t i = 0; !rc && i < rows->n; i++)
		rc = fn(arg, &c[i]);
	return rc;
}

/* The last event of a piece that begins at id; 0: there is none. */
static int piece_end(struct db *db, int64_t id, int64_t end, int64_t *last)
{
	struct sql s = sql_get(db, SQL_EVENT_CHUNK);

	*last = 0;
	sql_int(&s, id);
	sql_int(&s, end);
	sql_int(&s, PIECE);
	return sql_one(&s, last) < 0 ? -1 : 0;
}

int query_cells(struct db *db, enum origin required, int64_t from, int64_t to,
	query_cell_fn *fn, void *arg)
{
	int64_t id = from / DAY << 32, end = to / DAY << 32, last;
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(struct query_cell));
	while (!(rc = piece_end(db, id, end, &last)) && last) {
		rc = list_cells(
			db, SQL_SERIES_CELLS, required, id, last, &rows);
		if (!rc)
			rc = tell_cells(&rows, fn, arg);
		if (rc)
			break;
		rows_reset(&rows);
		id = last + 1;
	}
	rows_release(&rows);
	return rc;
}

int query_cells_daily(struct db *db, enum origin required, int64_t from,
	int64_t to, query_cell_fn *fn, void *arg)
{
	struct rows rows;
	int rc;

	rows_init(&rows, sizeof(struct query_cell));
	rc = list_cells(db, SQL_SERIES_CELLS_DAILY, required, from / DAY,
		to / DAY, &rows);
	if (!rc)
		rc = tell_cells(&rows, fn, arg);
	rows_release(&rows);
	return rc;
}
