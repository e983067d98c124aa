/*
 * The report for browsers, mail clients and paper. Mail clients drop much:
 * what the reading order and the columns depend on is plain markup with styles
 * of its own, html.css makes it fine where it is let, and the numbers of each
 * picture are in the text, too (many drop SVG). In a browser these are folded
 * away.
 */
#include "html.h"

#include "print.h"
#include "report.h"
#include "svg.h"

/* Characters (of TEXT: bytes). What words.c says is shorter; names are made by
 * strangers. */
#define TEXT_LIMIT 4000
#define CELL_LIMIT 200
#define KEY_LIMIT  64
/* Bytes of a word with hyphens that stays in one line. */
#define DATE_WHOLE    10
#define WORD_WHOLE    20
#define COMMAND_WHOLE 34

static const char style[] =
#include "html.css.inc"
	;

static const struct str quoted = STR("'-");

struct page {
	struct out *o;
	size_t pictures; /* so far */
	int level;       /* of lists: 0 none, 1 in an item, 2 in a detail */
};

/* A tone as a word on its colour, which also a client without styles shows. */
static const struct {
	const char *word, *sign, *style;
} tones[] = {
	[TONE_PLAIN] = {NULL,    NULL, NULL                              },
	[TONE_GOOD] = {"good",  NULL, "background:#1a7f37;color:#fff"   },
	[TONE_WARN] = {"look",  "!",  "background:#ffd43b;color:#1b1f24"},
	[TONE_BAD] = {"alarm", "!!", "background:#b42318;color:#fff"   },
};

static void put_tone(struct out *o, enum document_tone tone)
{
	if (!tones[tone].word)
		return;
	out_printf(o,
		"<strong class=\"tone\" style=\"%s;padding:1px 7px;"
		"border-radius:3px\">%s</strong> ",
		tones[tone].style, tones[tone].word);
}

/*
 * Words with hyphens stay whole, where they are not too long: nobody reads
 * "--" at the end of a line, or a date in two. An option may leave its value to
 * the next line. Longer words than a name may have are cut, but never an
 * option: it is copied.
 */
static void put_word(struct out *o, struct str word, size_t whole, size_t limit)
{
	size_t value = str_chr(word, '=') + 1;
	bool span;

	if (value < word.n && (word.p[0] == '-' || str_starts(word, quoted))) {
		out_z(o, "<span class=\"word\">");
		print_html(o, str_sub(word, 0, value), limit);
		out_z(o, "</span><wbr>");
		word = str_sub(word, value, word.n);
		limit = TEXT_LIMIT;
	}
	span = word.n && word.n <= whole && memchr(word.p, '-', word.n);
	out_z(o, span ? "<span class=\"word\">" : "");
	print_html(o, word, limit);
	out_z(o, span ? "</span>" : "");
}

static void put_words(struct out *o, struct str text, size_t whole)
{
	const size_t limit = whole == COMMAND_WHOLE ? TEXT_LIMIT : KEY_LIMIT;
	struct str rest = str_sub(text, 0, TEXT_LIMIT), word;

	while (rest.n < text.n && rest.n &&
		((unsigned char)text.p[rest.n] & 0xc0) == 0x80)
		rest.n--; /* not within a character */
	text = str_sub(text, rest.n, text.n);
	while (str_cut(&rest, ' ', &word)) {
		put_word(o, word, whole, limit);
		out_z(o, rest.n ? " " : "");
	}
	out_z(o, text.n ? "\xe2\x80\xa6" : "");
}

/* --- lists --- */

/* Leave lists until the next item of this level can begin, or 0: none is
 * open. */
static void leave_lists(struct page *p, int level)
{
	for (; p->level > level; p->level--)
		out_z(p->o, "</li></ul>\n");
	if (level && p->level == level)
		out_z(p->o, "</li>\n");
}

static void list_item(struct page *p, int level, const struct document_block *b)
{
	leave_lists(p, level);
	for (; p->level < level; p->level++)
		out_z(p->o, p->level + 1 < level ? "<ul><li>" : "<ul>\n");
	out_z(p->o, "<li>");
	put_tone(p->o, b->tone);
	put_words(p->o, b->text, WORD_WHOLE);
}

static void item(struct page *p, const struct document_block *b)
{
	list_item(p, 1, b);
}

static void detail(struct page *p, const struct document_block *b)
{
	list_item(p, 2, b);
}

/* --- words --- */

static void element(
	struct page *p, const struct document_block *b, const char *name)
{
	leave_lists(p, 0);
	out_printf(p->o, "<%s>", name);
	put_tone(p->o, b->tone);
	put_words(p->o, b->text, WORD_WHOLE);
	out_printf(p->o, "</%.*s>\n", (int)strcspn(name, " "), name);
}

static void title(struct page *p, const struct document_block *b)
{
	element(p, b, "h1");
}

static void heading(struct page *p, const struct document_block *b)
{
	element(p, b, "h2");
}

static void verdict(struct page *p, const struct document_block *b)
{
	element(p, b, "p class=\"verdict\"");
}

static void paragraph(struct page *p, const struct document_block *b)
{
	element(p, b, "p");
}

