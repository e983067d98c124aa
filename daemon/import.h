/*
 * The formats of `import`, one row each. To add one: a file import/NAME.c that
 * exports `const struct import_format import_NAME`, and a row in
 * import/formats.def.
 */
#ifndef IMPORT_H
#define IMPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "csv.h"
#include "intake.h"
#include "words.h"

#define IMPORT_OUTCOMES 24 /* at least LIST_OUTCOMES (import/list.h) */

/* What became of the rows of suppression lists. */
struct import_account {
	uint64_t outcomes[IMPORT_OUTCOMES];
	uint64_t reasons[REASON_COUNT]; /* of those that suppress */
	uint64_t wide; /* complaints and the like that hold everywhere */
};

/* One file on its way in; the counts go on from file to file. */
struct import {
	struct intake in;
	FILE *file;
	const char *name;   /* of the file, for people */
	const char *stream; /* --stream, or NULL */
	bool dry_run;
	/* For suppression lists: */
	const char *platform; /* NULL: to be found out */
	bool all;             /* --all */
	int format;           /* of the rows on stdout */
	struct import_account account;
	void *kept;      /* of the format, from file to file */
	uint64_t rows;   /* read */
	uint64_t taken;  /* of these, of use */
	uint64_t passed; /* of no use here: deliveries in a log, ... */
	uint64_t known;  /* of these taken, what was known already */
	uint64_t bad;    /* that could not be read: told, exit 65 */
	uint64_t told;   /* mistakes that were shown */
};

struct import_format {
	const char *name;
	const char *help;
	/* Take all of i->file. An exit status; mistakes in rows are told with
	 * import_mistake() and are no reason to end. */
	int (*run)(struct import *i);
	/* NULL, or: behind the last file, also of a failure (status); the exit
	 * status. */
	int (*finish)(struct import *i, int status);
	/* For people: "events", "addresses", "counts". */
	const char *what;
	/* It is a suppression list, which --yes is asked for; of this platform,
	 * NULL: of any. */
	bool is_list;
	const char *platform;
};

const struct import_format *import_find(const char *name);
const struct import_format *import_at(size_t i); /* NULL behind the last */

/* Tell what is wrong with a line of the file; the first twenty are shown. */
void import_mistake(struct import *i, uint64_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The next row of a CSV file that is good; what is not is told. 1: a row; 0:
 * the end; -1: the file cannot be read on, which was told.
 */
int import_row(struct import *i, struct csv *c);

/* An address of a row; what is wrong with it is told. 0, or -1. *out lives
 * until env_forget(). */
int import_address(struct import *i, struct str given, uint64_t line,
	struct address *out) __attribute__((warn_unused_result));

/*
 * A time as other programs write it: RFC 3339, with a space for the T, without
 * a colon in the offset ("+0100"), without an offset (UTC), with a fraction of
 * a second; as in mail (RFC 5322); or seconds or milliseconds since 1970.
 */
bool import_time(struct str s, int64_t *out);

#endif
