/*
 * The MIME walk (RFC 2046): which parts a mail has. A list that grows while
 * it is read takes the place of recursion, so no nesting is too deep for the
 * stack; each multipart is cut by its own boundary within its own bytes, so
 * one that is never closed ends with the part that holds it. memmem() does
 * the looking: most bytes of a mail are never touched by anything else.
 */
#include "rfc2045.h"
#include "verdict.h"

#define PARTS_FIRST 16u

/* "\n--" and the boundary: what a delimiter line begins with. */
struct boundary {
	char p[3 + RFC2045_BOUNDARY_MAX];
	size_t n;
};

/* A delimiter line within a body: from its LF (if any) to after its end. */
struct delimiter {
	size_t start, end;
	bool last; /* "--boundary--" */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Whether a delimiter line may go on like this: "--", blanks, its end. */
static bool read_tail(struct str body, size_t at, struct delimiter *d)
{
	d->last = at + 1 < body.n && body.p[at] == '-' && body.p[at + 1] == '-';
	at += d->last ? 2 : 0;
	while (at < body.n && is_blank(body.p[at]))
		at++;
	d->end = at < body.n ? at + 1 : at;
	return at == body.n || body.p[at] == '\n';
}

/* The first delimiter line at or after from, which begins a line. */
static bool find_delimiter(struct str body, size_t from,
	const struct boundary *b, struct delimiter *d)
{
	struct str needle = {b->p, b->n};

	if (from == 0 && str_starts(body, str_sub(needle, 1, b->n)) &&
		read_tail(body, b->n - 1, d)) {
		d->start = 0;
		return true;
	}
	from -= from > 0; /* its LF */
	for (;;) {
		struct str rest = str_sub(body, from, body.n);
		size_t n = str_find(rest, needle);

		if (n == rest.n)
			return false;
		d->start = from + n;
		if (read_tail(body, d->start + b->n, d))
			return true;
		from = d->start + 1;
	}
}

static bool set_boundary(struct boundary *b, struct str value)
{
	value = str_trim(value);
	if (value.n == 0 || value.n > RFC2045_BOUNDARY_MAX)
		return false;
	memcpy(b->p, "\n--", 3);
	memcpy(b->p + 3, value.p, value.n);
	b->n = 3 + value.n;
	return true;
}

/*
 * The boundary is not stated, or not the one that was used: a line "--x" with
 * a Content- header below it gives it away.
 */
static bool guess_boundary(struct str body, struct boundary *b)
{
	struct str dashes = STR("\n--"), line;

	for (;;) {
		if (str_starts(body, str_sub(dashes, 1, 2))) {
			str_line(&body, &line);
			line = str_sub(line, 2, line.n);
			if (str_istarts(body, "content-") &&
				set_boundary(b, line))
				return true;
			continue;
		}
		body = str_sub(body, str_find(body, dashes) + 1, body.n);
		if (body.n == 0)
			return false;
	}
}

static void describe(
	struct mime_part *p, const struct headers *h, enum media fallback)
{
	p->head = h->block;
	p->disposition = h->first[HEADER_CONTENT_DISPOSITION];
	p->description = h->first[HEADER_CONTENT_DESCRIPTION];
	p->encoding =
		rfc2045_encoding(h->first[HEADER_CONTENT_TRANSFER_ENCODING]);
	rfc2045_content_type(h->first[HEADER_CONTENT_TYPE], fallback, &p->type);
}

/* A new part below parent, zeroed; NULL at a limit. */
static struct mime_part *append(struct mime *m, size_t parent)
{
	struct mime_part *p;

	if (m->n >= MIME_PARTS_MAX) {
		m->limits |= LIMIT_PARTS;
		m->part[parent].opaque = true;
		return NULL;
	}
	p = arena_grow(m->arena, m->part, &m->cap, m->n + 1, sizeof(*p));
	if (!p) {
		m->limits |= LIMIT_MEMORY;
		m->part[parent].opaque = true;
		return NULL;
	}
	m->part = p;
	p = &m->part[m->n];
	memset(p, 0, sizeof(*p));
	p->parent = (uint32_t)parent;
	p->depth = (uint16_t)(m->part[parent].depth + 1);
	p->preamble = p->epilogue = STR_NULL;
	if (m->part[parent].children++ == 0)
		m->part[parent].child = (uint32_t)m->n;
	m->n++;
	return p;
}

/* A multipart that cannot be cut: its bytes are one text. */
static void append_text(struct mime *m, size_t parent, struct str body)
{
	struct mime_part *p = append(m, parent);

	if (!p)
		return;
	p->head = str_sub(body, 0, 0);
	p->body = body;
	p->encoding = m->part[parent].encoding;
	p->last = m->part[parent].last;
	p->cut = m->part[parent].cut;
	rfc2045_content_type(STR_NULL, MEDIA_TEXT_PLAIN, &p->type);
}

static bool append_part(struct mime *m, size_t parent, struct str slice)
{
	bool digest = m->part[parent].type.media == MEDIA_MULTIPART_DIGEST;
	struct mime_part *p = append(m, parent);
	struct headers h;

	if (!p)
		return false;
	p->body = headers_parse_part(slice, &h);
	m->limits |= h.limits;
	describe(p, &h, digest ? MEDIA_MESSAGE_RFC822 : MEDIA_TEXT_PLAIN);
	return true;
}

/* Cut the body of a multipart from its first delimiter on. */
static void cut(
	struct mime *m, size_t i, const struct boundary *b, struct delimiter d)
{
	struct str body = m->part[i].body;
	bool more = true;

