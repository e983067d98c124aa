/*
 * Which incident a bounce lies in. There are few incidents and many bounces,
 * so the windows are kept in memory, read again in each transaction: another
 * program may have marked one.
 */
#include <stdlib.h>
#include <string.h>

#include "ledger_private.h"

void ledger_window_forget(struct ledger *l)
{
	for (size_t i = 0; i < l->spans_n; i++)
		free((char *)l->spans[i].name.p);
	free(l->spans);
	l->spans = NULL;
	l->spans_n = 0;
	l->spans_read = false;
}

/* One allocation for both strings; match of NULL stays absent. */
static bool copy_texts(struct ledger_span *w, struct str name, struct str match)
{
	char *copy = malloc(name.n + match.n + 1);

	if (!copy)
		return false;
	memcpy(copy, name.p ? name.p : "", name.n);
	if (match.n)
		memcpy(copy + name.n, match.p, match.n);
	w->name = str_of(copy, name.n);
	w->match = match.p ? str_of(copy + name.n, match.n) : STR_NULL;
	return true;
}

static bool add_span(struct ledger *l, const struct sql *s)
{
	struct ledger_span *all =
		realloc(l->spans, (l->spans_n + 1) * sizeof(*all));
	struct ledger_span *w;

	if (!all)
		return false;
	l->spans = all;
	w = &all[l->spans_n];
	*w = (struct ledger_span){
		.id = sql_col(s, 0),
		.kind = (enum incident_kind)sql_col(s, 1),
		.window = sql_col(s, 3) == INCIDENT_RELEASED ? WINDOW_VOID
							     : WINDOW_HOLDS,
		.from = sql_col(s, 4),
		.to = sql_col(s, 5) ? sql_col(s, 5) : INT64_MAX,
	};
	if (!copy_texts(w, sql_col_text(s, 2), sql_col_text(s, 6)))
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

static bool covers(const struct ledger_span *w, const struct ledger_bounce *b)
{
	return b->at >= w->from && b->at < w->to && is_in_bucket(w, b) &&
	       (!w->match.p || str_glob(b->rule, w->match) ||
		       (b->evidence.p && str_glob(b->evidence, w->match)));
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

		if (w->window > *window && covers(w, b)) {
			*window = w->window;
			*id = w->id;
		}
	}
	return 0;
}