static void note(struct page *p, const struct document_block *b)
{
	element(p, b, "p class=\"note\"");
}

/* Stays in the item that it belongs to. */
static void command(struct page *p, const struct document_block *b)
{
	out_z(p->o, "<pre><code>");
	put_words(p->o, b->text, COMMAND_WHOLE);
	out_z(p->o, "</code></pre>\n");
}

/* --- tables --- */

/* Kinds of cells, and what html.css calls them. */
#define KEY    "key"
#define TEXT   "txt"
#define NUMBER "num" /* which does not break */
#define SERIES "pic"

#define MANY 6 /* columns */

static const char *class_of(const struct document_column *column, bool first)
{
	return column->is_number   ? NUMBER
	       : column->is_series ? SERIES
	       : first             ? KEY
				   : TEXT;
}

/*
 * What has many columns is a grid on a telephone, where the first cell of a row
 * stands above the `grid` others. cellpadding and align
 * are old, but the shortest that every mail client knows: a mail of more than
 * 102 kB is cut by some.
 */
static void open_table(struct out *o, size_t columns, size_t grid)
{
	bool many = columns >= MANY;

	out_printf(o,
		"<div class=\"wide\"><table class=\"rows%s\" "
		"cellpadding=\"4\" style=\"border-collapse:collapse",
		many ? " many" : "");
	if (many)
		out_printf(o, ";grid-template-columns:repeat(%zu,auto)", grid);
	out_z(o, "\">\n");
}

static void head_cell(struct out *o, const char *text, const char *class)
{
	out_printf(o, "<th scope=\"col\" class=\"%s\" align=\"%s\">", class,
		strcmp(class, NUMBER) == 0 ? "right" : "left");
	print_html(o, str_from(text), CELL_LIMIT);
	out_z(o, "</th>");
}

/* The first cell of a row is what the row is about. */
static const char *open_cell(struct out *o, bool first, const char *class)
{
	const char *name = first ? "th" : "td";

	out_printf(o, "<%s%s class=\"%s\"", name, first ? " scope=\"row\"" : "",
		class);
	if (strcmp(class, NUMBER) == 0)
		out_z(o, " align=\"right\"");
	else if (first)
		out_z(o, " align=\"left\"");
	out_char(o, '>');
	return name;
}

static void put_cell(struct out *o, const struct document_column *column,
	const struct document_cell *cell, bool first)
{
	const char *name = open_cell(o, first, class_of(column, first));
	const char *sign = tones[cell->tone].sign;

	if (sign)
		out_printf(o, "<strong>%s ", sign);
	if (cell->series_n)
		svg_sparkline(o, cell->series, cell->series_n);
	if (first || cell->text.n > CELL_LIMIT)
		print_html(o, cell->text, first ? KEY_LIMIT : CELL_LIMIT);
	else
		put_words(o, cell->text, DATE_WHOLE);
	if (sign)
		out_z(o, "</strong>");
	out_printf(o, "</%s>", name);
}

static void table(struct page *p, const struct document_block *b)
{
	const struct document_table *t = b->table;
	const struct document_cell *cell = t->cells;

	size_t grid = 0;

	leave_lists(p, 0);
	if (!t->rows_n)
		return;
	for (size_t c = 1; c < t->columns_n; c++)
		grid += !t->columns[c].is_series;
	open_table(p->o, t->columns_n, grid);
	out_z(p->o, "<thead><tr>");
	for (size_t c = 0; c < t->columns_n; c++)
		head_cell(p->o, t->columns[c].head,
			class_of(&t->columns[c], c == 0));
	out_z(p->o, "</tr></thead>\n<tbody>\n");
	for (size_t r = 0; r < t->rows_n; r++) {
		out_z(p->o, "<tr>");
		for (size_t c = 0; c < t->columns_n; c++)
			put_cell(p->o, &t->columns[c], cell++, c == 0);
		out_z(p->o, "</tr>\n");
	}
	out_z(p->o, "</tbody></table></div>\n");
}

/* --- pictures --- */

static void put_number(struct out *o, int64_t n)
{
	char buf[PRINT_NUMBER];

	out_z(o, print_number(buf, n));
}

static void legend_key(struct out *o, size_t series, const char *name)
{
	out_z(o, "<span class=\"key-of\">");
	svg_key(o, series);
	out_z(o, "&nbsp;");
	print_html(o, str_from(name), CELL_LIMIT);
	out_z(o, "</span> ");
}

static void legend(struct out *o, const struct document_picture *p)
{
	bool marked = p->marked >= 0 && p->mark;

	if (p->series_n < 2 && !marked)
		return;
	out_z(o, "<p class=\"legend\">");
	for (size_t s = 0; s < p->series_n; s++)
		legend_key(o, s, p->series[s].name);
	if (marked)
		legend_key(o, SVG_MARK, p->mark);
	out_z(o, "</p>\n");
}

