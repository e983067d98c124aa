/*
 * RFC 5322 3.4 address lists, with the obsolete forms of 4.4 and what is sent
 * instead of either. A list is a run of tokens; outside <> they gather into
 * words ("runs": tokens that touch each other, or a dot or an @), inside <>
 * into one. Nesting is only counted, so no input makes it deep, and an
 * unclosed quote or parenthesis is looked for once, so none makes it slow.
 */
#include "rfc5322.h"
#include "verdict.h"

enum {
	BLANK = 1,
	SPECIAL = 2,
	ALONE = 3 /* a token of its own */
};

static const unsigned char char_kind[256] = {
	[' '] = BLANK,
	['\t' ... '\r'] = BLANK,
	['('] = SPECIAL,
	[')'] = SPECIAL,
	['<'] = ALONE,
	['>'] = ALONE,
	['@'] = ALONE,
	[','] = ALONE,
	[';'] = ALONE,
	[':'] = ALONE,
	['\\'] = SPECIAL,
	['"'] = SPECIAL,
	['['] = SPECIAL,
	[']'] = SPECIAL,
};

struct token {
	char kind; /* one of < > @ , ; : or 'w' for a word */
	bool gap;  /* white space or a comment stands before it */
	const char *p, *end;
	struct str comment; /* the last one before it; may be absent */
};

struct lexer {
	const char *p, *end;
	unsigned tokens;
	bool no_quotes, no_comments; /* none is closed from here on */
};

/* Tokens that belong together, from start to end. */
struct run {
	const char *start, *end;
	bool at;    /* has an @ */
	bool gap;   /* has white space or comments inside */
	bool joins; /* ends with a dot or an @ */
};

/* One entry of the list as it is being read. */
struct entry {
	struct run run;   /* outside <> */
	struct run found; /* what will be the addr */
	bool angle;       /* found stood in <> */
	unsigned words;   /* runs outside <> */
	const char *phrase, *phrase_end;
	struct str comment;
};

/* After the quote that closes the string which begins at p; NULL: none. */
static const char *close_quote(const char *p, const char *end)
{
	while (++p < end) {
		if (*p == '"')
			return p + 1;
		if (*p == '\\' && end - p > 1)
			p++;
	}
	return NULL;
}

/* The same for the comment that begins at p, and those inside it. */
static const char *close_comment(const char *p, const char *end)
{
	size_t depth = 0;

	for (; p < end; p++) {
		if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
		else if (*p == '\\' && end - p > 1)
			p++;
	}
	return NULL;
}

/* The same for a domain literal, which holds neither [ nor white space. */
static const char *close_literal(const char *p, const char *end)
{
	while (++p < end && *p != '[' &&
		char_kind[(unsigned char)*p] != BLANK) {
		if (*p == ']')
			return p + 1;
	}
	return NULL;
}

static void skip_blanks(struct lexer *l, struct token *t)
{
	const char *close;

	for (; l->p < l->end; t->gap = true) {
		if (char_kind[(unsigned char)*l->p] == BLANK) {
			l->p++;
			continue;
		}
		if (*l->p != '(' || l->no_comments)
			return;
		close = close_comment(l->p, l->end);
		if (!close) {
			l->no_comments = true;
			return;
		}
		t->comment = str_of(l->p + 1, (size_t)(close - l->p) - 2);
		l->p = close;
	}
}

/* A quoted string, a domain literal, or an atom of at least one byte. */
static const char *word_end(struct lexer *l)
{
	const char *p = l->p, *close = NULL;

	if (*p == '"' && !l->no_quotes) {
		close = close_quote(p, l->end);
		l->no_quotes = !close;
	} else if (*p == '[') {
		close = close_literal(p, l->end);
	}
	if (close)
		return close;
	p = l->p + 1;
	while (p < l->end && !char_kind[(unsigned char)*p])
		p++;
	return p;
}

/* False at the end of the list or of our patience. */
static bool next_token(struct lexer *l, struct token *t)
{
	t->gap = false;
	t->comment = STR_NULL;
	skip_blanks(l, t);
	if (l->p == l->end || ++l->tokens > RFC5322_TOKENS_MAX)
		return false;
	t->p = l->p;
	t->kind = *l->p;
	if (char_kind[(unsigned char)t->kind] == ALONE) {
		l->p++;
	} else {
		t->kind = 'w';
		l->p = word_end(l);
	}
	t->end = l->p;
	return true;
}

static bool joins(const struct run *r, const struct token *t)
{
	return !t->gap || r->joins || t->kind == '@' || *t->p == '.';
}

static void run_add(struct run *r, const struct token *t)
{
	if (!r->start)
		r->start = t->p;
	else
		r->gap |= t->gap;
	r->end = t->end;
	r->at |= t->kind == '@';
	r->joins = t->kind == '@' || t->end[-1] == '.';
}

/* The run without what stands in its gaps; a space where it does not join. */
static struct str squeeze(struct arena *a, const struct run *r)
{
	struct lexer l = {.p = r->start, .end = r->end};
	struct run sofar = {.at = false};
	struct token t;
	char *out = arena_alloc(a, (size_t)(r->end - r->start));
	size_t n = 0;

