/* What the files text*.c share: a text laid out in lines. */
#ifndef TEXT_PRIVATE_H
#define TEXT_PRIVATE_H

#include "text.h"

#define BIT(m) (1u << (m))

struct line {
	struct str raw;
	uint32_t from, to; /* folded */
	uint32_t marks;
	struct str address;
	uint8_t level;
	bool blank, indented, rule, starts, named, said, reply, alone;
};

struct page {
	const struct verdict_context *ctx;
	struct arena *arena;
	struct text *text;
	struct line *line;
	size_t lines, lines_cap; /* folded */
	size_t n;                /* and read */
	const struct text_input *in;
	size_t cap;           /* of text->v */
	struct index besides; /* whom replies about others name */
	struct index listed;  /* who has a line that names a recipient */
};

/* text_lines.c */

/* Read the lines up to the returned original, of which nothing is scanned.
 * False: there is no memory for them. */
bool text_read_lines(struct page *p);

/* Whether the address is the sender's. */
bool text_is_ignored(const struct page *p, struct str address);

/* text_level.c */

/* Give each line's address its level; note the only one of a notice. */
void text_set_levels(struct page *p);

/* text_dialogue.c */

/* A quoted command that names a recipient: "RCPT TO:<u@d>". */
bool text_dialogue_is_rcpt(const struct line *l);

enum text_dialogue {
	DIALOGUE_NONE, /* it was sent alone, or its reply is not there */
	DIALOGUE_ACCEPTED,
	DIALOGUE_REFUSED,
};

/*
 * Commands that were sent together (RFC 2920) are answered in their order: the
 * lines [*from, *to) of the reply to the RCPT TO of line `of`.
 */
enum text_dialogue text_dialogue_reply(
	const struct page *p, size_t of, size_t *from, size_t *to);

#endif
