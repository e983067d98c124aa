/*
 * Why by hand: what a report shows is bars, and a library that draws them would
 * bring fonts, widths in pixels and a format of its own.
 */
#include "svg_private.h"

#include <inttypes.h>
#include <stdio.h>

/* Okabe and Ito's families, moved so that six differ in lightness, too: the
 * nearest two for any kind of colour blindness are 25 apart (CIE 1976). */
static const char *const colours[] = {
	"#14306b", "#3796e8", "#dc6b00", "#4d0a3a", "#a98296", "#1f6b3a"};

#define COLOURS (sizeof(colours) / sizeof(colours[0]))

const char *svg_short(char buf[SVG_SHORT], int64_t n)
{
	static const struct {
		double unit;
		const char *name;
	} units[] = {
		{1e9, "bn"},
                {1e6, "M" },
                {1e3, "k" }
        };

	if (n < 1000) {
		snprintf(buf, SVG_SHORT, "%" PRId64, n);
		return buf;
	}
	if (n < 10000) {
		snprintf(buf, SVG_SHORT, "%d,%03d", (int)n / 1000,
			(int)n % 1000);
		return buf;
	}
	for (size_t i = 0;; i++) {
		double v = (double)n / units[i].unit;
		long tenths = (long)(v * 10 + 0.5);

		if (v < 0.9995)
			continue;
		if (tenths < 100 && tenths % 10)
			snprintf(buf, SVG_SHORT, "%ld.%ld %s", tenths / 10,
				tenths % 10, units[i].name);
		else
			snprintf(buf, SVG_SHORT, "%ld %s", (long)(v + 0.5),
				units[i].name);
		return buf;
	}
}

void svg_put_decimal(struct out *o, double v)
{
	long hundredths = (long)(v * 100 + 0.5);

	out_printf(o, "%ld.%02ld", hundredths / 100, hundredths % 100);
}

void svg_put_colour(struct out *o, size_t series)
{
	size_t n = series % COLOURS;

	out_printf(o, "class=\"s%zu\" fill=\"%s\"", n, colours[n]);
}

void svg_share(struct out *o, double part, double whole)
{
	double of = whole > 0 && part > 0 ? part / whole : 0;

	out_z(o, "<svg aria-hidden=\"true\" width=\"100%\" height=\"9\">");
	if (of > 0) {
		out_z(o, "<rect ");
		svg_put_colour(o, 0);
		out_z(o, " height=\"9\" width=\"");
		svg_put_decimal(o, of < 0.005 ? 0.5 : of * 100);
		out_z(o, "%\"/>");
	}
	out_z(o, "</svg>");
}

void svg_key(struct out *o, size_t series)
{
	out_z(o, "<svg aria-hidden=\"true\" width=\"10\" height=\"10\"><rect ");
	if (series == SVG_MARK)
		out_z(o, SVG_MARK_FILL);
	else
		svg_put_colour(o, series);
	out_z(o, " width=\"10\" height=\"10\"/></svg>");
}

#define SPARK 18 /* pixels high */

/* Bars of values [from, to) as one path: short, for there are many. */
static void spark_path(struct out *o, const int64_t *values, size_t from,
	size_t to, int64_t top, const char *attributes)
{
	out_printf(o, "<path %s d=\"", attributes);
	for (size_t i = from; i < to; i++) {
		double v = values[i] > 0 ? (double)values[i] : 0;
		int h = (int)(v / (double)top * SPARK + 0.5);

		h = h ? h : 1; /* 0 is a thin line */
		out_printf(o, "M%zu %dh3v%dh-3z", i * 4, SPARK - h, h);
	}
	out_z(o, "\"/>");
}

void svg_sparkline(struct out *o, const int64_t *values, size_t n)
{
	int64_t top = 1;

	for (size_t i = 0; i < n; i++)
		top = values[i] > top ? values[i] : top;
	out_printf(o,
		"<svg role=\"img\" width=\"%zu\" height=\"%d\"><title>oldest "
		"first: ",
		n * 4, SPARK);
	for (size_t i = 0; i < n; i++)
		out_printf(o, "%s%" PRId64, i ? " " : "", values[i]);
	out_z(o, "</title>");
	if (n > 1)
		spark_path(o, values, 0, n - 1, top,
			"class=\"usual\" fill=\"#8b95a1\"");
	spark_path(o, values, n - 1, n, top, "class=\"told\" fill=\"#1b1f24\"");
	out_z(o, "</svg>");
}
