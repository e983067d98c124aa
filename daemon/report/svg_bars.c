/*
 * Pictures of upright bars: twelve weeks by class, a week by hour. Few lines
 * and direct labels; what the bars say is also a table (html.c).
 */
#include "svg_private.h"

#include "print.h"

#define TOP    18  /* pixels: room for the number over a bar */
#define HEIGHT 132 /* of the highest bar */
#define BOTTOM 20  /* week labels */
#define LETTER 7.0 /* a digit of 11 px in a wide typeface */
#define BOLD   7.8
#define NARROW 240 /* what the bars have on a telephone, at least */
#define WIDE   600
#define MANY   40 /* bars, from which on they touch each other */
#define FEW    8  /* places that there are at least, so that no bar is fat */
#define LABEL  24 /* characters of a label */

struct chart {
	struct out *o;
	const struct document_picture *p;
	double step, top; /* of the axis */
	size_t highest;   /* bar; of equal ones the last */
	double places;    /* for bars, */
	double first;     /* of which this is the first that is used */
};

static double value(const struct chart *c, size_t series, size_t bar)
{
	int64_t v = c->p->series[series].values[bar];

	return v > 0 ? (double)v : 0;
}

static double total(const struct chart *c, size_t bar)
{
	double sum = 0;

	for (size_t s = 0; s < c->p->series_n; s++)
		sum += value(c, s, bar);
	return sum;
}

/* So high that it is seen, if it is anything at all. */
static double height(const struct chart *c, double v)
{
	double h = v / c->top * HEIGHT;

	return v > 0 && h < 1.5 ? 1.5 : h;
}

/* The step between two lines of the axis: 1, 2 or 5 by a power of ten, so that
 * there are at most four. */
static double axis_step(double top)
{
	static const int steps[] = {1, 2, 5};
	double unit = 1;

	for (;; unit *= 10)
		for (size_t i = 0; i < 3; i++)
			if (steps[i] * unit * 4 >= top)
				return steps[i] * unit;
}

static void measure(struct chart *c)
{
	double most = 0, n = (double)c->p->labels_n;

	c->places = n < FEW ? FEW : n;
	c->first = c->places - n;
	for (size_t i = 0; i < c->p->labels_n; i++)
		if (total(c, i) >= most) {
			most = total(c, i);
			c->highest = i;
		}
	c->step = axis_step(most > 0 ? most : 1);
	for (c->top = c->step; c->top < most; c->top += c->step)
		;
}

static bool is_marked(const struct document_picture *p, size_t bar)
{
	size_t n = p->marked_n > 1 ? (size_t)p->marked_n : 1;

	return p->marked >= 0 && bar >= (size_t)p->marked &&
	       bar < (size_t)p->marked + n;
}

/* x="12.34%", of a place. */
static void put_x(const struct chart *c, const char *name, double place)
{
	out_printf(c->o, " %s=\"", name);
	svg_put_decimal(c->o, place * 100 / c->places);
	out_z(c->o, "%\"");
}

static void put_y(const struct chart *c, const char *name, double pixels)
{
	out_printf(c->o, " %s=\"", name);
	svg_put_decimal(c->o, pixels);
	out_char(c->o, '"');
}

/* --- axes --- */

/* The axis may end above the greatest number that there is. */
static int64_t whole(double v)
{
	return v < 9.2e18 ? (int64_t)v : INT64_MAX;
}

