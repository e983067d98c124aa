/*
 * A line is put together on the stack and written by one write(), so that the
 * lines of several threads never mix. Control bytes are gone when it gets
 * there: one event stays one line, whatever a server or a mail says.
 */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "print.h"
#include "when.h"

#define LINE_SIZE  4096u
#define VALUE_SIZE 512u

static const struct {
	const char *word;
	char priority; /* syslog's, as systemd reads it after '<' */
} levels[] = {
	[LOG_LEVEL_ERROR] = {"error", '3'},
	[LOG_LEVEL_WARN] = {"warn",  '4'},
	[LOG_LEVEL_INFO] = {"info",  '6'},
	[LOG_LEVEL_DEBUG] = {"debug", '7'},
};

static _Atomic int threshold = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
	atomic_store(&threshold, (int)level);
}

enum log_level log_get_level(void)
{
	return (enum log_level)atomic_load(&threshold);
}

/* "<6>", or "2026-11-23T08:00:00Z info ". */
static size_t prefix(enum log_level level, char *line)
{
	char time_text[WHEN_SIZE];
	int n;

	if (getenv("JOURNAL_STREAM"))
		n = snprintf(line, LINE_SIZE, "<%c>", levels[level].priority);
	else
		n = snprintf(line, LINE_SIZE, "%s %s ",
			when_format(time(NULL), time_text), levels[level].word);
	return (size_t)n;
}

static size_t at_most(size_t n, int more)
{
	n += more > 0 ? (size_t)more : 0;
	return n < LINE_SIZE - 1 ? n : LINE_SIZE - 2;
}

__attribute__((format(printf, 3, 0))) static void write_line(
	enum log_level level, const char *event, const char *format,
	va_list args)
{
	int saved = errno;
	char line[LINE_SIZE];
	size_t n;
	ssize_t w;

	if ((int)level > atomic_load(&threshold))
		return;
	n = prefix(level, line);
	n = at_most(n, snprintf(line + n, LINE_SIZE - n, "%s%s", event,
			       *format ? " " : ""));
	errno = saved;
	n = at_most(n, vsnprintf(line + n, LINE_SIZE - n, format, args));
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[n++] = '\n';
	do
		w = write(STDERR_FILENO, line, n);
	while (w < 0 && errno == EINTR);
	errno = saved;
}

#define LOG_AT(name, level)                                                    \
	void log_##name(const char *event, const char *format, ...)            \
	{                                                                      \
		va_list args;                                                  \
                                                                               \
		va_start(args, format);                                        \
		write_line(level, event, format, args);                        \
		va_end(args);                                                  \
	}

LOG_AT(error, LOG_LEVEL_ERROR)
LOG_AT(warn, LOG_LEVEL_WARN)
LOG_AT(info, LOG_LEVEL_INFO)
LOG_AT(debug, LOG_LEVEL_DEBUG)

static bool needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == ' ' || s.p[i] == '"' || s.p[i] == '=')
			return true;
	return s.n == 0;
}

const char *log_qs(struct str s)
{
	static _Thread_local char buffers[8][VALUE_SIZE];
	static _Thread_local unsigned next;
	char shown[VALUE_SIZE - 2], *buf = buffers[next++ % 8], *to = buf;
	bool quotes = needs_quotes(s);

	print_visible_buf(shown, sizeof(shown), s);
	if (quotes)
		*to++ = '"';
	for (const char *p = shown; *p; p++) {
		/* Room for two more, escaped, a quote and the NUL. */
		if (to - buf >= (ptrdiff_t)VALUE_SIZE - 6 && strlen(p) > 2) {
			*to++ = '.';
			*to++ = '.';
			break;
		}
		if (quotes && *p == '"')
			*to++ = '\\';
		*to++ = *p;
	}
	if (quotes)
		*to++ = '"';
	*to = '\0';
	return buf;
}

const char *log_q(const char *z)
{
	return log_qs(str_from(z));
}
