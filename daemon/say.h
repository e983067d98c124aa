/*
 * What commands say to the person at the keyboard: one line to stderr with
 * "bouncewatch: " before it. (The daemon's own lines are log.h.) Keeps errno.
 */
#ifndef SAY_H
#define SAY_H

#include "mistake.h"
#include "str.h"

/* A message that ends in LF by itself. Lower case, no full stop. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line without "bouncewatch: " before it. */
void say_line(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line of help below a message: no prefix but two spaces. */
void say_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The mistakes of a file, a line each: "path:12: unknown key 'foo'". */
void say_mistakes(const char *path, const struct conf_mistakes *m);

/*
 * From now on keep what this thread says in buf, joined by "; " and cut at
 * size, instead of printing it: for the daemon, whose stderr is a log. NULL:
 * print it again.
 */
void say_to(char *buf, size_t size);

/*
 * Strings of strangers (paths, addresses) for a %s: hidden characters are
 * shown (text.h). One of eight buffers of 512 bytes.
 */
const char *say_z(const char *z);
const char *say_str(struct str s);

#endif