static void axis_numbers(const struct chart *c)
{
	char text[SVG_SHORT];
	size_t longest = 1;
	int width;

	for (double v = c->step; v <= c->top * 1.001; v += c->step) {
		size_t n = strlen(svg_short(text, whole(v)));

		longest = n > longest ? n : longest;
	}
	width = (int)((double)longest * LETTER + 8);
	out_printf(c->o,
		"<td style=\"padding:0;width:%dpx;vertical-align:top\">"
		"<svg aria-hidden=\"true\" width=\"%d\" height=\"%d\">",
		width, width, TOP + HEIGHT + BOTTOM);
	for (double v = 0; v <= c->top * 1.001; v += c->step)
		out_printf(c->o,
			"<text class=\"tick\" fill=\"#57606a\" "
			"font-size=\"11\" "
			"text-anchor=\"end\" x=\"%d\" y=\"%d\">%s</text>",
			width - 6,
			TOP + HEIGHT + 4 - (int)(v / c->top * HEIGHT + 0.5),
			svg_short(text, whole(v)));
	out_z(c->o, "</svg></td>");
}

static void grid(const struct chart *c)
{
	for (double v = c->step; v <= c->top * 1.001; v += c->step) {
		double y = TOP + HEIGHT - v / c->top * HEIGHT;

		out_z(c->o, "<line class=\"grid\" stroke=\"#d8dee4\" x1=\"0\" "
			    "x2=\"100%\"");
		put_y(c, "y1", (int)y + 0.5);
		put_y(c, "y2", (int)y + 0.5);
		out_z(c->o, "/>");
	}
}

static void base_line(const struct chart *c)
{
	out_z(c->o, "<line class=\"base\" stroke=\"#57606a\" x1=\"0\" "
		    "x2=\"100%\"");
	put_y(c, "y1", TOP + HEIGHT + 0.5);
	put_y(c, "y2", TOP + HEIGHT + 0.5);
	out_z(c->o, "/>");
}

/* Which labels stand below the axis: of those that are not empty the last, and
 * before it each that has room; `step` on the telephone, `wide` elsewhere. */
struct labels {
	size_t n, step, wide;
	double letters; /* of the longest */
};

/* The last one ends where the picture ends, and is not under its bar's
 * middle. */
static size_t steps_for(double width, double each, size_t n)
{
	size_t step = 1;

	while (step < n && ((double)step * each < width ||
				   ((double)step + 0.5) * each < 1.5 * width))
		step++;
	return step;
}

static double label_width(struct str label)
{
	size_t n = print_width(label);

	return (double)(n < LABEL ? n : LABEL + 1) * LETTER;
}

/* What stands below a bar; absent: nothing, it is not the first of its group.
 */
static struct str label_of(const struct document_picture *p, size_t bar)
{
	struct str label = p->labels[bar];

	if (p->group < 2)
		return label;
	return bar % p->group ? STR_NULL
			      : str_sub(label, 0, str_chr(label, ' '));
}

static struct labels choose_labels(const struct document_picture *p)
{
	struct labels l = {0};
	double widest = 0;

	for (size_t i = 0; i < p->labels_n; i++) {
		double w = label_width(label_of(p, i));

		l.n += label_of(p, i).n > 0;
		widest = w > widest ? w : widest;
	}
	if (!l.n)
		return l;
	widest += LETTER;
	l.wide = steps_for(widest, (double)WIDE / (double)l.n, l.n);
	l.step = steps_for(widest, (double)NARROW / (double)l.n, l.n);
	while (l.step % l.wide)
		l.step++;
	return l;
}

/* Where a text stands that is as wide as that (in places): centred at a place,
 * but never out of the picture. */
struct spot {
	const char *anchor;
	double at, left, right;
};

static struct spot find_spot(const struct chart *c, double centre, double wide)
{
	struct spot s = {
		"middle", centre, centre - wide / 2, centre + wide / 2};

	if (s.left < 0)
		s = (struct spot){"start", 0, 0, wide};
	else if (s.right > c->places)
		s = (struct spot){
			"end", c->places, c->places - wide, c->places};
	return s;
}

/* Pixels of the telephone, in places. */
static double in_places(const struct chart *c, double pixels)
{
	return pixels / NARROW * c->places;
}

static void put_spot(const struct chart *c, const struct spot *s, double y)
{
	out_printf(c->o, " font-size=\"11\" text-anchor=\"%s\"", s->anchor);
	put_x(c, "x", s->at);
	put_y(c, "y", y);
	out_char(c->o, '>');
}

