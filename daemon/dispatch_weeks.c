/* A sorted list of runs, joined where no week is between, and where it is
 * full. */
#include "dispatch_weeks.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WEEK (INT64_C(7) * 86400)

static int64_t gap(const struct dispatch_weeks *w, size_t i)
{
	return w->runs[i + 1].from - w->runs[i].to;
}

/* The run, of two at least, that is the nearest to the next. */
static size_t nearest(const struct dispatch_weeks *w)
{
	size_t best = 0;

	for (size_t i = 1; i + 1 < w->n; i++)
		if (gap(w, i) < gap(w, best))
			best = i;
	return best;
}

static void join(struct dispatch_weeks *w, size_t i)
{
	if (w->runs[i].to < w->runs[i + 1].to)
		w->runs[i].to = w->runs[i + 1].to;
	w->n--;
	for (i++; i < w->n; i++)
		w->runs[i] = w->runs[i + 1];
}

void dispatch_weeks_add(struct dispatch_weeks *w, int64_t from, int64_t to)
{
	size_t i = w->n++;

	for (; i && w->runs[i - 1].from > from; i--)
		w->runs[i] = w->runs[i - 1];
	w->runs[i].from = from;
	w->runs[i].to = to;
	while (w->n > 1) {
		i = nearest(w);
		if (gap(w, i) >= WEEK + DISPATCH_APART && w->n <= DISPATCH_RUNS)
			break;
		join(w, i);
	}
}

bool dispatch_weeks_has(const struct dispatch_weeks *w, int64_t due)
{
	for (size_t i = 0; i < w->n; i++)
		if (due > w->runs[i].from - DISPATCH_APART &&
			due < w->runs[i].to + DISPATCH_APART)
			return true;
	return false;
}

bool dispatch_weeks_lie_ahead(const struct dispatch_weeks *w, int64_t due)
{
	return !w->n || w->runs[0].from > due;
}

/* --- as text --- */

const char *dispatch_weeks_write(
	const struct dispatch_weeks *w, char buf[DISPATCH_WEEKS_TEXT])
{
	int used = snprintf(buf, DISPATCH_WEEKS_TEXT, "@");

	for (size_t i = 0; i < w->n && used < DISPATCH_WEEKS_TEXT; i++)
		used += snprintf(buf + used,
			(size_t)(DISPATCH_WEEKS_TEXT - used),
			"%s%" PRId64 "-%" PRId64, i ? "," : "", w->runs[i].from,
			w->runs[i].to);
	return buf;
}

bool dispatch_weeks_time(struct str text, int64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < text.n; i++) {
		if (!ascii_is_digit((unsigned char)text.p[i]) || i > 17)
			return false;
		*out = *out * 10 + text.p[i] - '0';
	}
	return text.n > 0;
}

bool dispatch_weeks_parse(struct str text, struct dispatch_weeks *out)
{
	struct str run, from;
	int64_t a, b;

	memset(out, 0, sizeof(*out));
	if (!text.n || text.p[0] != '@')
		return false;
	text = str_sub(text, 1, text.n);
	while (str_cut(&text, ',', &run)) {
		if (!str_cut(&run, '-', &from) ||
			!dispatch_weeks_time(from, &a) ||
			!dispatch_weeks_time(run, &b) || a > b)
			return false;
		dispatch_weeks_add(out, a, b);
	}
	return true;
}