	if (!out)
		return STR_NULL;
	while (next_token(&l, &t)) {
		if (sofar.start && !joins(&sofar, &t))
			out[n++] = ' ';
		memcpy(out + n, t.p, (size_t)(t.end - t.p));
		n += (size_t)(t.end - t.p);
		run_add(&sofar, &t);
	}
	return str_of(out, n);
}

static struct str unquote(struct arena *a, struct str s)
{
	const char *end = s.p + s.n;
	char *out;
	size_t n = 0;

	if (s.n < 2 || *s.p != '"' || close_quote(s.p, end) != end)
		return s;
	s = str_sub(s, 1, s.n - 2);
	if (!a || str_chr(s, '\\') == s.n)
		return s;
	out = arena_alloc(a, s.n);
	if (!out)
		return s;
	for (size_t i = 0; i < s.n; i++) {
		i += s.p[i] == '\\'; /* never the last: see close_quote() */
		out[n++] = s.p[i];
	}
	return str_of(out, n);
}

static struct str display(struct arena *a, const struct entry *e)
{
	struct str s = e->comment;

	if (e->angle && e->phrase)
		s = str_of(e->phrase, (size_t)(e->phrase_end - e->phrase));
	if (a && s.n)
		s = rfc5322_unfold(a, s);
	s = s.n ? unquote(a, s) : s;
	return s.n ? s : STR_NULL;
}

/* What the entry came to; false when it has no address. */
static bool finish(struct arena *a, struct entry *e, struct mailbox *out)
{
	/* The run outside <> counts with an @, or as the entry's only word. */
	if (!e->found.start && (e->run.at || e->words == 1))
		e->found = e->run;
	if (!e->found.start)
		return false;
	out->addr =
		str_of(e->found.start, (size_t)(e->found.end - e->found.start));
	if (e->found.gap && a)
		out->addr = squeeze(a, &e->found);
	out->display = display(a, e);
	return out->addr.p;
}

static void add_word(struct entry *e, const struct token *t)
{
	if (e->angle)
		return; /* words after the <> say nothing */
	if (!e->phrase)
		e->phrase = t->p;
	if (!e->run.start || !joins(&e->run, t)) {
		if (e->run.at && !e->found.start)
			e->found = e->run;
		e->run = (struct run){.at = false};
		e->words++;
	}
	run_add(&e->run, t);
}

/*
 * From after a < to after its >. A colon ends a source route (or "mailto");
 * a comma outside of one means that the > is missing.
 */
static void read_angle(struct lexer *l, struct entry *e)
{
	struct run r = {.at = false};
	const char *from = l->p, *before = l->p;
	struct token t;

	for (; next_token(l, &t) && t.kind != '>'; before = l->p) {
		if (t.comment.p)
			e->comment = t.comment;
		if (t.kind == ':' || (t.kind == '<' && !r.at)) {
			r = (struct run){.at = false};
			from = l->p;
		} else if (t.kind == 'w' || t.kind == '@' ||
			   (t.kind == ',' && r.start && *r.start == '@')) {
			run_add(&r, &t);
		} else {
			l->p = before;
			break;
		}
	}
	if (!r.start)
		r.start = r.end = from;
	e->found = r;
	e->angle = true;
}

struct list {
	struct lexer lexer;
	struct arena *arena;
	struct mailbox *out;
	size_t n, max;
	struct entry entry;
};

static void flush(struct list *list)
{
	if (list->n < list->max &&
		finish(list->arena, &list->entry, &list->out[list->n]))
		list->n++;
	list->entry = (struct entry){.words = 0};
}

static void take(struct list *list, const struct token *t)
{
	struct entry *e = &list->entry;

	switch (t->kind) {
	case ',':
	case ';':
		flush(list);
		break;
	case ':': /* what stood before was the name of a group */
		*e = (struct entry){.words = 0};
		break;
	case '<':
		if (e->angle)
			flush(list); /* a comma is missing */
		e->phrase_end = t->p;
		read_angle(&list->lexer, e);
		break;
	case '>':
		break;
	default:
		add_word(e, t);
	}
}

static void read_list(struct list *list)
{
	struct token t = {.gap = false};
	bool more = true;

	while (more && list->n < list->max) {
		more = next_token(&list->lexer, &t);
		if (t.comment.p)
			list->entry.comment = t.comment;
		if (more)
			take(list, &t);
	}
	/* An entry that the limit cut short might be another address. */
	if (list->lexer.tokens <= RFC5322_TOKENS_MAX)
		flush(list);
}

static void list_init(struct list *list, struct str raw)
{
	const char *p = raw.p ? raw.p : "";

	memset(list, 0, sizeof(*list));
	list->lexer.p = p;
	list->lexer.end = p + raw.n;
}

size_t rfc5322_addresses(struct arena *a, struct str raw, struct mailbox *out,
	size_t max, unsigned *limits)
{
	struct list list;

	list_init(&list, raw);
	list.arena = a;
	list.out = out;
	list.max = max;
	read_list(&list);
	if (list.lexer.tokens > RFC5322_TOKENS_MAX)
		*limits |= LIMIT_TOKENS;
	if (a->full)
		*limits |= LIMIT_MEMORY;
	return list.n;
}

struct str rfc5322_first_address(struct str raw)
{
	struct mailbox first;
	struct list list;

	list_init(&list, raw);
	list.out = &first;
	list.max = 1;
	read_list(&list);
	return list.n ? first.addr : STR_NULL;
}
