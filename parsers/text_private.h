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

/* Whether the address is the sender's. */
bool text_is_ignored(const struct page *p, struct str address);

/* Give each line's address its level; note the only one of a notice. */
void text_set_levels(struct page *p);

#endif
