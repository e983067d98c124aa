/*
 * The bar is drawn at most five times a second and only looks at the clock
 * every 64th call, so that a loop over a million rows may call it for each.
 */
#include "progress.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "clock.h"

#define BAR_WIDTH 30

static struct {
	const char *what; /* NULL: no bar */
	uint64_t total, done;
	unsigned calls;
	int64_t next; /* when to draw, ms */
	bool drawn;
} bar;

void progress_start(const char *what, uint64_t total)
{
	if (!isatty(STDERR_FILENO))
		return;
	bar.what = what;
	bar.total = total;
	bar.done = 0;
	bar.calls = 0;
	bar.drawn = false;
	bar.next = clock_ms() + 1000;
}

static void draw(void)
{
	char cells[BAR_WIDTH + 1];
	uint64_t done = bar.done < bar.total ? bar.done : bar.total;
	unsigned percent, filled;

	if (!bar.total) {
		fprintf(stderr, "\r\033[K%" PRIu64 " %s", bar.done, bar.what);
		return;
	}
	percent = (unsigned)((double)done * 100 / (double)bar.total);
	filled = percent * BAR_WIDTH / 100;
	for (unsigned i = 0; i < BAR_WIDTH; i++)
		cells[i] = i < filled ? '#' : '.';
	cells[BAR_WIDTH] = '\0';
	fprintf(stderr, "\r\033[K[%s] %3u %%  %" PRIu64 " of %" PRIu64 " %s",
		cells, percent, done, bar.total, bar.what);
}

void progress_at(uint64_t done)
{
	int64_t now;

	bar.done = done;
	if (!bar.what || (bar.calls++ & 63) != 0)
		return;
	now = clock_ms();
	if (now < bar.next)
		return;
	bar.next = now + 200;
	draw();
	fflush(stderr);
	bar.drawn = true;
}

void progress_hide(void)
{
	if (!bar.drawn)
		return;
	fputs("\r\033[K", stderr);
	bar.drawn = false;
}

void progress_end(void)
{
	progress_hide();
	bar.what = NULL;
}
