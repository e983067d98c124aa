/*
 * Which incident a bounce lies in. There are few incidents and many bounces,
 * so the windows are kept in memory, read again in each transaction: another
 * program may have marked one.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger_private.h"

/* One allocation for both strings; match of NULL stays absent, else it may
 * stand anywhere. */
static bool copy_texts(struct ledger_span *w, struct str name, struct str match)
{
	char *copy = malloc(name.n + match.n + 2);

	if (!copy)
		return false;
	memcpy(copy, name.p ? name.p : "", name.n);
	w->name = str_of(copy, name.n);
	w->match = STR_NULL;
	if (!match.p)
		return true;
	w->match = str_of(copy + name.n, match.n + 2);
	copy[name.n] = copy[name.n + match.n + 1] = '*';
	memcpy(copy + name.n + 1, match.p, match.n);
	return true;
}

bool ledger_span_init(struct ledger_span *w, const struct ledger_incident *i)
{
	*w = (struct ledger_span){
		.id = i->id,
		.kind = i->kind,
		.window = i->state == INCIDENT_RELEASED ? WINDOW_VOID
							: WINDOW_HOLDS,
		.from = i->from,
		.to = i->to ? i->to : INT64_MAX,
		.late = i->id ? LEDGER_LATE : 0,
	};
	return copy_texts(w, i->name, i->match);
}

void ledger_span_release(struct ledger_span *w)
{
	free((char *)w->name.p);
}

void ledger_window_forget(struct ledger *l)
{
	for (size_t i = 0; i < l->spans_n; i++)
		ledger_span_release(&l->spans[i]);
	free(l->spans);
	l->spans = NULL;
	l->spans_n = 0;
	l->spans_read = false;
}

static bool add_span(struct ledger *l, const struct sql *s)
{
	struct ledger_span *all =
		realloc(l->spans, (l->spans_n + 1) * sizeof(*all));
	const struct ledger_incident i = {
		.id = sql_col(s, 0),
		.kind = (enum incident_kind)sql_col(s, 1),
		.name = sql_col_text(s, 2),
		.state = (enum incident_state)sql_col(s, 3),
		.from = sql_col(s, 4),
		.to = sql_col(s, 5),
		.match = sql_col_text(s, 6),
	};

	if (!all)
		return false;
	l->spans = all;
	if (!ledger_span_init(&all[l->spans_n], &i))
		return false;
	l->spans_n++;
	return true;
}

static int read_spans(struct ledger *l)
{
	struct sql s = sql_get(l->db, SQL_SPAN_LIST);
	int rc;

	ledger_window_forget(l);
	while ((rc = sql_row(&s)) == 1)
		if (!add_span(l, &s))
			break;
	sql_end(&s);
	if (rc < 0)
		return -1;
	l->spans_read = true;
	return rc == 1 ? sql_no_memory(l->db) : 0;
}

static bool is_in_bucket(
	const struct ledger_span *w, const struct ledger_bounce *b)
{
	struct str name =
		w->kind == INCIDENT_PROVIDER ? b->provider : b->domain;

	return !w->name.n || str_eq(name, w->name);
}

/* Kept with the event; false also where it was dropped. */
static bool evidence_fits(struct ledger *l, int64_t event_id, struct str match)
{
	struct sql s = sql_get(l->db, SQL_EVIDENCE_FIND);
	struct str source, lines = STR_NULL;
	struct arena a;
	bool fits;

	arena_init(&a, 64 * 1024);
	sql_int(&s, event_id);
	if (sql_row(&s) == 1)
		(void)evidence_unpack(&a, sql_col_text(&s, 0), &source, &lines);
	fits = lines.p && str_glob(lines, match);
	sql_end(&s);
	arena_release(&a);
	return fits;
}

static bool matches(
	struct ledger *l, const struct ledger_bounce *b, struct str match)
{
	if (!match.p || str_glob(b->rule, match))
		return true;
	return b->evidence.p
		       ? str_glob(b->evidence, match)
		       : b->event_id && evidence_fits(l, b->event_id, match);
}

/*
 * A late bounce tells what was answered days ago: somewhere between the mail
 * and its bounce. Where that may have been in the window, it is in doubt.
 */
static bool is_in_time(const struct ledger_span *w, int64_t sent_at, int64_t at)
{
	int64_t earliest = at - w->late;

	if (sent_at > earliest && sent_at <= at)
		earliest = sent_at;
	return at >= w->from && earliest < w->to;
}

bool ledger_span_covers(struct ledger *l, const struct ledger_span *w,
	const struct ledger_bounce *b)
{
	return is_in_time(w, b->sent_at, b->at) && is_in_bucket(w, b) &&
	       matches(l, b, w->match);
}

int ledger_window_at(struct ledger *l, int64_t sent_at, int64_t at)
{
	if (!l->spans_read && read_spans(l))
		return -1;
	for (size_t i = 0; i < l->spans_n; i++)
		if (is_in_time(&l->spans[i], sent_at, at))
			return 1;
	return 0;
}

int ledger_window(struct ledger *l, const struct ledger_bounce *b,
	enum policy_window *window, int64_t *id)
{
	*window = WINDOW_NONE;
	*id = 0;
	if (!l->spans_read && read_spans(l))
		return -1;
	for (size_t i = 0; i < l->spans_n; i++) {
		const struct ledger_span *w = &l->spans[i];

		if (w->window > *window && ledger_span_covers(l, w, b)) {
			*window = w->window;
			*id = w->id;
		}
	}
	return 0;
}
