/*
 * RFC 5322 header blocks. One walk over the lines finds where the headers end
 * and remembers the value of each name that somebody may ask for; nothing is
 * copied or decoded before it is asked for. Real bounces have headers without
 * a blank line after them, lines lost from a fold and mbox lines on top, so
 * the question at each odd line is: do headers go on after it?
 */
#include "rfc5322.h"
#include "verdict.h"

/* What a name is made of, after its first letter or digit. The rest of RFC
 * 5322's ftext, as in "<user@example.org>:", is how bodies begin. */
static const unsigned char name_char[256] = {
	['0' ... '9'] = 2,
	['A' ... 'Z'] = 2,
	['a' ... 'z'] = 2,
	['-'] = 1,
	['_'] = 1,
	['.'] = 1,
	['!'] = 1,
	['#' ... '\''] = 1,
	['*'] = 1,
	['+'] = 1,
	['/'] = 1,
	['^'] = 1,
	['`'] = 1,
	['|'] = 1,
	['~'] = 1,
};

static const char *const names[HEADER_COUNT] = {
#define HEADER(NAME, name) name,
#include "headers.def"
};

static const unsigned char name_lengths[HEADER_COUNT] = {
#define HEADER(NAME, name) sizeof(name) - 1,
#include "headers.def"
};

/* By length: one above the first id of that length; 0: there is none. */
static const unsigned char first_ids[] = {
#define LENGTH(n) [n] = HEADER_OF_##n + 1,
#include "headers.def"
};

_Static_assert(HEADER_COUNT < 255, "first_ids has bytes");

#define NAME_MAX_KNOWN (sizeof(first_ids) - 1)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Names hold no control bytes, so only letters can fold together. */
static bool is_name(const char *p, const char *name, size_t n)
{
	const uint64_t blanks = UINT64_C(0x2020202020202020);
	uint64_t v, w;

	for (; n >= sizeof(v); n -= sizeof(v)) {
		memcpy(&v, p + n - sizeof(v), sizeof(v));
		memcpy(&w, name + n - sizeof(w), sizeof(w));
		if ((v | blanks) != w)
			return false;
	}
	while (n && (p[n - 1] | 0x20) == name[n - 1])
		n--;
	return n == 0;
}

enum header_id header_lookup(struct str name)
{
	if (name.n > NAME_MAX_KNOWN || first_ids[name.n] == 0)
		return HEADER_COUNT;
	for (unsigned id = first_ids[name.n] - 1u;
		id < HEADER_COUNT && name_lengths[id] == name.n; id++)
		if ((name.p[0] | 0x20) == names[id][0] &&
			is_name(name.p, names[id], name.n))
			return (enum header_id)id;
	return HEADER_COUNT;
}

/* The colon of a header line that begins at p, and its name; else NULL. */
static const char *find_colon(const char *p, const char *end, struct str *name)
{
	const char *q = p;

	if (p == end || name_char[(unsigned char)*p] != 2)
		return NULL;
	while (q < end && name_char[(unsigned char)*q])
		q++;
	*name = str_of(p, (size_t)(q - p));
	while (q < end && is_blank(*q))
		q++;
	return q < end && *q == ':' ? q : NULL;
}

static const char *line_end(const char *p, const char *end)
{
	const char *lf = memchr(p, '\n', (size_t)(end - p));

	return lf ? lf : end;
}

static const char *after_line(const char *p, const char *end)
{
	p = line_end(p, end);
	return p < end ? p + 1 : end;
}

static bool is_blank_line(const char *p, const char *end)
{
	while (p < end && is_blank(*p))
		p++;
	return p == end || *p == '\n';
}

/*
 * Whether the line behind lf is a parameter whose fold lost its white space:
 * the line before ends in ';' and this one is no header.
 */
static bool lost_fold(const char *p, const char *lf, const char *end)
{
	struct str name;
	const char *next = lf + 1;

	return lf > p && lf[-1] == ';' && !is_blank_line(next, end) &&
	       *next != '-' &&
	       memchr(next, '=', (size_t)(line_end(next, end) - next)) &&
	       !find_colon(next, end, &name);
}

/* The LF (or end) of the value that goes on at p: no fold follows it. */
static const char *value_end(const char *p, const char *end)
{
	const char *lf = line_end(p, end);

	while (end - lf > 1 && (is_blank(lf[1]) || lost_fold(p, lf, end)))
		lf = line_end(lf + 1, end);
	return lf;
}

