/*
 * The bar is drawn at most five times a second, and the clock is looked at only
 * as often as that needs, so that a loop over a million rows may call for each.
 * The width is asked for at each drawing: that is all a change of it takes.
 * Each drawing is one write().
 */
#include "progress.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

#define FIRST_MS   1000
#define EACH_MS    200
#define STRIDE_MAX 256 /* calls between two looks at the clock */
#define BAR_MIN    10
#define BAR_MAX    30
#define WIDTH_MIN  10
#define WIDTH_MAX  200

static struct {
	const char *what; /* NULL: no bar */
	uint64_t total, done;
	int64_t began, looked, next; /* ms */
	unsigned stride, skip;
	double rate; /* a second */
	uint64_t rate_done;
	int64_t rate_at;
	bool drawn, yielded;
} bar;

/* --- what it says --------------------------------------------------------- */

static bool is_bytes(void)
{
	return strcmp(bar.what, "bytes") == 0;
}

static void number(char *buf, size_t size, double v)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB"};
	size_t i = 0;

	if (!is_bytes()) {
		snprintf(buf, size, "%.0f", v);
		return;
	}
	for (v /= 1000; v >= 1000 && i < 3; i++)
		v /= 1000;
	snprintf(buf, size, "%.1f %s", v, units[i]);
}

static void duration(char *buf, size_t size, double seconds)
{
	uint64_t s = seconds < 1e7 ? (uint64_t)(seconds + 0.5) : 9999999;

	if (s < 100)
		snprintf(buf, size, "%" PRIu64 " s", s);
	else if (s < 6000)
		snprintf(buf, size, "%" PRIu64 ":%02" PRIu64 " min", s / 60,
			s % 60);
	else
		snprintf(buf, size, "%" PRIu64 ":%02" PRIu64 " h", s / 3600,
			s / 60 % 60);
}

/* Of the latest seconds rather than of all: work changes its pace. */
static void measure(int64_t now)
{
	double passed = (double)(now - bar.rate_at) / 1000, latest;

	if (passed <= 0 || bar.done < bar.rate_done)
		return;
	latest = (double)(bar.done - bar.rate_done) / passed;
	bar.rate = bar.rate_at == bar.began ? latest
					    : 0.9 * bar.rate + 0.1 * latest;
	bar.rate_at = now;
	bar.rate_done = bar.done;
}

static unsigned percent(void)
{
	double part = (double)bar.done / (double)bar.total;

	return part >= 1 ? 100 : (unsigned)(part * 100);
}

/* The words, as much of them as width has room for: the last ones go first. */
static size_t words(char *buf, size_t size, size_t width)
{
	char done[32], total[32], rate[32], left[32];
	char parts[4][80] = {"", "", "", ""};
	size_t n = 0;

	number(done, sizeof(done), (double)bar.done);
	number(total, sizeof(total), (double)bar.total);
	number(rate, sizeof(rate), bar.rate);
	if (bar.total)
		snprintf(parts[0], sizeof(parts[0]), "%u %%", percent());
	snprintf(parts[1], sizeof(parts[1]), "%s%s%s%s%s%s",
		bar.total ? "  " : "", done, bar.total ? " of " : "",
		bar.total ? total : "", is_bytes() ? "" : " ",
		is_bytes() ? "" : bar.what);
	snprintf(parts[2], sizeof(parts[2]), ", %s/s", rate);
	/* Before there is something done it would be a guess of days. */
	if (bar.total > bar.done && bar.rate > 0 && percent() > 0) {
		duration(left, sizeof(left),
			(double)(bar.total - bar.done) / bar.rate);
		snprintf(parts[3], sizeof(parts[3]), ", %s left", left);
	}
	buf[0] = '\0';
	for (int i = 0; i < 4; i++) {
		size_t more = strlen(parts[i]);

		if (n + more > width || n + more >= size)
			break;
		memcpy(buf + n, parts[i], more + 1);
		n += more;
	}
	return n;
}