/* Below the middle of its bar; of many bars it begins at its own. */
static void one_label(const struct chart *c, size_t bar, bool only_wide)
{
	struct str label = label_of(c->p, bar);
	double wide = in_places(c, label_width(label));
	double left = c->first + (double)bar;
	struct spot s = find_spot(
		c, c->places > MANY ? left + wide / 2 : left + 0.5, wide);

	if (c->places > MANY && left + wide <= c->places)
		s = (struct spot){"start", left, left, left + wide};
	out_printf(c->o, "<text class=\"tick%s\"%s fill=\"#57606a\"",
		only_wide ? " w" : "", only_wide ? " display=\"none\"" : "");
	put_spot(c, &s, TOP + HEIGHT + 15);
	print_html(c->o, label, LABEL);
	out_z(c->o, "</text>");
}

static void axis_labels(const struct chart *c)
{
	struct labels l = choose_labels(c->p);
	size_t left = l.n; /* labels from this one on */

	for (size_t i = 0; i < c->p->labels_n; i++) {
		if (!label_of(c->p, i).n)
			continue;
		left--;
		if (left % l.wide == 0)
			one_label(c, i, left % l.step != 0);
	}
}

/* --- bars --- */

/* Parts of a bar have a line of the ground between them. */
static double one_part(
	const struct chart *c, size_t bar, size_t series, double y)
{
	double h = height(c, value(c, series, bar));
	double gap = c->p->series_n > 1 && h > 3 ? 1 : 0;

	if (!(h > 0))
		return y;
	out_z(c->o, "<rect ");
	if (c->p->series_n == 1 && is_marked(c->p, bar))
		out_z(c->o, SVG_MARK_FILL);
	else
		svg_put_colour(c->o, series);
	put_x(c, "x", c->first + (double)bar + 0.16);
	put_x(c, "width", 0.68);
	put_y(c, "y", y - h + gap);
	put_y(c, "height", h - gap);
	out_z(c->o, "/>");
	return y - h;
}

static void few_bars(const struct chart *c)
{
	for (size_t i = 0; i < c->p->labels_n; i++) {
		double y = TOP + HEIGHT;

		for (size_t s = 0; s < c->p->series_n; s++)
			y = one_part(c, i, s, y);
	}
}

/* Those of the first series that are marked, or the others: one path, a bar
 * wide 1, stretched to the width that there is. */
static void many_path(const struct chart *c, bool marked)
{
	out_z(c->o, "<path ");
	if (marked)
		out_z(c->o, SVG_MARK_FILL);
	else
		svg_put_colour(c->o, 0);
	out_z(c->o, " d=\"");
	for (size_t i = 0; i < c->p->labels_n; i++) {
		double h = height(c, value(c, 0, i));

		if (!(h > 0) || is_marked(c->p, i) != marked)
			continue;
		out_printf(c->o, "M%zu %dv-", i, HEIGHT);
		svg_put_decimal(c->o, h);
		out_z(c->o, "h1v");
		svg_put_decimal(c->o, h);
		out_char(c->o, 'z');
	}
	out_z(c->o, "\"/>");
}

static void many_bars(const struct chart *c)
{
	out_printf(c->o,
		"<svg aria-hidden=\"true\" y=\"%d\" width=\"100%%\" "
		"height=\"%d\" viewBox=\"0 0 %zu %d\" "
		"preserveAspectRatio=\"none\" shape-rendering=\"crispEdges\">",
		TOP, HEIGHT, c->p->labels_n, HEIGHT);
	many_path(c, false);
	many_path(c, true);
	out_z(c->o, "</svg>");
}

/* The height of what stands in the way of a text there. */
static double highest_below(const struct chart *c, const struct spot *s)
{
	double most = 0;

	for (size_t i = 0; i < c->p->labels_n; i++) {
		double left = c->first + (double)i, sum = total(c, i);

		if (left + 1 > s->left && left < s->right && sum > most)
			most = sum;
	}
	return height(c, most);
}

