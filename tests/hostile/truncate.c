/*
 * truncate FILE...: cut each mail at every byte and judge what is left. Who
 * is suppressed (class hard or complaint) in what is left must be so, too, in
 * the whole mail: a mail that arrives cut short may say less, never worse.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

/* Judge the first n bytes, in a copy that ends with them. */
static bool is_fine(struct harness *h, struct str mail, size_t n,
	const struct verdict_list *whole)
{
	struct verdict_list list;
	char *p = malloc(n ? n : 1);
	const struct verdict *worse;

	if (!p)
		errx(1, "out of memory");
	memcpy(p, mail.p, n);
	harness_judge(h, str_of(p, n), &list);
	if (!list.n)
		errx(1, "no verdict at %zu", n);
	worse = harness_stronger(&list, whole);
	if (worse)
		printf("cut at byte %zu of %zu: '" STR_FMT "' is %s (" STR_FMT
		       ")\n",
			n, mail.n, STR_ARG(worse->recipient),
			class_word(worse->class), STR_ARG(worse->rule));
	free(p);
	return !worse;
}

/* How many places of the mail are wrong to be cut at. */
static size_t try_mail(struct harness *h, const char *path, size_t *cuts)
{
	struct str mail = harness_read(path);
	struct verdict_list whole, list;
	struct arena keep;
	size_t wrong = 0;

	arena_init(&keep, 0);
	harness_judge(h, mail, &list);
	if (!verdict_list_dup(&keep, &list, &whole))
		errx(1, "out of memory");
	for (size_t n = 0; n < mail.n; n++)
		wrong += !is_fine(h, mail, n, &whole);
	if (wrong)
		printf("%zu in %s\n", wrong, path);
	*cuts += mail.n;
	arena_release(&keep);
	free((char *)mail.p);
	return wrong;
}

int main(int argc, char **argv)
{
	struct harness h;
	size_t wrong = 0, cuts = 0;

	harness_init(&h);
	for (int i = 1; i < argc; i++)
		wrong += try_mail(&h, argv[i], &cuts);
	harness_release(&h);
	printf("# note: %d mails cut at %zu places: %zu give a verdict that "
	       "the whole "
	       "does not\n",
		argc - 1, cuts, wrong);
	return wrong || argc < 2;
}
