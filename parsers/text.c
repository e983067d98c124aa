/*
 * Lines first (text_lines.c): each gets what the automaton found in it, and the
 * address that it holds. Then each address gets a level by where it stands
 * (text_level.c). Only the best levels count. What is said about an address is
 * the block of lines below it.
 */
#include "text_private.h"

#define BLOCK_MAX    40u
#define DIALOGUE_MAX 12u
#define LISTING_MAX  2000u /* bytes of a line that names several */

/* --- blocks --------------------------------------------------------------- */

/* "RCPT TO generated following response:", and below it the reply. */
static bool announces_reply(const struct page *p, size_t i)
{
	struct str s = str_trim(p->line[i].raw);

	return s.n && s.p[s.n - 1] == ':' && !p->line[i].address.p &&
	       i + 1 < p->n && p->line[i + 1].reply;
}

/*
 * "Recipient: a@d" behind a blank line, or of one who is listed as such: what
 * follows is about him. (After "RCPT TO:" stands also where an alias goes.)
 */
static bool begins_other(const struct page *p, size_t i)
{
	const struct line *l = &p->line[i];
	size_t n;

	if (l->level >= 2 && l->starts)
		return true;
	return l->level >= 3 &&
	       (p->line[i - 1].blank || index_get(&p->listed, l->address, &n));
}

static bool same_block(
	const struct page *p, size_t of, size_t i, bool filled, bool replied)
{
	const struct line *l = &p->line[i];

	if (replied && text_dialogue_is_rcpt(l) &&
		!str_ieq(l->address, p->line[of].address))
		return false;
	if (!str_ieq(l->address, p->line[of].address) && begins_other(p, i))
		return false;
	if (l->rule && filled)
		return false;
	if (!l->blank || !filled)
		return true;
	/* A blank line ends it, unless what follows is indented or a reply. */
	return i + 1 < p->n && !p->line[i + 1].blank &&
	       (p->line[i + 1].indented || p->line[i + 1].reply ||
		       announces_reply(p, i + 1)) &&
	       !p->line[i + 1].starts;
}

static size_t block_end(const struct page *p, size_t of)
{
	bool filled = !p->line[of].alone, replied = p->line[of].reply;
	size_t i = of + 1;

	while (i < p->n && i - of < BLOCK_MAX &&
		same_block(p, of, i, filled, replied)) {
		filled |= !p->line[i].blank;
		replied |= p->line[i].reply;
		i++;
	}
	return i;
}

static bool is_dialogue(struct str line)
{
	struct str s = str_trim(line);

	return str_istarts(s, ">>>") || str_istarts(s, "<<<") ||
	       str_istarts(s, "while talking") ||
	       str_istarts(s, "... while talking");
}

/* A reply that names an address ends the dialogue that led to it. */
static size_t block_begin(const struct page *p, size_t of)
{
	size_t i = of;

	if (p->line[of].starts || !p->line[of].reply)
		return of;
	while (i && of - i < DIALOGUE_MAX && is_dialogue(p->line[i - 1].raw) &&
		p->line[i - 1].level < 3)
		i--;
	return i;
}

static struct text_range range_of(const struct page *p, size_t from, size_t to)
{
	struct text_range r = {
		p->line[from].from, p->line[to - 1].to, p->line[from].raw};

	r.raw.n = (size_t)(p->line[to - 1].raw.p + p->line[to - 1].raw.n -
			   r.raw.p);
	return r;
}

/* "(ultimately generated from u@d)", as Exim tells of aliases, and others. */
static struct str generated_from(const struct page *p, size_t from, size_t to)
{
	static const char *const words[] = {"(ultimately generated from",
		"(generated from", "(expanded from", "original address:"};

	for (size_t i = from; i < to && i < from + 4; i++) {
		struct str s = str_trim(p->line[i].raw);

		if (i == from)
			s = str_sub(s, str_chr(s, '('), s.n);
		for (size_t w = 0; w < sizeof(words) / sizeof(*words); w++)
			if (str_istarts(s, words[w]))
				return text_address(s);
	}
	return STR_NULL;
}

static struct text_finding *find(struct page *p, struct str address)
{
	struct text *t = p->text;
	struct text_finding *v;
	size_t i;

	if (index_get(&t->by_address, address, &i))
		return &t->v[i];
	if (t->n >= TEXT_FINDINGS_MAX) {
		t->limits |= LIMIT_RECIPIENTS;
		return NULL;
	}
	v = arena_grow(p->arena, t->v, &p->cap, t->n + 1, sizeof(*v));
	if (!v) {
		t->limits |= LIMIT_MEMORY;
		return NULL;
	}
	t->v = v;
	v[t->n] = (struct text_finding){.address = address};
	index_put(&t->by_address, address, t->n);
	return &v[t->n++];
}

