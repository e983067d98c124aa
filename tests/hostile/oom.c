/*
 * oom FILE...: judge each mail while the n-th allocation fails, for n = 1, 2,
 * ... until none does: once with only that one failing, once with all from it
 * on. There must be a verdict each time, none may suppress anybody whom the
 * mail does not, what is told must be what the mail says or tell that memory
 * was short, and nothing may be left allocated.
 *
 * Two kinds are counted. The C library's (failing.h), which libidn2,
 * libunistring and iconv ask, too. And the arena's, of which many come out of
 * one malloc(): the linker wraps those (rules.mk).
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "failing.h"
#include "harness.h"
/* --- the arena ----------------------------------------------------------- */

void *__real_arena_alloc(struct arena *a, size_t n);
void *__real_arena_zalloc(struct arena *a, size_t count, size_t size);
struct str __real_arena_dup(struct arena *a, struct str s);
const char *__real_arena_cstr(struct arena *a, struct str s);
void *__real_arena_grow(
	struct arena *a, void *p, size_t *cap, size_t need, size_t size);

void *__wrap_arena_alloc(struct arena *a, size_t n);
void *__wrap_arena_zalloc(struct arena *a, size_t count, size_t size);
struct str __wrap_arena_dup(struct arena *a, struct str s);
const char *__wrap_arena_cstr(struct arena *a, struct str s);
void *__wrap_arena_grow(
	struct arena *a, void *p, size_t *cap, size_t need, size_t size);

static bool arena_fails(struct arena *a)
{
	bool now = fails(ARENA);

	a->full |= now;
	return now;
}

void *__wrap_arena_alloc(struct arena *a, size_t n)
{
	return arena_fails(a) ? NULL : __real_arena_alloc(a, n);
}

void *__wrap_arena_zalloc(struct arena *a, size_t n, size_t size)
{
	return arena_fails(a) ? NULL : __real_arena_zalloc(a, n, size);
}

struct str __wrap_arena_dup(struct arena *a, struct str s)
{
	return s.p && arena_fails(a) ? STR_NULL : __real_arena_dup(a, s);
}

const char *__wrap_arena_cstr(struct arena *a, struct str s)
{
	return arena_fails(a) ? "" : __real_arena_cstr(a, s);
}

void *__wrap_arena_grow(
	struct arena *a, void *p, size_t *cap, size_t need, size_t size)
{
	return need > *cap && arena_fails(a)
		       ? NULL
		       : __real_arena_grow(a, p, cap, need, size);
}

/* --- the loop ------------------------------------------------------------ */

/* What the mail comes to when there is memory; of the mail in hand. */
static struct verdict_list whole;

static long wrong; /* runs that suppress somebody whom the whole does not */

static bool is_same(const struct verdict_list *list)
{
	for (size_t i = 0; i < list->n && list->n == whole.n; i++)
		if (list->v[i].class != whole.v[i].class ||
			list->v[i].reason != whole.v[i].reason ||
			!str_eq(list->v[i].recipient, whole.v[i].recipient) ||
			!str_eq(list->v[i].recipient_key,
				whole.v[i].recipient_key) ||
			!str_eq(list->v[i].evidence, whole.v[i].evidence))
			return false;
	return list->n == whole.n;
}

static void compare(const struct verdict_list *list)
{
	const struct verdict *worse = harness_stronger(list, &whole);

	if (!list->n || !list->v)
		errx(1, "no verdict when allocation %ld fails", alloc.fail_at);
	if (!(list->limits & LIMIT_MEMORY) && !is_same(list)) {
		wrong++;
		printf("when allocation %ld fails: other verdicts, and the "
		       "limits do not tell why\n",
			alloc.fail_at);
	}
	if (!worse)
		return;
	wrong++;
	printf("when allocation %ld fails: '" STR_FMT "' is %s (" STR_FMT ")\n",
		alloc.fail_at, STR_ARG(worse->recipient),
		class_word(worse->class), STR_ARG(worse->rule));
}

/* One run, with a harness of its own; how many allocations there were. */
static long run(struct str mail, long fail_at)
{
	struct verdict_list list;
	struct harness h;

	harness_init(&h);
	alloc.calls = 0;
	alloc.fail_at = fail_at;
	alloc.on = true;
	harness_judge(&h, mail, &list);
	alloc.on = false;
	compare(&list);
	harness_release(&h);
	return alloc.calls;
}

/*
 * Whether a run leaves something allocated each time that it is done: what
 * iconv loads when it is first asked stays, and is no leak.
 */
static bool leaks(struct str mail, long fail_at)
{
	for (int again = 0; again < 4; again++) {
		long before = alloc.live;

		run(mail, fail_at);
		if (alloc.live == before)
			return false;
	}
	return true;
}

static long try_mail(struct str mail, long *runs)
{
	long leaked = 0, n;

	alloc.from_then = false;
	n = run(mail, 0);
	for (int both = 0; both < 2; both++) {
		alloc.from_then = both;
		for (long i = 1; i <= n; i++)
			leaked += leaks(mail, i);
		*runs += n;
	}
	return leaked;
}

static long try_file(const char *path, long runs[2])
{
	struct str mail = harness_read(path);
	struct verdict_list list;
	struct harness h;
	struct arena keep;
	long leaked = 0, before = wrong;

	harness_init(&h);
	arena_init(&keep, 0);
	harness_judge(&h, mail, &list);
	if (!verdict_list_dup(&keep, &list, &whole))
		errx(1, "out of memory");
	harness_release(&h);
	for (alloc.kind = LIBRARY; alloc.kind <= ARENA; alloc.kind++)
		leaked += try_mail(mail, &runs[alloc.kind]);
	if (leaked || wrong > before)
		printf("%s: %ld leaks, %ld wrong\n", path, leaked,
			wrong - before);
	arena_release(&keep);
	free((char *)mail.p);
	return leaked;
}

int main(int argc, char **argv)
{
	long leaked = 0, runs[2] = {0, 0};

	for (int i = 1; i < argc; i++)
		leaked += try_file(argv[i], runs);
	printf("# note: %d mails, %ld failures of malloc, %ld of the arena: no "
	       "crash, "
	       "%ld leaks, %ld with a verdict that memory would not give\n",
		argc - 1, runs[LIBRARY], runs[ARENA], leaked, wrong);
	return leaked || wrong || !runs[ARENA];
}