	m->part[i].preamble = str_sub(body, 0, d.start);
	while (more && !d.last) {
		size_t from = d.end, to = body.n;

		more = find_delimiter(body, from, b, &d);
		if (more)
			to = d.start > from ? d.start : from;
		if (!append_part(m, i, str_sub(body, from, to - from)))
			return;
	}
	m->part[i].closed = more;
	if (more)
		m->part[i].epilogue = str_sub(body, d.end, body.n);
	else
		m->part[m->n - 1].last = m->part[m->n - 1].cut =
			m->part[i].last;
}

static void split(struct mime *m, size_t i)
{
	struct str body = m->part[i].body, value;
	struct boundary b;
	struct delimiter d;
	bool found;

	if (m->part[i].depth >= MIME_DEPTH_MAX) {
		m->part[i].opaque = true;
		m->limits |= LIMIT_DEPTH;
		return;
	}
	value = rfc2045_param(
		m->arena, m->part[i].type.params, "boundary", &m->limits);
	if (value.n > RFC2045_BOUNDARY_MAX)
		m->limits |= LIMIT_HEADER;
	found = set_boundary(&b, value) && find_delimiter(body, 0, &b, &d);
	if (!found)
		found = guess_boundary(body, &b) &&
			find_delimiter(body, 0, &b, &d);
	if (found && !d.last)
		cut(m, i, &b, d);
	else
		append_text(m, i, body);
}

/* Split the parts from i on, and those that this appends. */
static void walk(struct mime *m, size_t i)
{
	for (; i < m->n; i++)
		if (media_is_multipart(m->part[i].type.media))
			split(m, i);
}

void mime_parse(struct arena *a, struct str mail, struct mime *out)
{
	out->arena = a;
	out->part = &out->root;
	out->n = out->cap = 1;
	memset(&out->root, 0, sizeof(out->root));
	out->root.body = headers_parse(mail, &out->headers);
	out->root.headers = &out->headers;
	out->root.last = true;
	out->limits = out->headers.limits;
	describe(&out->root, &out->headers, MEDIA_TEXT_PLAIN);
	walk(out, 0);
}

static bool holds_headers(enum media m)
{
	return m == MEDIA_TEXT_RFC822_HEADERS ||
	       m == MEDIA_MESSAGE_RFC822_HEADERS ||
	       m == MEDIA_MESSAGE_GLOBAL_HEADERS;
}

size_t mime_open_message(struct mime *m, size_t part)
{
	struct mime_part *p = &m->part[part];
	bool whole = media_is_message(p->type.media);
	struct headers *h;
	struct str mail;
	size_t at = m->n;

	if (!whole && !holds_headers(p->type.media))
		return 0;
	if (p->children)
		return p->child;
	if (p->depth >= MIME_DEPTH_MAX) {
		p->opaque = true;
		m->limits |= LIMIT_DEPTH;
		return 0;
	}
	mail = rfc2045_decode(
		m->arena, p->encoding, p->body, SIZE_MAX, &m->limits);
	h = arena_alloc(m->arena, sizeof(*h));
	if (!h)
		m->limits |= LIMIT_MEMORY;
	p = h ? append(m, part) : NULL;
	if (!p)
		return 0;
	p->body = headers_parse(mail, h);
	p->headers = h;
	p->last = m->part[part].last;
	p->cut = m->part[part].cut;
	m->limits |= h->limits;
	describe(p, h, MEDIA_TEXT_PLAIN);
	if (whole)
		walk(m, at);
	return at;
}

size_t mime_next(const struct mime *m, size_t i)
{
	if (m->part[i].children)
		return m->part[i].child;
	while (i != 0) {
		const struct mime_part *parent = &m->part[m->part[i].parent];

		if (i + 1 < parent->child + parent->children)
			return i + 1;
		i = m->part[i].parent;
	}
	return m->n;
}
