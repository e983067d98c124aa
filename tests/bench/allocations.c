/*
 * allocations FILE...: judge all mails, and then again, counting how often
 * malloc() and its kin are called: once everything is warm, never.
 */
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

static long calls;

/* Under AddressSanitizer these belong to it, and nothing is counted. */
#ifndef __SANITIZE_ADDRESS__
#if !defined(__has_feature)
#define __has_feature(x) 0
#endif
#if !__has_feature(address_sanitizer)
void *malloc(size_t n)
{
	calls++;
	return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	calls++;
	return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	calls++;
	return __libc_realloc(p, n);
}
#endif
#endif

int main(int argc, char **argv)
{
	struct str *mail = calloc((size_t)argc, sizeof(*mail));
	struct verdict_list list;
	struct harness h;
	long before = 0;

	harness_init(&h);
	for (int i = 1; i < argc; i++)
		mail[i] = harness_read(argv[i]);
	for (int pass = 0; pass < 2; pass++) {
		before = calls;
		for (int i = 1; i < argc; i++)
			harness_judge(&h, mail[i], &list);
	}
	printf("%.4f\n", argc > 1 ? (double)(calls - before) / (argc - 1) : 0);
	for (int i = 1; i < argc; i++)
		free((char *)mail[i].p);
	free(mail);
	harness_release(&h);
	return 0;
}
