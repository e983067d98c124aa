/*
 * cost RUNS FILE...: what judging each mail costs: for each file a line with
 * the milliseconds of processor time, the verdicts, and the file. Of RUNS runs
 * the median counts (a first one, not counted, warms the memory up); other
 * programs on the machine can only make a run longer.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness.h"

#define RUNS_MAX 101

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double milliseconds(
	struct harness *h, struct str mail, int runs, struct verdict_list *list)
{
	double took[RUNS_MAX];

	harness_judge(h, mail, list);
	for (int i = 0; i < runs; i++) {
		double began = harness_seconds();

		harness_judge(h, mail, list);
		took[i] = harness_seconds() - began;
	}
	qsort(took, (size_t)runs, sizeof(*took), by_size);
	return 1e3 * took[runs / 2];
}

int main(int argc, char **argv)
{
	struct verdict_list list;
	struct harness h;
	long runs = argc > 1 ? strtol(argv[1], NULL, 10) : 0;

	if (runs < 1 || runs > RUNS_MAX)
		errx(64, "usage: cost RUNS FILE...");
	harness_init(&h);
	for (int i = 2; i < argc; i++) {
		struct str mail = harness_read(argv[i]);
		double ms = milliseconds(&h, mail, (int)runs, &list);

		printf("%.3f\t%zu\t%s\n", ms, list.n, argv[i]);
		free((char *)mail.p);
	}
	harness_release(&h);
	return 0;
}
