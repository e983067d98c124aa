/*
 * What the report says, section by section, each into the document; and words
 * that several of them need.
 *
 *	words.c           title, is anything wrong; the order of all
 *	words_do.c        what to do
 *	words_spikes.c    what was more than usual, and why
 *	words_happened.c  what happened: tables and pictures
 *	words_list.c      the suppression list: released, held, about to end
 *	words_review.c    typing errors, bounces not understood, what failed
 */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "document.h"
#include "report.h"

void words_do(const struct report *r, struct document *d);
void words_spikes(const struct report *r, struct document *d);
void words_happened(const struct report *r, struct document *d);
void words_list(const struct report *r, struct document *d);
void words_review(const struct report *r, struct document *d);

/* --- for the files above --- */

/* "week", "day" or "period". */
const char *words_period(const struct report *r);

/* "1,234"; document_number() in short. */
#define NUMBER(n) document_number(d, n)

/* "" for one, "s" for all others. */
const char *words_s(int64_t n);

/* "2.4 %": two figures of what is below 1. */
const char *words_percent(struct document *d, double part, double whole);

/* What is usual: 2.5 stays 2.5, 30.2 is 30. */
const char *words_measure(struct document *d, double n);

/* The tone of a rate; GOOD also where none is known. */
enum document_tone words_rate_tone(
	const struct report *r, const struct report_rate *rate);

/* Of the rate of the time before, if it has become worse by what bounced since
 * it was told; else GOOD. */
enum document_tone words_before_tone(const struct report *r);

/* What is to be read of the rate (words_rate.c), and whether anything is wrong
 * with it. */
void words_say_rate(const struct report *r, struct document *d);
bool words_is_rate_wrong(const struct report *r);

/* Events of this period, of every class. */
int64_t words_events(const struct report *r);

/* "domain example.org"; a name is "all" where there is none. */
const char *words_series(
	struct document *d, enum report_by by, struct str name);
const char *words_bucket(
	struct document *d, enum incident_kind kind, struct str name);

/* The classes that are bounces, in the order of their weight. */
#define WORDS_CLASSES 5

struct words_class {
	enum verdict_class class;
	const char *name, *means;
};
extern const struct words_class words_classes[WORDS_CLASSES];

#endif