/* The number over a bar: where pixels are scarce it stands over its
 * neighbours, too. */
static void tell_at(const struct chart *c, size_t bar, double pixels,
	const char *attributes)
{
	char text[SVG_SHORT];
	double sum = total(c, bar), wide;
	struct spot s;

	svg_short(text, sum < 9e18 ? (int64_t)sum : INT64_MAX);
	wide = (double)strlen(text) * BOLD / pixels * c->places;
	s = find_spot(c, c->first + (double)bar + 0.5, wide);
	out_printf(c->o, "<text %s fill=\"#1b1f24\" font-weight=\"bold\"",
		attributes);
	put_spot(c, &s, TOP + HEIGHT - 5 - highest_below(c, &s));
	out_printf(c->o, "%s</text>", text);
}

static void tell(const struct chart *c, size_t bar)
{
	tell_at(c, bar, NARROW, "class=\"told n\"");
	tell_at(c, bar, WIDE, "class=\"told w\" display=\"none\"");
}

/* The bar that the reader looks for: the highest of those that are marked, or
 * the last one of weeks. */
static size_t sought(const struct chart *c)
{
	size_t best = c->highest;

	if (c->p->marked < 0)
		return c->p->form == PICTURE_STACKED ? c->p->labels_n - 1
						     : best;
	if (is_marked(c->p, best))
		return best;
	best = (size_t)c->p->marked;
	for (size_t i = 0; i < c->p->labels_n; i++)
		if (is_marked(c->p, i) && total(c, i) > total(c, best))
			best = i;
	return best < c->p->labels_n ? best : c->highest;
}

/* That one, and the highest where it is far enough away. */
static void direct_numbers(const struct chart *c)
{
	size_t bar = sought(c);
	size_t apart = bar > c->highest ? bar - c->highest : c->highest - bar;

	tell(c, bar);
	if ((double)apart > in_places(c, 8 * LETTER))
		tell(c, c->highest);
}

static void put_description(const struct chart *c)
{
	char text[SVG_SHORT];
	double most = total(c, c->highest);

	out_printf(c->o, "%zu bars; the highest is %s", c->p->labels_n,
		svg_short(text, most < 9e18 ? (int64_t)most : INT64_MAX));
	if (!c->p->labels[c->highest].n)
		return;
	out_z(c->o, ", ");
	print_html(c->o, c->p->labels[c->highest], LABEL);
}

static void plot(const struct chart *c, size_t id)
{
	out_printf(c->o,
		"<td style=\"padding:0;vertical-align:top\"><svg role=\"img\" "
		"aria-labelledby=\"t%zu d%zu\" width=\"100%%\" height=\"%d\">"
		"<title id=\"t%zu\">",
		id, id, TOP + HEIGHT + BOTTOM, id);
	print_html(c->o, c->p->title, 200);
	out_printf(c->o, "</title><desc id=\"d%zu\">", id);
	put_description(c);
	out_z(c->o, "</desc>");
	grid(c);
	if (c->places > MANY)
		many_bars(c);
	else
		few_bars(c);
	base_line(c);
	axis_labels(c);
	direct_numbers(c);
	out_z(c->o, "</svg></td>");
}

bool svg_has_bars(const struct document_picture *p)
{
	for (size_t s = 0; s < p->series_n; s++)
		for (size_t i = 0; i < p->labels_n; i++)
			if (p->series[s].values[i] > 0)
				return true;
	return false;
}

void svg_bars(struct out *o, const struct document_picture *p, size_t id)
{
	struct chart c = {.o = o, .p = p};

	measure(&c);
	out_z(o, "<table role=\"presentation\" style=\"width:100%;"
		 "table-layout:fixed\"><tr>");
	axis_numbers(&c);
	plot(&c, id);
	out_z(o, "</tr></table>\n");
}
