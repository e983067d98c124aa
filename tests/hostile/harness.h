/*
 * What the programs of hostile/, fuzz/ and bench/ share: the parsers with
 * their tables, as the commands use them, and mails read from files. A test
 * that cannot go on says why and ends.
 */
#ifndef HARNESS_H
#define HARNESS_H

#include "verdict.h"

struct harness {
	struct charset *charset;
	struct arena arena;
	struct verdict_context context;
};

void harness_init(struct harness *h);
void harness_release(struct harness *h);

/* The bytes of a file, at most one more than is parsed; free() them. */
struct str harness_read(const char *path);

/* Judge a mail: *out lives until the next call. */
void harness_judge(
	struct harness *h, struct str mail, struct verdict_list *out);

/*
 * The first verdict of less, a mail not read as a whole, by which somebody is
 * suppressed (class hard or complaint) whom the whole does not suppress; NULL:
 * there is none.
 */
const struct verdict *harness_stronger(
	const struct verdict_list *less, const struct verdict_list *whole);

/* Seconds of processor time that this thread has used. */
double harness_seconds(void);

#endif