/* A row of the numbers: those of bars [from, to), by the name of the first. */
static void numbers_row(
	struct out *o, const struct document_picture *p, size_t from, size_t to)
{
	out_z(o, "<tr>");
	open_cell(o, true, KEY);
	print_html(o, p->labels[from], KEY_LIMIT);
	out_z(o, "</th>");
	for (size_t s = 0; s < p->series_n; s++) {
		bool one = to == from + 1;

		open_cell(o, false, one ? NUMBER : TEXT);
		for (size_t i = from; i < to; i++) {
			if (i > from)
				out_char(o, ' ');
			put_number(o, p->series[s].values[i]);
		}
		out_z(o, "</td>");
	}
	out_z(o, "</tr>\n");
}

static void numbers(struct out *o, const struct document_picture *p)
{
	size_t to;

	out_z(o, "<details><summary>The numbers</summary>\n");
	open_table(o, 1 + p->series_n, p->series_n);
	out_z(o, "<thead><tr><td class=\"key\"></td>");
	for (size_t s = 0; s < p->series_n; s++)
		head_cell(o, p->series[s].name, p->group > 1 ? TEXT : NUMBER);
	out_z(o, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < p->labels_n; i = to) {
		to = i + (p->group ? p->group : 1);
		to = to < p->labels_n ? to : p->labels_n;
		numbers_row(o, p, i, to);
	}
	out_z(o, "</tbody></table></div></details>\n");
}

/* A table with a bar below each name, which may be as long as it is; the
 * numbers stand beside their bars. */
static void shares(struct out *o, const struct document_picture *p)
{
	const int64_t *v = p->series[0].values;
	char buf[PRINT_PERCENT];
	double whole = 0;

	for (size_t i = 0; i < p->labels_n; i++)
		whole += v[i] > 0 ? (double)v[i] : 0;
	open_table(o, 3, 2);
	out_z(o, "<tbody>\n");
	for (size_t i = 0; i < p->labels_n; i++) {
		double part = v[i] > 0 ? (double)v[i] : 0;

		out_z(o, "<tr>");
		open_cell(o, true, KEY);
		print_html(o, p->labels[i], KEY_LIMIT);
		svg_share(o, part, whole);
		out_z(o, "</th>");
		open_cell(o, false, NUMBER);
		put_number(o, v[i]);
		out_z(o, "</td>");
		open_cell(o, false, NUMBER);
		print_html(o, str_from(print_percent(buf, part, whole)),
			sizeof(buf));
		out_z(o, "</td></tr>\n");
	}
	out_z(o, "</tbody></table></div>\n");
}

static void picture(struct page *p, const struct document_block *b)
{
	const struct document_picture *pic = b->picture;

	leave_lists(p, 0);
	if (!pic->series_n || !pic->labels_n)
		return;
	out_z(p->o, "<figure style=\"margin-left:0;margin-right:0\">"
		    "<figcaption>");
	print_html(p->o, pic->title, CELL_LIMIT);
	out_z(p->o, "</figcaption>\n");
	if (!svg_has_bars(pic)) {
		out_z(p->o, "<p class=\"none\">Nothing: all are 0.</p>\n");
	} else if (pic->form == PICTURE_SHARES) {
		shares(p->o, pic);
	} else {
		legend(p->o, pic);
		svg_bars(p->o, pic, ++p->pictures);
		numbers(p->o, pic);
	}
	out_z(p->o, "</figure>\n");
}

/* --- the page --- */

static void (*const blocks[])(
	struct page *p, const struct document_block *b) = {
	[DOCUMENT_TITLE] = title,
	[DOCUMENT_HEADING] = heading,
	[DOCUMENT_VERDICT] = verdict,
	[DOCUMENT_PARAGRAPH] = paragraph,
	[DOCUMENT_ITEM] = item,
	[DOCUMENT_DETAIL] = detail,
	[DOCUMENT_COMMAND] = command,
	[DOCUMENT_NOTE] = note,
	[DOCUMENT_TABLE] = table,
	[DOCUMENT_PICTURE] = picture,
};

static struct str title_of(const struct document *d)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->blocks[i].kind == DOCUMENT_TITLE)
			return d->blocks[i].text;
	return str_from("bouncewatch report");
}

void html_document(const struct document *d, struct out *o)
{
	struct page p = {.o = o};

	out_z(o, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
		 "<meta charset=\"utf-8\">\n"
		 "<meta name=\"viewport\" "
		 "content=\"width=device-width, initial-scale=1\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n"
		 "<title>");
	print_html(o, title_of(d), CELL_LIMIT);
	out_z(o, "</title>\n<style>\n");
	out_z(o, style);
	out_z(o, "</style>\n</head>\n<body>\n<main>\n");
	for (size_t i = 0; i < d->n; i++)
		blocks[d->blocks[i].kind](&p, &d->blocks[i]);
	leave_lists(&p, 0);
	out_z(o, "</main>\n</body>\n</html>\n");
}

void report_html(const struct report *r, struct out *o)
{
	struct arena arena;
	struct document d;

	arena_init(&arena, 0);
	document_init(&d, &arena);
	report_words(r, &d);
	if (arena.full)
		document_note(&d, "Out of memory: this report is not whole.");
	html_document(&d, o);
	arena_release(&arena);
}
