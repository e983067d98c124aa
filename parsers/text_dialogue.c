/*
 * Quoted SMTP dialogues: which reply answers which RCPT TO. What a server said
 * of one recipient must never be taken for what it said of another.
 */
#include "text_private.h"

#define DIALOGUE_MAX 40u

bool text_dialogue_is_rcpt(const struct line *l)
{
	return l->address.p && !l->reply &&
	       str_ifind(l->raw, "rcpt to") < l->raw.n;
}

/* A line from its first digit on: "550-5.1.1 No", without "<<< ". */
static struct str from_code(const struct line *l)
{
	struct str s = l->raw;

	while (s.n && !ascii_is_digit((unsigned char)s.p[0]))
		s = str_sub(s, 1, s.n);
	return s;
}

static bool accepts(const struct line *l)
{
	struct str s = from_code(l);

	return !l->address.p && s.n > 3 && s.p[0] == '2' &&
	       str_number(str_sub(s, 0, 3), 299) >= 200 &&
	       (s.p[3] == ' ' || s.p[3] == '-');
}

static bool answers(const struct line *l)
{
	return l->reply || accepts(l);
}

/* "550-5.1.1 ...": more lines of this reply follow (RFC 5321 4.2.1). */
static bool goes_on(const struct line *l)
{
	struct str s = from_code(l);

	return s.n > 3 && s.p[3] == '-';
}

/* Behind the reply that begins on line i. */
static size_t reply_end(const struct page *p, size_t i)
{
	while (i + 1 < p->n && goes_on(&p->line[i]) && answers(&p->line[i + 1]))
		i++;
	return i + 1;
}

enum text_dialogue text_dialogue_reply(
	const struct page *p, size_t of, size_t *from, size_t *to)
{
	size_t first = of, i = of, nth;

	if (!text_dialogue_is_rcpt(&p->line[of]))
		return DIALOGUE_NONE;
	while (first && of - first < DIALOGUE_MAX &&
		text_dialogue_is_rcpt(&p->line[first - 1]))
		first--;
	nth = of - first;
	while (i < p->n && i - of < DIALOGUE_MAX &&
		text_dialogue_is_rcpt(&p->line[i]))
		i++;
	if (i - first < 2)
		return DIALOGUE_NONE;
	for (; i < p->n && answers(&p->line[i]); i = *to) {
		*from = i;
		*to = reply_end(p, i);
		if (!nth--)
			return accepts(&p->line[i]) ? DIALOGUE_ACCEPTED
						    : DIALOGUE_REFUSED;
	}
	return DIALOGUE_NONE;
}
