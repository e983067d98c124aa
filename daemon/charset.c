/*
 * Charsets as mail names them. A table says which names are known and what
 * each really means: mail labels windows-1252 as ISO 8859-1 and CP932 as
 * Shift_JIS, and glibc takes the labels at their word. Only what has a row is
 * opened, each at most once, so that no mail can make this load hundreds of
 * conversion modules.
 */
#include <errno.h>
#include <iconv.h>
#include <idn2.h>
#include <stdint.h>
#include <stdlib.h>
#include <uninorm.h>

#include "charset.h"
#include "utf8.h"

#define REPLACEMENT    "\xef\xbf\xbd"
#define NAME_MAX_KNOWN 32u
#define DOMAIN_MAX     1024u

/* How bytes in a charset are to be taken. */
enum {
	PLAIN = 1 << 0,  /* bytes below 80 are ASCII */
	ESCAPE = 1 << 1, /* they are, where no ESC is among them */
	PLUS = 1 << 2,   /* they are, where no '+' is among them */
	TWO = 1 << 3,    /* always two bytes */
	FOUR = 1 << 4,   /* always four */
	TRIED = 1 << 5,  /* really in UTF-8, if the bytes allow it */
};

static const struct codec {
	const char *iconv;
	unsigned kind;
} codecs[] = {

#define CODEC(NAME, iconv, kind) {iconv, kind},
#include "charset.def"
};

enum codec_id {
#define CODEC(NAME, iconv, kind) CODEC_##NAME,
#include "charset.def"
	CODEC_COUNT
};

/* The names, in lower case and without what is neither letter nor digit. */
static const struct alias {
	struct str name;
	enum codec_id codec;
} aliases[] = {

#define ALIAS(name, NAME) {STR(name), CODEC_##NAME},
#include "charset.def"
};

struct charset {
	struct verdict_ops ops;

	struct {
		iconv_t cd; /* (iconv_t)-1: cannot be opened here */
		bool tried;
	} open[CODEC_COUNT];

	char *buf; /* where iconv writes */
	size_t size, n;
};

static bool find_codec(struct str charset, enum codec_id *out)
{
	char folded[NAME_MAX_KNOWN];
	struct str name = {folded, 0};

	for (size_t i = 0; i < charset.n; i++) {
		unsigned char c = (unsigned char)charset.p[i];

		if (!ascii_is_alnum(c))
			continue;
		if (name.n == sizeof(folded))
			return false;
		folded[name.n++] = (char)ascii_lower(c);
	}
	for (size_t i = 0; i < sizeof(aliases) / sizeof(*aliases); i++)
		if (str_eq(name, aliases[i].name)) {
			*out = aliases[i].codec;
			return true;
		}
	return false;
}

/* Whether the bytes are UTF-8 as they stand. */
static bool needs_nothing(unsigned kind, struct str s)
{
	if (kind & TRIED)
		return utf8_is_valid(s);
	if (kind & ESCAPE)
		return str_chr(s, '\x1b') == s.n && utf8_is_ascii(s);
	if (kind & PLUS)
		return str_chr(s, '+') == s.n && utf8_is_ascii(s);
	return kind & PLAIN && utf8_is_ascii(s);
}

/*
 * A converter that is missing is not looked for again; one that there was no
 * memory for is. errno does not tell them apart, a second look does, or
 * US-ASCII, which the C library has built in.
 */
static iconv_t descriptor(struct charset *c, enum codec_id id, struct arena *a)
{
	const iconv_t none = (iconv_t)-1;
	iconv_t cd, ascii;

	if (c->open[id].tried)
		return c->open[id].cd;
	cd = iconv_open("UTF-8", codecs[id].iconv);
	if (cd == none)
		cd = iconv_open("UTF-8", codecs[id].iconv);
	if (cd == none) {
		ascii = iconv_open("UTF-8", "US-ASCII");
		a->full |= ascii == none;
		if (ascii == none)
			return none;
		iconv_close(ascii);
	}
	c->open[id].cd = cd;
	c->open[id].tried = true;
	return cd;
}

static bool reserve(struct charset *c, struct arena *a, size_t more)
{
	size_t size = c->size ? c->size : 4096;
	char *buf;

	while (size - c->n < more)
		size *= 2;
	if (size == c->size)
		return true;
	buf = realloc(c->buf, size);
	a->full |= !buf;
	if (!buf)
		return false;
	c->buf = buf;
	c->size = size;
	return true;
}

