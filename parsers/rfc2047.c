/*
 * RFC 2047 encoded words. Senders cut a character in two between words, put
 * blanks inside them and run them into the text around, so the bytes of
 * neighbouring words are joined before they are converted, and a word is
 * whatever lies between "=?" and "?=".
 */
#include "rfc2047.h"
#include "rfc2045.h"
#include "rfc5322.h"

#define CHARSET_MAX 64u

struct word {
	struct str charset;  /* without RFC 2231's language */
	struct str text;     /* still encoded */
	char encoding;       /* 'b' or 'q' */
	const char *p, *end; /* all of it */
};

struct decoder {
	struct arena *arena;
	const struct verdict_ops *ops;
	unsigned *limits;
	char *out;
	size_t n, max;
	bool full;
	/* Words next to each other in one charset, not yet converted. */
	struct str charset;
	const char *raw, *raw_end;
	char *bytes;
	size_t bytes_n;
};

/* The word that begins at p, with "=?"; false: none. *more becomes false
 * when no word can follow either. */
static bool read_word(
	const char *p, const char *end, struct word *w, bool *more)
{
	struct str s = {p + 2, (size_t)(end - p) - 2}, name;
	size_t n = str_chr(str_sub(s, 0, CHARSET_MAX + 1), '?'), close;

	if (n == 0 || n > CHARSET_MAX || s.n < n + 3 || s.p[n + 2] != '?')
		return false;
	name = str_of(s.p, n);
	w->charset = str_sub(name, 0, str_chr(name, '*'));
	w->encoding = (char)ascii_lower((unsigned char)s.p[n + 1]);
	if (w->encoding != 'b' && w->encoding != 'q')
		return false;
	s = str_sub(s, n + 3, s.n);
	close = str_find(s, (struct str)STR("?="));
	if (close == s.n) {
		*more = false;
		return false;
	}
	w->text = str_of(s.p, close);
	w->p = p;
	w->end = s.p + close + 2;
	return true;
}

static void put(struct decoder *d, struct str s)
{
	struct str fits = utf8_cut(s, d->max - d->n);

	memcpy(d->out + d->n, fits.p ? fits.p : "", fits.n);
	d->n += fits.n;
	d->full |= fits.n < s.n;
}

static void put_clean(struct decoder *d, struct str s)
{
	s = utf8_clean(d->arena, s);
	if (!s.p)
		*d->limits |= LIMIT_MEMORY;
	put(d, s);
}

/* What the words gathered so far say; as they stand where nobody knows. */
static struct str convert(const struct decoder *d)
{
	struct str bytes = {d->bytes, d->bytes_n}, text = STR_NULL;

	if (str_ieqz(d->charset, "utf-8"))
		return bytes;
	if (d->ops)
		text = d->ops->to_utf8(
			d->ops->arg, d->arena, d->charset, bytes);
	if (text.p)
		return text;
	if (utf8_is_valid(bytes))
		return bytes;
	return str_of(d->raw, (size_t)(d->raw_end - d->raw));
}

static void flush(struct decoder *d)
{
	size_t from = d->n;

	if (!d->raw)
		return;
	put_clean(d, convert(d));
	/* An encoded line break would make two lines of one. */
	for (; from < d->n; from++)
		if ((unsigned char)d->out[from] < ' ' || d->out[from] == 0x7f)
			d->out[from] = ' ';
	d->raw = NULL;
	d->bytes_n = 0;
}

static void gather_q(struct decoder *d, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		int high = -1, low = -1;
		char c = s.p[i] == '_' ? ' ' : s.p[i];

		if (c == '=' && i + 2 < s.n) {
			high = ascii_hex((unsigned char)s.p[i + 1]);
			low = ascii_hex((unsigned char)s.p[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			c = (char)(high * 16 + low);
			i += 2;
		}
		d->bytes[d->bytes_n++] = c;
	}
}

static void gather(struct decoder *d, const struct word *w)
{
	struct str bytes;

	if (d->raw && !str_ieq(d->charset, w->charset))
		flush(d);
	if (!d->raw) {
		d->raw = w->p;
		d->charset = w->charset;
	}
	d->raw_end = w->end;
	if (w->encoding == 'q') {
		gather_q(d, w->text);
		return;
	}
	bytes = rfc2045_decode(
		d->arena, ENCODING_BASE64, w->text, w->text.n, d->limits);
	memcpy(d->bytes + d->bytes_n, bytes.p, bytes.n);
	d->bytes_n += bytes.n;
}

/* Text before, between or after words; only blanks between two are none. */
static void put_between(struct decoder *d, struct str s, bool word_follows)
{
	if (d->raw && word_follows && str_trim(s).n == 0)
		return;
	flush(d);
	put_clean(d, s);
}

static void decode_words(struct decoder *d, struct str line)
{
	const char *p = line.p, *end = p + line.n, *text = p;
	struct word w;
	bool more = true;

	while (more && !d->full) {
		p = memmem(p, (size_t)(end - p), "=?", 2);
		if (!p)
			break;
		if (!read_word(p, end, &w, &more)) {
			p += 2;
			continue;
		}
		put_between(d, str_of(text, (size_t)(p - text)), true);
		gather(d, &w);
		p = text = w.end;
	}
	put_between(d, str_of(text, (size_t)(end - text)), false);
}

/* Nothing encoded: the value itself. */
static struct str plain(struct arena *a, struct str line, unsigned *limits)
{
	struct str s = utf8_clean(a, line);

	if (s.n > RFC2047_MAX)
		*limits |= LIMIT_TEXT;
	return utf8_cut(s, RFC2047_MAX);
}

struct str rfc2047_decode(struct arena *a, const struct verdict_ops *ops,
	struct str raw, unsigned *limits)
{
	struct decoder d = {.arena = a, .ops = ops, .limits = limits};
	struct str line = rfc5322_unfold(a, raw), out = STR_NULL;

	if (str_chr(line, '=') == line.n ||
		str_find(line, (struct str)STR("=?")) == line.n) {
		out = plain(a, line, limits);
	} else {
		/* A byte becomes one U+FFFD, or one character, at most. */
		d.max = line.n < RFC2047_MAX / 4 ? line.n * 4 : RFC2047_MAX;
		d.out = arena_alloc(a, d.max);
		d.bytes = arena_alloc(a, line.n);
	}
	if (d.out && d.bytes) {
		decode_words(&d, line);
		out = str_of(d.out, d.n);
	}
	if (d.full)
		*limits |= LIMIT_TEXT;
	if (!out.p && raw.p)
		*limits |= LIMIT_MEMORY;
	return out;
}
