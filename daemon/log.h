/*
 * What the daemon says. One event is one line: a word for the event and
 * key=value pairs, values quoted where needed, control bytes escaped. To
 * stderr (systemd reads it), with a <N> priority prefix when JOURNAL_STREAM
 * is set and a time otherwise. Thread-safe. Keeps errno.
 */
#ifndef LOG_H
#define LOG_H

#include "str.h"

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARN,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/*
 * log_info("mailbox.ready", "account", "%s", name, "mails", "%u", n, NULL):
 * the event, then key, format and that format's arguments is what one would
 * like; C cannot, so: a format of the whole tail, with log_q() for strings.
 */
void log_error(const char *event, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void log_warn(const char *event, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void log_info(const char *event, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void log_debug(const char *event, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* For a %s in the format: quoted and escaped where needed. One of eight
 * buffers of this thread, 512 bytes each: longer strings are cut with "..". */
const char *log_q(const char *z);
const char *log_qs(struct str s);

#endif
