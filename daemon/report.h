/*
 * The report: numbers from the database, and the ways to show them. numbers.c
 * asks and counts; what shows them (text.c) only reads struct report.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "arena.h"
#include "out.h"
#include "query.h"

#define REPORT_PERIODS 12 /* shown: this one is the last */
#define REPORT_USUAL   8  /* periods before it that say what is usual */
#define REPORT_TOP     10 /* rows of a table of names */

/* A name (reason, provider, ...) with its counts. */
struct report_row {
	struct str name;
	enum verdict_class class; /* of a reason; else NONE */
	int64_t n;                /* all classes that are bounces */
	int64_t classes[CLASS_COUNT];
	int64_t usual; /* median of n; -1: not known */
};

struct report_table {
	struct report_row rows[REPORT_TOP];
	size_t n;
};

struct report {
	int64_t from, to, now; /* [from, to), whole days */
	int days;
	int before; /* periods before this one of which there are data */
	/* [p][class]: p 0 is this period, 1 the one before it, ... */
	int64_t periods[REPORT_PERIODS][CLASS_COUNT];
	int64_t usual[CLASS_COUNT]; /* -1: not known */
	struct report_table reasons, providers, streams, domains;
	struct query_moves moves;
	struct query_totals totals;
	enum origin required;
};

/*
 * Fill *r, whose from, to, now and required are set, from the database. to -
 * from are whole days. Names live in a. -1: db_error().
 */
int report_numbers_load(struct db *db, struct arena *a, struct report *r)
	__attribute__((warn_unused_result));

/*
 * Whether n is clearly more than usual: at least twice as many, and at least
 * ten more. Plain on purpose: it compares, it does not test a hypothesis.
 */
bool report_numbers_is_more(int64_t n, int64_t usual);

/* For people, 76 columns. */
void report_text(const struct report *r, struct out *o);

#endif
