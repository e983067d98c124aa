/*
 * The report for terminals and for the text part of a mail. Names come from
 * strangers: what a terminal would obey is shown instead (print.h), and how
 * wide a character is decides where a line ends, not how many bytes it has.
 */
#include "text.h"

#include "print.h"
#include "report.h"

static const struct {
	const char *word, *sign;
} tones[] = {
	[TONE_PLAIN] = {"",         ""   },
	[TONE_GOOD] = {"[good] ",  ""   },
	[TONE_WARN] = {"[look] ",  "! " },
	[TONE_BAD] = {"[alarm] ", "!! "},
};

const char *text_sign(enum document_tone tone)
{
	return tones[tone].sign;
}

void text_spaces(struct out *o, size_t n)
{
	while (n--)
		out_char(o, ' ');
}

void text_cut(struct out *o, struct str s, size_t width)
{
	size_t used;

	if (print_width(s) > width) {
		used = print_visible_part(o, &s, width - 2);
		out_z(o, "..");
		used += 2;
	} else {
		used = print_visible_part(o, &s, width);
	}
	text_spaces(o, used < width ? width - used : 0);
}

/* --- words --- */

/* A line that is being filled. */
struct line {
	struct out *o;
	size_t indent; /* of those that follow */
	size_t at;     /* columns used */
};

static void next_line(struct line *l)
{
	out_char(l->o, '\n');
	text_spaces(l->o, l->indent);
	l->at = l->indent;
}

/* A word that no line is wide enough for goes on in the next ones. */
static void put_word(struct line *l, struct str word)
{
	size_t width = print_width(word);
	bool begins = l->at == l->indent;

	if (!begins && l->at + 1 + width > TEXT_COLUMNS) {
		next_line(l);
	} else if (!begins) {
		out_char(l->o, ' ');
		l->at++;
	}
	while (word.n) {
		size_t n =
			print_visible_part(l->o, &word, TEXT_COLUMNS - l->at);

		l->at += n;
		if (word.n)
			next_line(l);
	}
}

void text_wrap(struct out *o, size_t indent, const char *first, struct str text)
{
	struct line l = {.o = o, .indent = indent + strlen(first)};
	struct str word;

	text_spaces(o, indent);
	out_z(o, first);
	l.at = l.indent;
	while (str_cut(&text, ' ', &word))
		if (word.n)
			put_word(&l, word);
	out_char(o, '\n');
}

/* --- blocks --- */

/* What is typed is one line, however long. */
static void put_command(struct out *o, size_t indent, struct str text)
{
	text_spaces(o, indent);
	print_visible(o, text);
	out_char(o, '\n');
}

static void put_verdict(struct out *o, const struct document_block *b)
{
	text_wrap(o, TEXT_INDENT, tones[b->tone].word, b->text);
}

/* How far a list has gone in: what follows belongs to it. */
static size_t indent_after(const struct document_block *b, size_t now)
{
	if (b->kind == DOCUMENT_ITEM)
		return TEXT_INDENT + 4;
	if (b->kind == DOCUMENT_DETAIL)
		return TEXT_INDENT + 6;
	return b->kind == DOCUMENT_COMMAND ? now : TEXT_INDENT + 2;
}

static void put_item(struct out *o, const struct document_block *b)
{
	const char *sign = tones[b->tone].sign;

	text_wrap(o, TEXT_INDENT, *sign ? sign : "- ", b->text);
}

static void put_block(
	struct out *o, const struct document_block *b, size_t indent)
{
	switch (b->kind) {
	case DOCUMENT_TITLE:
	case DOCUMENT_HEADING:
		text_wrap(o, 0, "", b->text);
		break;
	case DOCUMENT_VERDICT:
		put_verdict(o, b);
		break;
	case DOCUMENT_PARAGRAPH:
	case DOCUMENT_NOTE:
		text_wrap(o, TEXT_INDENT, "", b->text);
		break;
	case DOCUMENT_ITEM:
		put_item(o, b);
		break;
	case DOCUMENT_DETAIL:
		text_wrap(o, TEXT_INDENT + 2, "- ", b->text);
		break;
	case DOCUMENT_COMMAND:
		put_command(o, indent, b->text);
		break;
	case DOCUMENT_TABLE:
		text_table(b->table, o);
		break;
	case DOCUMENT_PICTURE:
		text_picture(b->picture, o);
		break;
	}
}

static bool is_shown(const struct document_block *b)
{
	if (b->kind == DOCUMENT_TABLE)
		return b->table->rows_n > 0;
	return b->kind != DOCUMENT_PICTURE || !b->picture->is_told;
}

static bool is_block(const struct document_block *b)
{
	return b->kind == DOCUMENT_TABLE || b->kind == DOCUMENT_PICTURE;
}

/* Whether a line is left free between the two. */
static bool is_apart(
	const struct document_block *before, const struct document_block *b)
{
	if (b->kind == DOCUMENT_HEADING || before->kind == DOCUMENT_TITLE)
		return true;
	if (before->kind == DOCUMENT_HEADING)
		return false;
	if (b->kind == DOCUMENT_NOTE)
		return false;
	return is_block(before) || is_block(b) || b->kind == DOCUMENT_PARAGRAPH;
}

void text_document(const struct document *d, struct out *o)
{
	const struct document_block *before = NULL;
	size_t indent = TEXT_INDENT;

	for (size_t i = 0; i < d->n; i++) {
		const struct document_block *b = &d->blocks[i];

		if (!is_shown(b))
			continue;
		if (before && is_apart(before, b))
			out_char(o, '\n');
		put_block(o, b, indent);
		indent = indent_after(b, indent);
		before = b;
	}
}

void report_text(const struct report *r, struct out *o)
{
	struct arena a;
	struct document d;

	arena_init(&a, 0);
	document_init(&d, &a);
	report_words(r, &d);
	text_document(&d, o);
	arena_release(&a);
}
