/*
 * The list of what is wrong with a file, each with its line. It grows while a
 * file is read and is shown as a whole, so that one run shows every mistake.
 *
 * Adding never fails: without memory the list becomes the one entry "out of
 * memory", and above MISTAKES_MAX entries the rest is only counted.
 */
#ifndef MISTAKE_H
#define MISTAKE_H

#include <stdbool.h>
#include <stddef.h>

#define MISTAKES_MAX 500

struct conf_mistake {
	unsigned line; /* 1-based; 0: the file as a whole */
	bool warning;  /* worth saying, but the file can be used */
	char *text;    /* without file name and line; safe for a terminal */
};

/* Zero it before the first use; conf_mistakes_release() empties it. */
struct conf_mistakes {
	struct conf_mistake *v;
	size_t n;
	size_t dropped; /* mistakes above MISTAKES_MAX */
};

void mistake_add(struct conf_mistakes *m, unsigned line, const char *format,
	...) __attribute__((format(printf, 3, 4)));
void mistake_warn(struct conf_mistakes *m, unsigned line, const char *format,
	...) __attribute__((format(printf, 3, 4)));

/* Whether any entry is more than a warning. */
bool mistake_is_fatal(const struct conf_mistakes *m);

/* By line; within a line in the order in which they were found. If some were
 * dropped, a last entry says how many. */
void mistake_sort(struct conf_mistakes *m);

void conf_mistakes_release(struct conf_mistakes *m);

#endif
