/*
 * Mistakes are collected rather than printed because conf never speaks: the
 * daemon may show them on a terminal, in a log or in a test. The list must not
 * be a way to fail, so it has a bound and an answer for a lack of memory.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mistake.h"
#include "quote.h"

/* A file may hold a key of a megabyte. */
#define MISTAKE_TEXT_MAX 400u

/* What the list points to when it could not grow. */
static struct conf_mistake out_of_memory[1] = {
	{.text = (char[]){"out of memory"}},
};

static void give_up(struct conf_mistakes *m)
{
	conf_mistakes_release(m);
	m->v = out_of_memory;
	m->n = 1;
}

__attribute__((format(printf, 4, 0))) static void add(struct conf_mistakes *m,
	unsigned line, bool warning, const char *format, va_list args)
{
	struct conf_mistake *v;
	char *text;

	if (m->v == out_of_memory)
		return;
	if (m->n >= MISTAKES_MAX) {
		m->dropped += !warning;
		return;
	}
	/* One more than asked for: room for the entry about dropped ones. */
	v = realloc(m->v, (m->n + 2) * sizeof(*v));
	if (v)
		m->v = v;
	if (!v || vasprintf(&text, format, args) < 0) {
		give_up(m);
		return;
	}
	if (strlen(text) > MISTAKE_TEXT_MAX)
		memcpy(text + MISTAKE_TEXT_MAX - 3, "...", 4);
	quote_clean(text);
	m->v[m->n++] = (struct conf_mistake){line, warning, text};
}

void mistake_add(
	struct conf_mistakes *m, unsigned line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(m, line, false, format, args);
	va_end(args);
}

void mistake_warn(
	struct conf_mistakes *m, unsigned line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add(m, line, true, format, args);
	va_end(args);
}

bool mistake_is_fatal(const struct conf_mistakes *m)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		if (!m->v[i].warning)
			return true;
	return m->dropped > 0;
}

void mistake_sort(struct conf_mistakes *m)
{
	struct conf_mistake x;
	size_t i, j;
	char *text;

	/* Nearly in order, and at most MISTAKES_MAX: insertion is enough, and
	 * it is stable. */
	for (i = 1; i < m->n; i++) {
		x = m->v[i];
		for (j = i; j > 0 && m->v[j - 1].line > x.line; j--)
			m->v[j] = m->v[j - 1];
		m->v[j] = x;
	}
	if (!m->dropped)
		return;
	if (asprintf(&text, "%zu more mistakes are not shown", m->dropped) < 0)
		return;
	x = (struct conf_mistake){m->v[m->n - 1].line, false, text};
	m->v[m->n++] = x;
	m->dropped = 0;
}

void conf_mistakes_release(struct conf_mistakes *m)
{
	size_t i;

	if (m->v != out_of_memory) {
		for (i = 0; i < m->n; i++)
			free(m->v[i].text);
		free(m->v);
	}
	*m = (struct conf_mistakes){0};
}
