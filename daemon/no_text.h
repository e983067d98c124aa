/*
 * What somebody took for a list of lines or rows, and is none.
 */
#ifndef NO_TEXT_H
#define NO_TEXT_H

#include <stddef.h>

/* By what it begins with: what it is and what to do ("it is UTF-16: save it as
 * UTF-8"); NULL: it may be text. */
const char *no_text(const void *begin, size_t n);

#endif