static void add_finding(struct page *p, size_t i, struct str address)
{
	const struct line *l = &p->line[i];
	struct text_finding *f;
	size_t from, to;

	if (text_dialogue_reply(p, i, &from, &to) == DIALOGUE_ACCEPTED)
		return;
	f = find(p, address);
	if (!f)
		return;
	if (f->level < l->level)
		f->level = l->level;
	if (f->ranges == TEXT_RANGES_MAX)
		return;
	if (text_dialogue_reply(p, i, &from, &to) != DIALOGUE_REFUSED) {
		from = block_begin(p, i);
		to = l->starts || l->level >= 3 || l->marks & BIT(MARK_FAILED)
			     ? block_end(p, i)
			     : i + 1;
	}
	/* What is said of this address here was part of an earlier block. */
	if (f->ranges && p->line[i].from < f->range[f->ranges - 1].to)
		return;
	f->range[f->ranges++] = range_of(p, from, to);
	if (!f->generated_from.p)
		f->generated_from = generated_from(p, i, to);
}

/* The one behind, of "<a@d>, <b@d>". */
static struct str next_listed(struct str line, struct str address)
{
	struct str rest =
		str_sub(line, (size_t)(address.p + address.n - line.p), line.n);
	struct str next;
	bool comma = false;
	size_t n = 0;

	for (; n < rest.n && rest.p[n] && strchr("<>,; \"'", rest.p[n]); n++)
		comma |= rest.p[n] == ',' || rest.p[n] == ';';
	if (!comma)
		return STR_NULL;
	next = text_address(rest);
	return next.p == rest.p + n ? next : STR_NULL;
}

static void add_findings(struct page *p, size_t i)
{
	const struct line *l = &p->line[i];
	struct str address = l->address;

	while (address.p) {
		add_finding(p, i, address);
		if (l->level < 3 || l->raw.n > LISTING_MAX)
			break;
		address = next_listed(l->raw, address);
	}
}

/* Who has a line of his own that names him as a recipient. */
static void list_recipients(struct page *p)
{
	size_t n;

	for (size_t i = 0; i < p->n; i++) {
		const struct line *l = &p->line[i];

		if (l->level >= 3 && !l->reply &&
			str_ifind(l->raw, "rcpt to") == l->raw.n &&
			!index_get(&p->listed, l->address, &n))
			index_put(&p->listed, l->address, i);
	}
}

static unsigned best_level(const struct page *p, bool ignored)
{
	unsigned best = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->line[i].level > best &&
			(ignored || !text_is_ignored(p, p->line[i].address)))
			best = p->line[i].level;
	return best;
}

static void collect(struct page *p)
{
	unsigned best = best_level(p, false);
	bool ignored = best == 0;
	unsigned least;
	size_t quoted = 0; /* the end of what is said of an address */
	size_t n;

	p->text->only_senders = ignored;
	if (ignored)
		best = best_level(p, true);
	least = best >= 2 ? 2 : 1;
	for (size_t i = 0; best && i < p->n; i++) {
		const struct line *l = &p->line[i];

		/* An address within the reply about another is for help, or
		 * where it goes on to; what a transcript says of it, too. */
		if (i < quoted && !l->starts && l->address.p) {
			if (!index_get(&p->besides, l->address, &n))
				index_put(&p->besides, l->address, i);
			continue;
		}
		if (l->level < 3 && l->address.p &&
			index_get(&p->besides, l->address, &n) &&
			!text_find(p->text, l->address))
			continue;
		if (l->alone && l->level >= 3)
			quoted = block_end(p, i);
		if (l->level >= least &&
			(ignored || !text_is_ignored(p, l->address)))
			add_findings(p, i);
	}
}

/* "---- server message": a rule with words behind it. */
static bool is_heading(struct str line)
{
	return line.n && ascii_is_alpha((unsigned char)line.p[line.n - 1]);
}

void text_parse(const struct verdict_context *ctx, struct arena *a,
	const struct text_input *in, struct text *out)
{
	struct page p = {.ctx = ctx, .arena = a, .text = out, .in = in};

	p.besides.arena = p.listed.arena = a;
	*out = (struct text){.by_address = {.arena = a}};
	out->raw = text_tidy(a, in->subject, in->body);
	if (!out->raw.p) {
		out->limits = LIMIT_MEMORY;
		return;
	}
	if (!text_read_lines(&p) || !p.n)
		return;
	out->subject_marks = p.line[0].marks;
	out->body_at = p.line[0].to;
	out->body_end = p.line[p.n - 1].to;
	out->read = range_of(&p, 0, p.n).raw;
	for (size_t i = 1; i < p.n; i++) {
		out->marks |= p.line[i].marks;
		out->sections |= p.line[i].rule && is_heading(p.line[i].raw);
	}
	text_set_levels(&p);
	list_recipients(&p);
	collect(&p);
}

const struct text_finding *text_find(const struct text *t, struct str address)
{
	size_t i;

	return index_get(&t->by_address, address, &i) ? &t->v[i] : NULL;
}
