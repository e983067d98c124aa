/* The same steps as in daemon/cmd/parse.c, without options and output. */
#include "harness.h"

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "charset.h"
#include "rules.h"

#define NOW 1767225600 /* 2026-01-01 */

void harness_init(struct harness *h)
{
	*h = (struct harness){.charset = charset_new()};
	if (!h->charset)
		errx(1, "out of memory");
	arena_init(&h->arena, 0);
	h->context.ops = charset_ops(h->charset);
	h->context.rules = &rules_builtin;
	h->context.now = NOW;
}

void harness_release(struct harness *h)
{
	arena_release(&h->arena);
	charset_free(h->charset);
}

struct str harness_read(const char *path)
{
	size_t size = VERDICT_MAIL_MAX + 1u, n = 0;
	char *p = malloc(size);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;

	if (!p)
		errx(1, "out of memory");
	if (fd < 0)
		err(1, "unable to open '%s'", path);
	while (n < size && got) {
		got = read(fd, p + n, size - n);
		if (got < 0)
			err(1, "unable to read '%s'", path);
		n += (size_t)got;
	}
	close(fd);
	return str_of(p, n);
}

void harness_judge(struct harness *h, struct str mail, struct verdict_list *out)
{
	arena_reset(&h->arena, 0);
	verdict_parse(&h->context, &h->arena, mail, out);
}

static bool suppresses(const struct verdict *v)
{
	return v->class == CLASS_HARD || v->class == CLASS_COMPLAINT;
}

static bool is_in(const struct verdict_list *whole, const struct verdict *v)
{
	for (size_t i = 0; i < whole->n; i++)
		if (whole->v[i].class == v->class &&
			str_ieq(whole->v[i].recipient, v->recipient))
			return true;
	return false;
}

const struct verdict *harness_stronger(
	const struct verdict_list *less, const struct verdict_list *whole)
{
	for (size_t i = 0; i < less->n; i++)
		if (suppresses(&less->v[i]) && !is_in(whole, &less->v[i]))
			return &less->v[i];
	return NULL;
}

double harness_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