/* How many bytes to pass over where in cannot be decoded. */
static size_t unit(unsigned kind, struct str in)
{
	size_t n = 1;

	if (kind & FOUR)
		n = 4;
	else if (kind & TWO)
		n = 2;
	else if (kind & ESCAPE && *in.p > '\x1b')
		n = 2; /* ASCII that is wrong is half of a character */
	return n < in.n ? n : in.n;
}

enum step {
	STEP_DONE,
	STEP_AGAIN,
	STEP_WRONG,
	STEP_CUT
};

/*
 * Convert from *in as far as there is room and nothing is wrong; when it is
 * used up, what iconv still holds back.
 */
static enum step step(struct charset *c, iconv_t cd, struct str *in)
{
	char *from = (char *)in->p, *out = c->buf + c->n;
	size_t room = c->size - c->n, left = in->n;
	bool last = left == 0;
	size_t r = iconv(cd, last ? NULL : &from, &left, &out, &room);
	int error = r == (size_t)-1 ? errno : 0;

	c->n = (size_t)(out - c->buf);
	*in = str_sub(*in, in->n - left, left);
	if (error == EILSEQ)
		return STEP_WRONG;
	if (error == EINVAL)
		return STEP_CUT;
	return last && !error ? STEP_DONE : STEP_AGAIN;
}

static bool convert(
	struct charset *c, enum codec_id id, struct arena *a, struct str in)
{
	iconv_t cd = descriptor(c, id, a);
	enum step s = STEP_AGAIN;

	if (cd == (iconv_t)-1)
		return false;
	iconv(cd, NULL, NULL, NULL, NULL);
	c->n = 0;
	while (s != STEP_DONE) {
		/* room for a replacement, too */
		if (!reserve(c, a, in.n + in.n / 2 + 16))
			return false;
		s = step(c, cd, &in);
		if (s != STEP_WRONG && s != STEP_CUT)
			continue;
		if (!reserve(c, a, strlen(REPLACEMENT)))
			return false;
		memcpy(c->buf + c->n, REPLACEMENT, strlen(REPLACEMENT));
		c->n += strlen(REPLACEMENT);
		in = str_sub(in,
			s == STEP_CUT ? in.n : unit(codecs[id].kind, in), in.n);
	}
	return true;
}

static struct str to_utf8(
	void *arg, struct arena *a, struct str charset, struct str bytes)
{
	struct charset *c = arg;
	enum codec_id id;

	if (!find_codec(charset, &id))
		return STR_NULL;
	if (id == CODEC_UTF_8)
		return utf8_clean(a, bytes);
	if (needs_nothing(codecs[id].kind, bytes))
		return bytes;
	if (!convert(c, id, a, bytes))
		return STR_NULL;
	return arena_dup(a, str_of(c->buf, c->n));
}

static struct str to_ascii(void *arg, struct arena *a, struct str domain)
{
	char name[DOMAIN_MAX + 1];
	uint8_t *ascii = NULL;
	struct str out = STR_NULL;
	int rc;

	(void)arg;
	if (domain.n > DOMAIN_MAX || str_chr(domain, '\0') < domain.n)
		return STR_NULL;
	memcpy(name, domain.n ? domain.p : "", domain.n);
	name[domain.n] = '\0';
	rc = idn2_lookup_u8((const uint8_t *)name, &ascii,
		IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	a->full |= rc == IDN2_MALLOC;
	if (rc == IDN2_OK)
		out = arena_dup(a, str_from((const char *)ascii));
	idn2_free(ascii);
	return out;
}

static struct str to_nfc(void *arg, struct arena *a, struct str utf8)
{
	struct str out = STR_NULL;
	uint8_t *p;
	size_t n;

	(void)arg;
	if (utf8_is_ascii(utf8))
		return utf8;
	p = u8_normalize(
		UNINORM_NFC, (const uint8_t *)utf8.p, utf8.n, NULL, &n);
	a->full |= !p; /* UTF-8 that is valid has a normal form */
	if (p)
		out = arena_dup(a, str_of((const char *)p, n));
	free(p);
	return out;
}

struct charset *charset_new(void)
{
	struct charset *c = calloc(1, sizeof(*c));

	if (c)
		c->ops = (struct verdict_ops){
			.arg = c,
			.to_utf8 = to_utf8,
			.to_ascii = to_ascii,
			.to_nfc = to_nfc,
		};
	return c;
}

void charset_free(struct charset *c)
{
	if (!c)
		return;
	for (int i = 0; i < CODEC_COUNT; i++)
		if (c->open[i].tried && c->open[i].cd != (iconv_t)-1)
			iconv_close(c->open[i].cd);
	free(c->buf);
	free(c);
}

const struct verdict_ops *charset_ops(const struct charset *c)
{
	return &c->ops;
}
