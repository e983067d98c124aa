/* "Did you mean": the word that someone probably wanted to type. */
#ifndef SUGGEST_H
#define SUGGEST_H

#include "str.h"

/*
 * The nearest of words[n] to text, or -1 when none is near: at most one edit
 * in three letters, and two in all. An edit is a letter added, left out,
 * changed, or swapped with its neighbour; case, '-' and '_' count as equal.
 */
int suggest(struct str text, const struct str *words, size_t n);

#endif