/* Take the header at *at, if there is one, and go past it. */
static bool take_header(const char **at, const char *end, struct header *out)
{
	const char *colon = find_colon(*at, end, &out->name);
	const char *stop;

	if (!colon)
		return false;
	stop = value_end(colon + 1, end);
	*at = stop < end ? stop + 1 : end;
	out->value = str_of(colon + 1, (size_t)(stop - colon - 1));
	out->cut = out->value.n > RFC5322_HEADER_MAX;
	if (out->cut)
		out->value.n = RFC5322_HEADER_MAX;
	out->value = str_trim(out->value);
	out->id = header_lookup(out->name);
	return true;
}

/*
 * Where headers go on after the odd line at p and what is folded below it:
 * at one that is surely a header. NULL: they do not.
 */
static const char *resume(const char *p, const char *end, bool part)
{
	struct str name;

	if (end - p > 1 && p[0] == '-' && p[1] == '-')
		return NULL;
	do
		p = after_line(p, end);
	while (p < end && is_blank(*p) && !is_blank_line(p, end));
	if (!find_colon(p, end, &name))
		return NULL;
	if (str_istarts(name, "content-"))
		return p;
	if (part)
		return NULL;
	return header_lookup(name) != HEADER_COUNT || str_istarts(name, "x-")
		       ? p
		       : NULL;
}

static void record(struct headers *out, const struct header *h)
{
	if (h->cut)
		out->limits |= LIMIT_HEADER;
	if (h->id == HEADER_COUNT)
		return;
	if (!out->first[h->id].p)
		out->first[h->id] = h->value;
	if (h->id == HEADER_RECEIVED)
		out->last_received = h->value;
}

/* Beyond the limit nothing is read as a header: find the blank line. */
static struct str skip_headers(struct str rest)
{
	struct str gap = STR("\n\n");

	return str_sub(rest, str_find(rest, gap) + gap.n, rest.n);
}

static struct str read_block(struct str s, struct headers *out, bool part)
{
	const char *start = s.p ? s.p : "", *p = start, *end = start + s.n;
	struct header h;

	memset(out, 0, sizeof(*out));
	while (p < end && p - start < RFC5322_HEADERS_MAX) {
		const char *next;

		if (take_header(&p, end, &h)) {
			record(out, &h);
			continue;
		}
		next = is_blank_line(p, end) ? NULL : resume(p, end, part);
		if (!next)
			break;
		p = next;
	}
	out->block = str_of(start, (size_t)(p - start));
	if (p < end && p - start >= RFC5322_HEADERS_MAX) {
		out->limits |= LIMIT_HEADER;
		return skip_headers(str_of(p - 1, (size_t)(end - p + 1)));
	}
	if (is_blank_line(p, end))
		p = after_line(p, end);
	return str_of(p, (size_t)(end - p));
}

/* "From user Mon ..." of an mbox file, also escaped; not "From : user". */
static bool is_mbox_line(struct str line)
{
	struct str from = STR("From ");

	if (line.n && *line.p == '>')
		line = str_sub(line, 1, line.n);
	if (!str_starts(line, from))
		return false;
	line = str_trim(str_sub(line, from.n, line.n));
	return line.n == 0 || *line.p != ':';
}

struct str headers_parse(struct str mail, struct headers *out)
{
	struct str bom = STR("\xef\xbb\xbf"), rest, line;

	if (str_starts(mail, bom))
		mail = str_sub(mail, bom.n, mail.n);
	for (rest = mail; str_line(&rest, &line); mail = rest)
		if (str_trim(line).n && !is_mbox_line(line))
			break;
	return read_block(mail, out, false);
}

struct str headers_parse_part(struct str part, struct headers *out)
{
	return read_block(part, out, true);
}

bool headers_next(struct str *rest, struct header *out)
{
	const char *p = rest->p, *end = p ? p + rest->n : p;

	while (p < end) {
		if (take_header(&p, end, out)) {
			*rest = str_of(p, (size_t)(end - p));
			return true;
		}
		p = after_line(p, end);
	}
	*rest = str_of(end, 0);
	return false;
}

struct str headers_get(const struct headers *h, struct str name)
{
	enum header_id id = header_lookup(name);
	struct str rest = h->block;
	struct header next;

	if (id != HEADER_COUNT)
		return h->first[id];
	while (headers_next(&rest, &next))
		if (str_ieq(next.name, name))
			return next.value;
	return STR_NULL;
}

struct str rfc5322_unfold(struct arena *a, struct str raw)
{
	struct str line;
	char *p, *start;

	raw = str_trim(raw);
	if (str_chr(raw, '\n') == raw.n)
		return raw;
	p = start = arena_alloc(a, raw.n);
	if (!p)
		return STR_NULL;
	while (str_line(&raw, &line)) {
		line = str_trim(line);
		if (line.n == 0)
			continue;
		if (p > start)
			*p++ = ' ';
		memcpy(p, line.p, line.n);
		p += line.n;
	}
	return str_of(start, (size_t)(p - start));
}
