/*
 * A text laid out in lines, up to the returned original: what stands in each,
 * without a look at the others.
 */
#include "rfc3463.h"
#include "text_private.h"

#define NAME_MAX 60u

bool text_is_ignored(const struct page *p, struct str address)
{
	for (size_t i = 0; i < p->in->ignore_n; i++)
		if (str_ieq(p->in->ignore[i], address))
			return true;
	return false;
}

/* The address of a line that is not the sender's, if it has such a one. */
static struct str pick_address(const struct page *p, struct str line)
{
	struct str first = text_address(line), s = first;
	struct str rest = line;

	while (s.p && text_is_ignored(p, s)) {
		size_t used = (size_t)(s.p + s.n - rest.p);

		rest = str_sub(rest, used, rest.n);
		s = text_address(rest);
	}
	return s.p ? s : first;
}

static bool is_sign(char c, const char *signs)
{
	return !ascii_is_alnum((unsigned char)c) && strchr(signs, c);
}

/* A line (trimmed) without what lists and quotes put before an address. */
static struct str strip_bullets(struct str s)
{
	while (s.n && is_sign(s.p[0], "*->|<\"'(+."))
		s = str_trim(str_sub(s, 1, s.n));
	return s;
}

static bool is_rule_line(struct str s)
{
	size_t n = 0;

	while (n < s.n && is_sign(s.p[n], "-=*_#"))
		n++;
	return n >= 3;
}

/* "Some Body <a@b.example>", and nothing behind it. */
static bool is_named(struct str line, struct str address, struct str after)
{
	size_t n = (size_t)(address.p - line.p), blanks = 0;

	if (!n || n > NAME_MAX || !strchr("<([", line.p[n - 1]))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (line.p[i] == ':')
			return false;
		blanks += line.p[i] == ' ';
	}
	while (after.n && strchr(">)]", after.p[0]))
		after = str_sub(after, 1, after.n);
	return blanks <= 5 && (!after.n || after.p[0] == ':');
}

/* "a@b.example: 550 ...": what follows is said of it. */
static bool is_said_of(struct str after)
{
	while (after.n && strchr(">)]\"' ", after.p[0]))
		after = str_sub(after, 1, after.n);
	return after.n > 1 && after.p[0] == ':';
}

/* "to <a@b.example>": the rest of a sentence that names a failure. */
static bool is_behind_to(struct str line, struct str address)
{
	static const char *const words[] = {"to", "an", "für", "à", "a", "pour",
		"para", "per", "voor", "aan", "till", "til", "do", "pro", "для",
		"на", NULL};
	struct str s = str_trim(str_of(line.p, (size_t)(address.p - line.p)));

	while (s.n && strchr(":<\"'", s.p[s.n - 1]))
		s = str_trim(str_sub(s, 0, s.n - 1));
	for (size_t i = 0; words[i]; i++)
		if (str_ieqz(s, words[i]))
			return true;
	return false;
}

static void look_at(struct page *p, struct line *l)
{
	struct rfc3463_reply reply;
	struct str s = str_trim(l->raw);

	l->blank = s.n == 0;
	if (l->blank)
		return;
	l->indented = ascii_is_space((unsigned char)l->raw.p[0]);
	l->rule = is_rule_line(s);
	l->marks = rule_text_marks(p->ctx, &p->text->scan, l->from, l->to);
	if (memchr(l->raw.p, '@', l->raw.n))
		l->address = pick_address(p, l->raw);
	if (l->address.p) {
		struct str after;

		s = strip_bullets(s);
		l->starts = l->address.p <= s.p + 1 &&
			    l->address.p + l->address.n > s.p;
		after = str_trim(str_sub(l->raw,
			(size_t)(l->address.p + l->address.n - l->raw.p),
			l->raw.n));
		l->alone = l->starts && after.n <= 2;
		l->said = is_said_of(after);
		l->named =
			!l->starts && (is_named(l->raw, l->address, after) ||
					      is_behind_to(l->raw, l->address));
	}
	rfc3463_scan(l->raw, &reply);
	l->reply = reply.smtp || reply.status.class;
}

/* Headers of a mail that nobody announced. */
static bool begins_original(const struct page *p, size_t i, struct str line)
{
	return (i == 0 || p->line[i - 1].blank || p->line[i - 1].rule) &&
	       (str_istarts(line, "received: ") ||
		       str_istarts(line, "return-path: ") ||
		       str_istarts(line, "x-received: ") ||
		       str_istarts(line, "dkim-signature: "));
}

static void add_line(struct page *p, struct str *rest)
{
	struct rule_text *scan = &p->text->scan;
	struct str piece = *rest;
	struct line *v = arena_grow(
		p->arena, p->line, &p->lines_cap, p->lines + 1, sizeof(*v));

	if (!v) {
		*rest = STR_NULL;
		return;
	}
	p->line = v;
	v += p->lines++;
	*v = (struct line){.from = (uint32_t)scan->folded.n};
	str_line(rest, &v->raw);
	piece.n -= rest->n;
	rule_text_fold(scan, piece);
	v->to = (uint32_t)scan->folded.n;
}

/*
 * Fold lines up to the one that is read next, and as many more as a phrase in
 * it may reach into. False: there is no next.
 */
static bool fold_ahead(struct page *p, struct str *rest)
{
	while (rest->n && p->lines < TEXT_LINES_MAX &&
		(p->lines <= p->n || p->line[p->n].to + RULE_GLOB_WINDOW >
					     p->text->scan.folded.n))
		add_line(p, rest);
	return p->n < p->lines;
}

bool text_read_lines(struct page *p)
{
	struct text *t = p->text;
	const char *end = t->raw.p + t->raw.n;
	struct str rest = t->raw;

	if (!rule_text_open(p->arena, t->raw.n, &t->scan)) {
		t->limits |= LIMIT_MEMORY;
		return false;
	}
	while (fold_ahead(p, &rest)) {
		struct line *l = &p->line[p->n];
		const char *next = l->raw.p + l->raw.n;

		next += next < end;
		if (p->n && begins_original(p, p->n, l->raw)) {
			t->original =
				str_of(l->raw.p, (size_t)(end - l->raw.p));
			return true;
		}
		rule_text_scan_to(p->ctx, p->arena, &t->scan, l->to);
		look_at(p, l);
		p->n++;
		if (p->n > 1 && l->marks & BIT(MARK_ORIGINAL)) {
			t->original = str_of(next, (size_t)(end - next));
			return true;
		}
	}
	if (rest.n)
		t->limits |= LIMIT_TEXT;
	return true;
}