/* "[####......] " in at most width columns, or nothing. */
static size_t cells(char *buf, size_t width)
{
	size_t n, filled;

	if (!bar.total || width < BAR_MIN + 3)
		return 0;
	n = width - 3 < BAR_MAX ? width - 3 : BAR_MAX;
	filled = n * percent() / 100;
	buf[0] = '[';
	memset(buf + 1, '#', filled);
	memset(buf + 1 + filled, '.', n - filled);
	memcpy(buf + 1 + n, "] ", 2);
	return n + 3;
}

/* --- where it says it ----------------------------------------------------- */

static size_t terminal_width(void)
{
	struct winsize w;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &w) || !w.ws_col)
		return 80;
	return w.ws_col < WIDTH_MAX ? w.ws_col : WIDTH_MAX;
}

/* In the background a bar would be drawn over what somebody types. */
static bool in_foreground(void)
{
	pid_t group = tcgetpgrp(STDERR_FILENO);

	return group < 0 || group == getpgrp();
}

static void put(const char *p, size_t n)
{
	int saved = errno;

	while (n) {
		ssize_t w = write(STDERR_FILENO, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w <= 0)
			break;
		p += w;
		n -= (size_t)w;
	}
	errno = saved;
}

/* The last column stays free: in it some terminals go to the next line. */
static void draw(void)
{
	char text[WIDTH_MAX], line[2 * WIDTH_MAX] = "\r";
	size_t width = terminal_width() - 1, n, at = 1;

	if (width + 1 < WIDTH_MIN || !in_foreground())
		return;
	n = words(text, sizeof(text), width);
	at += cells(line + at, width - n);
	memcpy(line + at, text, n);
	at += n;
	memcpy(line + at, "\033[K", 3);
	put(line, at + 3);
	bar.drawn = true;
}

static bool can_wipe(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && *term &&
	       strcmp(term, "dumb") != 0;
}

/* --- when it says it ------------------------------------------------------ */

void progress_start(const char *what, uint64_t total)
{
	progress_end();
	if (!can_wipe())
		return;
	bar.what = what;
	bar.total = total;
	bar.done = bar.rate_done = 0;
	bar.began = bar.looked = bar.rate_at = clock_ms();
	bar.next = bar.began + FIRST_MS;
	bar.stride = bar.skip = 1;
	bar.rate = 0;
	bar.yielded = false;
}

bool progress_is_on(void)
{
	return bar.what || can_wipe();
}

/* Whether it is time to draw; a stride takes 5 to 20 ms. */
static bool is_due(void)
{
	int64_t now;

	if (!bar.what || --bar.skip > 0)
		return false;
	now = clock_ms();
	if (now - bar.looked < 5 && bar.stride < STRIDE_MAX)
		bar.stride *= 2;
	else if (now - bar.looked > 20)
		bar.stride = bar.stride > 8 ? bar.stride / 8 : 1;
	bar.looked = now;
	bar.skip = bar.stride;
	return now >= bar.next && !bar.yielded;
}

static void show(uint64_t done)
{
	bar.done = done;
	bar.next = bar.looked + EACH_MS;
	measure(bar.looked);
	draw();
}

void progress_at(uint64_t done)
{
	if (is_due())
		show(done);
}

void progress_start_file(FILE *f)
{
	struct stat st;

	progress_start("bytes",
		!fstat(fileno(f), &st) && S_ISREG(st.st_mode) && st.st_size > 0
			? (uint64_t)st.st_size
			: 0);
}

void progress_at_file(FILE *f)
{
	off_t at;

	if (!is_due())
		return;
	at = ftello(f);
	if (at >= 0)
		show((uint64_t)at);
}

void progress_hide(void)
{
	if (!bar.drawn)
		return;
	put("\r\033[K", 4);
	bar.drawn = false;
}

void progress_yield(void)
{
	if (!bar.what || bar.yielded || !isatty(STDOUT_FILENO))
		return;
	progress_hide();
	bar.yielded = true;
}

void progress_end(void)
{
	progress_hide();
	bar.what = NULL;
}
