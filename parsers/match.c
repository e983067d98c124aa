/*
 * The scan over the automaton and the folding that both phrases and texts go
 * through. Nearly all bytes are looked at near the root, which costs one look
 * into a table each; deeper states have few edges and are searched in a row.
 */
#include "match.h"

#define STATE (MATCH_HIT - 1)

/* The edge that a state without a row has for byte; 0: none. */
static uint32_t narrow_edge(const struct match *m, uint32_t state, uint8_t byte)
{
	const struct match_state *s = &m->state[state - m->wide_n];

	for (uint32_t i = s[0].first; i < s[1].first; i++)
		if (m->edge[i] >> 24 == byte)
			return m->edge[i];
	return 0;
}

static uint32_t step(const struct match *m, uint32_t state, uint8_t byte)
{
	while (state >= m->wide_n) {
		uint32_t edge = narrow_edge(m, state, byte);

		if (edge)
			return edge;
		state = m->state[state - m->wide_n].fail;
	}
	return m->wide[state * 256u + byte];
}

static bool add_hits(const struct match *m, struct arena *a, uint32_t state,
	size_t end, struct match_hits *out, size_t *cap)
{
	if (!m->phrase[state])
		state = m->dict[state];
	for (; state; state = m->dict[state]) {
		struct match_hit *v;

		if (out->n >= MATCH_HITS_MAX)
			return false;
		v = arena_grow(a, out->v, cap, out->n + 1, sizeof(*v));
		if (!v)
			return false;
		out->v = v;
		v[out->n++] = (struct match_hit){
			.phrase = m->phrase[state] - 1u,
			.end = (uint32_t)end,
		};
	}
	return true;
}

void match_scan(const struct match *m, struct arena *a, struct str text,
	struct match_hits *out)
{
	uint32_t state = 0;
	size_t cap = 0;

	*out = (struct match_hits){NULL, 0};
	for (size_t i = 0; i < text.n; i++) {
		uint32_t edge = step(m, state, (uint8_t)text.p[i]);

		state = edge & STATE;
		if (edge & MATCH_HIT &&
			!add_hits(m, a, state, i + 1, out, &cap))
			return;
	}
}

size_t match_lines(struct str text)
{
	size_t n = 1;
	const char *p = text.p, *end = text.p + text.n;

	while (text.n && (p = memchr(p, '\n', (size_t)(end - p)))) {
		n++;
		p++;
	}
	return n;
}

/* What may stand in an address token, beside the '@'. */
static bool is_token(unsigned char c)
{
	return ascii_is_alnum(c) || (c && strchr("._%+-=!#$&'*/?^`{|}~", c));
}

/*
 * Second bytes of UTF-8 pairs whose letters have their lower case at a fixed
 * distance (Unicode blocks Latin-1, Greek, Cyrillic).
 */
static void fold_pair(unsigned char *p)
{
	static const struct {
		unsigned char lead, from, to, new_lead;
		signed char add;
	} rows[] = {
		{0xc3, 0x80, 0x9e, 0xc3, 0x20 }, /* U+00C0..U+00DE */
		{0xce, 0x91, 0x9f, 0xce, 0x20 }, /* U+0391..U+039F */
		{0xce, 0xa0, 0xa9, 0xcf, -0x20}, /* U+03A0..U+03A9 */
		{0xd0, 0x80, 0x8f, 0xd1, 0x10 }, /* U+0400..U+040F */
		{0xd0, 0x90, 0x9f, 0xd0, 0x20 }, /* U+0410..U+041F */
		{0xd0, 0xa0, 0xaf, 0xd1, -0x20}, /* U+0420..U+042F */
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (p[0] == rows[i].lead && p[1] >= rows[i].from &&
			p[1] <= rows[i].to) {
			p[0] = rows[i].new_lead;
			p[1] = (unsigned char)(p[1] + rows[i].add);
			return;
		}
}

/* Length of the rest of an address whose '@' is text[i]. */
static size_t domain_length(struct str text, size_t i)
{
	size_t n = 1;

	while (i + n < text.n &&
		(ascii_is_alnum((unsigned char)text.p[i + n]) ||
			text.p[i + n] == '.' || text.p[i + n] == '-'))
		n++;
	while (n > 1 && text.p[i + n - 1] == '.')
		n--; /* the full stop behind it */
	return n;
}

struct fold {
	char *p;
	size_t n;
	size_t token; /* where the token being written began */
};

/* An '@' between a token and a domain makes them one '@'. */
static size_t fold_at(struct fold *f, struct str text, size_t i)
{
	size_t n = domain_length(text, i);

	if (f->n > f->token && n > 1)
		f->n = f->token;
	else
		n = 1;
	f->p[f->n++] = '@';
	return n;
}

static size_t digits_at(struct str s, size_t i, size_t max)
{
	size_t n = 0;

	while (n < max && i + n < s.n &&
		ascii_is_digit((unsigned char)s.p[i + n]))
		n++;
	return n;
}

/* "5.1.1 " at s[i]: its length with the space behind it, or 0. */
static size_t status_length(struct str s, size_t i)
{
	size_t at = i;

	for (int part = 0; part < 3; part++) {
		size_t n = digits_at(s, at, 3);

		if (!n || (part < 2 && (at + n >= s.n || s.p[at + n] != '.')))
			return 0;
		at += n + (part < 2);
	}
	return at == s.n || ascii_is_space((unsigned char)s.p[at]) ? at - i : 0;
}

/*
 * The codes that begin each line of a long reply, "550-5.1.1 " and at last
 * "550 5.1.1 ": left out, so that they do not cut a sentence in two.
 */
static size_t reply_length(struct str s, size_t i)
{
	size_t n, status;

	if ((s.p[i] != '4' && s.p[i] != '5') || digits_at(s, i, 4) != 3)
		return 0;
	n = i + 3;
	if (n >= s.n || (s.p[n] != '-' && s.p[n] != ' '))
		return 0;
	status = status_length(s, n + 1);
	if (status)
		return 4 + status;
	return s.p[n] == '-' ? 4 : 0;
}

struct str match_fold(struct arena *a, struct str text, uint32_t *at)
{
	struct fold f = {.p = arena_alloc(a, text.n + 1)};
	bool space = true; /* leading space goes */
	size_t line = 0;

	if (!f.p)
		return STR_NULL;
	if (at)
		at[line++] = 0;
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (ascii_is_space(c)) {
			if (!space)
				f.p[f.n++] = ' ';
			space = true;
			f.token = f.n;
			if (c == '\n' && at)
				at[line++] = (uint32_t)f.n;
			continue;
		}
		if (space && c <= '9') {
			size_t n = reply_length(text, i);

			if (n) {
				i += n - 1;
				continue;
			}
		}
		space = false;
		if (c == '@') {
			i += fold_at(&f, text, i) - 1;
			f.token = f.n;
			continue;
		}
		f.p[f.n++] = (char)ascii_lower(c);
		if (!is_token(c))
			f.token = f.n;
		if (c >= 0x80 && c < 0xc0 && f.n >= 2)
			fold_pair((unsigned char *)f.p + f.n - 2);
	}
	return str_of(f.p, f.n);
}
