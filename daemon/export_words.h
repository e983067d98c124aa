/*
 * What the reason of a suppression is called elsewhere, a row for each of our
 * reasons (words.def). Nobody reads our words; each platform has a few of its
 * own, and mailers a reply code.
 */
#ifndef EXPORT_WORDS_H
#define EXPORT_WORDS_H

#include "query.h"

struct export_words {
	const char *ses;  /* BOUNCE or COMPLAINT: it has no others */
	const char *smtp; /* the reply that says so, as far as one does */
};

const struct export_words *export_words_of(const struct query_suppression *s);

#endif
