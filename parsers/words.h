/*
 * Classes and reasons: one word for one thing, from wire to report. The words
 * and their numbers are in words.def.
 */
#ifndef WORDS_H
#define WORDS_H

#include "str.h"

enum verdict_class {
#define CLASS(number, NAME, word) CLASS_##NAME = (number),
#include "words.def"
	CLASS_COUNT = 10
};

enum verdict_reason {
#define REASON(number, NAME, word, CLASS_NAME) REASON_##NAME = (number),
#include "words.def"
	REASON_COUNT = 101 /* one above the greatest number */
};

/* The word for it; "?" for a number that is none. */
const char *class_word(enum verdict_class c);
const char *reason_word(enum verdict_reason r);

/*
 * The class that a reason belongs to. Never to be asked of a verdict or an
 * event, which have a class of their own: a delay has the reason of its cause.
 */
enum verdict_class reason_class(enum verdict_reason r);

/* The number of a word (exact), or -1. */
int class_from_word(struct str word);
int reason_from_word(struct str word);

#endif
