/*
 * The identity of an address. What a mail says is taken apart into the bytes
 * that the local part stands for and the domain, and the key is written anew
 * from those: so all spellings of one mailbox meet, and two mailboxes cannot,
 * because different bytes are written differently.
 */
#include "address.h"
#include "utf8.h"

#define LOCAL_MAX   64u
#define DOMAIN_MAX  255u
#define ADDRESS_MAX 254u
#define LABEL_MAX   63u

/* RFC 5322 atext; what lies above ASCII is RFC 6531's. */
static const bool is_atext[256] = {
	['A' ... 'Z'] = true,
	['a' ... 'z'] = true,
	['0' ... '9'] = true,
	['!'] = true,
	['#' ... '\''] = true,
	['*'] = true,
	['+'] = true,
	['-'] = true,
	['/'] = true,
	['='] = true,
	['?'] = true,
	['^' ... '`'] = true,
	['{' ... '~'] = true,
	[0x80 ... 0xff] = true,
};

/* An address taken apart. */
struct pieces {
	struct str local;    /* what it stands for: no quotes, no escapes */
	struct str domain;   /* as written */
	size_t local_length; /* as written, in octets */
	unsigned flags;
};

/* Control bytes of ASCII, and of Latin 1 as UTF-8. */
static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 || c == 0x7f)
			return true;
		if (c == 0xc2 && i + 1 < s.n &&
			(unsigned char)s.p[i + 1] < 0xa0)
			return true;
	}
	return false;
}

/* "@a,@b:u@d" to "u@d". */
static enum address_error cut_route(struct str *s, unsigned *flags)
{
	size_t colon = str_chr(*s, ':');

	if (s->n == 0 || *s->p != '@')
		return ADDRESS_OK;
	if (colon == s->n)
		return ADDRESS_LOCAL;
	*flags |= ADDRESS_SOURCE_ROUTE;
	*s = str_sub(*s, colon + 1, s->n);
	return s->n ? ADDRESS_OK : ADDRESS_EMPTY;
}

/* Copy a quoted string at s[i] without quotes and escapes; its end, or 0. */
static size_t unquote(struct str s, size_t i, char **out)
{
	for (i++; i < s.n; i++) {
		if (s.p[i] == '"')
			return i + 1;
		if (s.p[i] == '\\' && ++i == s.n)
			return 0;
		*(*out)++ = s.p[i];
	}
	return 0;
}

/* Atoms, dots and quoted strings, up to the @. out has room for s. */
static enum address_error take_local(struct str s, char *out, struct pieces *to)
{
	char *start = out;
	size_t i = 0;

	while (i < s.n && s.p[i] != '@') {
		bool begins = i == 0 || s.p[i - 1] == '.';

		if (s.p[i] == ' ')
			return ADDRESS_CONTROL;
		if (s.p[i] == '"' && begins) {
			i = unquote(s, i, &out);
			if (i == 0 ||
				(i < s.n && s.p[i] != '.' && s.p[i] != '@'))
				return ADDRESS_LOCAL;
		} else if (s.p[i] == '.' || is_atext[(unsigned char)s.p[i]]) {
			*out++ = s.p[i++];
		} else {
			return ADDRESS_LOCAL;
		}
	}
	to->local = str_of(start, (size_t)(out - start));
	to->local_length = i;
	if (i == s.n)
		return ADDRESS_NO_AT;
	to->domain = str_sub(s, i + 1, s.n);
	for (i = 0; i < to->local.n && to->local.p[i] == '.';)
		i++;
	return i < to->local.n ? ADDRESS_OK : ADDRESS_LOCAL;
}

/* --- local part ----------------------------------------------------------- */

/* Scripts with letters that look like another's. Who writes Japanese or Korean
 * mixes theirs with Latin, as UTS 39 allows; nobody takes one for the other. */
enum script {
	OTHER = 0,
	LATIN = 1 << 0,
	GREEK = 1 << 1,
	CYRILLIC = 1 << 2,
	ARMENIAN = 1 << 3,
	CHEROKEE = 1 << 4,
	COPTIC = 1 << 5,
	LISU = 1 << 6
};

static enum script script(unsigned c)
{
	static const struct {
		unsigned from, to;
		enum script script;
	} ranges[] = {
		{'A',    'Z',    LATIN   },
		{'a',    'z',    LATIN   },
		{0xc0,   0xd6,   LATIN   },
		{0xd8,   0xf6,   LATIN   },
		{0xf8,   0x2af,  LATIN   },
		{0x370,  0x3e1,  GREEK   },
		{0x3e2,  0x3ef,  COPTIC  },
		{0x3f0,  0x3ff,  GREEK   },
		{0x400,  0x52f,  CYRILLIC},
		{0x531,  0x587,  ARMENIAN},
		{0x13a0, 0x13ff, CHEROKEE},
		{0x1c80, 0x1c8f, CYRILLIC},
		{0x1d00, 0x1d25, LATIN   },
		{0x1e00, 0x1eff, LATIN   },
		{0x1f00, 0x1fff, GREEK   },
		{0x2c60, 0x2c7f, LATIN   },
		{0x2c80, 0x2cff, COPTIC  },
		{0x2de0, 0x2dff, CYRILLIC},
		{0xa4d0, 0xa4ff, LISU    },
		{0xa640, 0xa69f, CYRILLIC},
		{0xa722, 0xa7ff, LATIN   },
		{0xab70, 0xabbf, CHEROKEE},
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return ranges[i].script;
	return OTHER;
}

/* s is valid UTF-8; the next character of it. */
static unsigned next_character(struct str *s)
{
	unsigned char first = (unsigned char)*s->p;
	unsigned c = first < 0x80   ? first
		     : first < 0xe0 ? first & 0x1fu
		     : first < 0xf0 ? first & 0x0fu
				    : first & 0x07u;
	size_t n = 1;

	for (; n < s->n && (unsigned char)s->p[n] >> 6 == 2; n++)
		c = c << 6 | ((unsigned char)s->p[n] & 0x3fu);
	*s = str_sub(*s, n, s->n);
	return c;
}

/* What follows a + is a tag, which a program may have written behind a name in
 * another script. */
static bool is_mixed(struct str s)
{
	unsigned seen = 0, c;

	while (s.n) {
		c = next_character(&s);
		seen = c == '+' ? 0 : seen | script(c);
		if (seen & (seen - 1))
			return true;
	}
	return false;
}

static struct str fold(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n);

	for (size_t i = 0; p && i < s.n; i++)
		p[i] = (char)ascii_lower((unsigned char)s.p[i]);
	return str_of(p, p ? s.n : 0);
}

static struct str normalise(
	const struct verdict_ops *ops, struct arena *a, struct str s)
{
	if (!ops || !s.p || utf8_is_ascii(s))
		return s;
	return ops->to_nfc(ops->arg, a, s);
}

/*
 * NFC makes ASCII letters of some that are none (the Kelvin sign), and folding
 * makes new pairs that compose (H with a line below has no capital form of its
 * own), so it takes both, twice the one.
 */
static struct str canonical_local(
	const struct verdict_ops *ops, struct arena *a, struct str s)
{
	s = normalise(ops, a, s);
	s = s.p ? fold(a, s) : s;
	return normalise(ops, a, s);
}

static bool needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '.' && !is_atext[(unsigned char)s.p[i]])
			return true;
	return false;
}

static char *put_local(char *p, struct str local, bool quotes)
{
	if (!quotes) {
		memcpy(p, local.p, local.n);
		return p + local.n;
	}
	*p++ = '"';
	for (size_t i = 0; i < local.n; i++) {
		if (local.p[i] == '"' || local.p[i] == '\\')
			*p++ = '\\';
		*p++ = local.p[i];
	}
	*p++ = '"';
	return p;
}

/* --- domain --------------------------------------------------------------- */

/* "[192.0.2.1]", "[IPv6:2001:db8::1]". */
static bool is_literal(struct str s)
{
	bool six = str_istarts(s, "[ipv6:");
	size_t from = six ? strlen("[ipv6:") : 1;
	size_t separators = 0;

	if (s.n < from + 2 || s.p[s.n - 1] != ']')
		return false;
	for (size_t i = from; i < s.n - 1; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == (six ? ':' : '.'))
			separators++;
		else if (!(six ? ascii_hex(c) >= 0 || c == '.'
			       : ascii_is_digit(c)))
			return false;
	}
	return six ? separators >= 2 : separators == 3;
}

/* Letters, digits, hyphens and underscores in labels; not an IP address. */
static bool is_host(struct str s)
{
	struct str rest = s, label;
	bool number = true;

	if (s.n == 0 || s.p[s.n - 1] == '.')
		return false;
	while (str_cut(&rest, '.', &label)) {
		number = true;
		if (label.n == 0 || label.n > LABEL_MAX)
			return false;
		for (size_t i = 0; i < label.n; i++) {
			unsigned char c = (unsigned char)label.p[i];

			if (!ascii_is_alnum(c) && c != '-' && c != '_')
				return false;
			number = number && ascii_is_digit(c);
		}
	}
	return !number;
}

static struct str canonical_domain(const struct verdict_ops *ops,
	struct arena *a, struct str s, unsigned *flags)
{
	struct str rest = s, label;

	if (s.n && *s.p == '[') {
		*flags |= ADDRESS_LITERAL;
		return is_literal(s) ? fold(a, s) : STR_NULL;
	}
	if (utf8_is_ascii(s)) {
		s = fold(a, s);
	} else {
		while (str_cut(&rest, '.', &label))
			if (is_mixed(label))
				*flags |= ADDRESS_MIXED_SCRIPT;
		s = ops ? ops->to_ascii(ops->arg, a, s) : STR_NULL;
	}
	if (s.n && s.p[s.n - 1] == '.')
		s.n--;
	return is_host(s) ? s : STR_NULL;
}

bool address_is_domain(struct str s)
{
	return s.n <= DOMAIN_MAX &&
	       (s.n && *s.p == '[' ? is_literal(s) : is_host(s));
}

/* --- the whole ------------------------------------------------------------ */

static struct str without_angles(struct str s)
{
	s = str_trim(s);
	if (s.n >= 2 && *s.p == '<' && s.p[s.n - 1] == '>')
		s = str_trim(str_sub(s, 1, s.n - 2));
	return s;
}

static enum address_error take_apart(
	struct arena *a, struct str s, struct pieces *out)
{
	enum address_error e;
	char *local;

	if (s.n == 0)
		return ADDRESS_EMPTY;
	if (!utf8_is_valid(s))
		return ADDRESS_NOT_UTF8;
	if (has_control(s))
		return ADDRESS_CONTROL;
	e = cut_route(&s, &out->flags);
	if (e != ADDRESS_OK)
		return e;
	local = arena_alloc(a, s.n);
	if (!local)
		return ADDRESS_NO_MEMORY;
	e = take_local(s, local, out);
	if (e != ADDRESS_OK)
		return e;
	if (str_chr(out->domain, '@') < out->domain.n)
		return ADDRESS_TWO_AT;
	if (str_chr(out->domain, ' ') < out->domain.n)
		return ADDRESS_CONTROL;
	return out->local_length > LOCAL_MAX ? ADDRESS_TOO_LONG : ADDRESS_OK;
}

/* Whether c stands between something: what leads somewhere else does. */
static bool has_inside(struct str s, char c)
{
	return s.n > 2 && memchr(s.p + 1, c, s.n - 2);
}

static unsigned local_flags(struct str local, bool quotes)
{
	unsigned flags = quotes ? ADDRESS_QUOTED : 0;

	if (!utf8_is_ascii(local)) {
		flags |= ADDRESS_UTF8;
		if (is_mixed(local))
			flags |= ADDRESS_MIXED_SCRIPT;
	}
	if (has_inside(local, '%'))
		flags |= ADDRESS_PERCENT_HACK;
	if (has_inside(local, '!'))
		flags |= ADDRESS_BANG_PATH;
	return flags;
}

enum address_error address_parse(const struct verdict_ops *ops, struct arena *a,
	struct str in, struct address *out)
{
	struct pieces pieces = {.flags = 0};
	struct str local, domain;
	enum address_error e;
	char *key, *p;
	bool quotes;

	*out = (struct address){.seen = without_angles(in)};
	e = take_apart(a, out->seen, &pieces);
	if (e != ADDRESS_OK)
		return e;
	local = canonical_local(ops, a, pieces.local);
	domain = canonical_domain(ops, a, pieces.domain, &pieces.flags);
	if (!domain.p)
		return a->full ? ADDRESS_NO_MEMORY : ADDRESS_DOMAIN;
	key = arena_alloc(a, 2 * local.n + domain.n + 3);
	if (!local.p || !key)
		return ADDRESS_NO_MEMORY;
	quotes = needs_quotes(local);
	p = put_local(key, local, quotes);
	if (p - key > LOCAL_MAX || domain.n > DOMAIN_MAX ||
		(size_t)(p - key) + 1 + domain.n > ADDRESS_MAX)
		return ADDRESS_TOO_LONG;
	*p++ = '@';
	memcpy(p, domain.p, domain.n);
	out->domain = str_of(p, domain.n);
	out->key = str_of(key, (size_t)(p - key) + domain.n);
	out->flags = pieces.flags | local_flags(local, quotes);
	return ADDRESS_OK;
}

enum address_error address_domain(const struct verdict_ops *ops,
	struct arena *a, struct str in, struct str *out)
{
	unsigned flags = 0;

	*out = STR_NULL;
	in = str_trim(in);
	if (in.n && *in.p == '@')
		in = str_sub(in, 1, in.n);
	if (utf8_is_valid(in))
		*out = canonical_domain(ops, a, in, &flags);
	if (out->p && out->n <= DOMAIN_MAX)
		return ADDRESS_OK;
	return a->full ? ADDRESS_NO_MEMORY : ADDRESS_DOMAIN;
}

const char *address_error_text(enum address_error e)
{
	static const char *const texts[] = {
		[ADDRESS_OK] = "is an address",
		[ADDRESS_EMPTY] = "is empty",
		[ADDRESS_NO_AT] = "has no @",
		[ADDRESS_TWO_AT] = "has more than one @",
		[ADDRESS_LOCAL] = "has no valid local part before the @",
		[ADDRESS_DOMAIN] = "has no valid domain after the @",
		[ADDRESS_TOO_LONG] = "is too long (64 bytes, @, 254 in all)",
		[ADDRESS_CONTROL] = "has a space or a control character",
		[ADDRESS_NOT_UTF8] = "is not UTF-8",
		[ADDRESS_NO_MEMORY] = "does not fit into the memory allowed",
	};

	return texts[e];
}

/* --- organisations -------------------------------------------------------- */

/* Labels below which countries register names. */
static bool is_second_level(struct str label)
{
	static const char *const labels[] = {"co", "com", "ac", "or", "ne",
		"go", "gov", "edu", "net", "org"};

	for (size_t i = 0; i < sizeof(labels) / sizeof(*labels); i++)
		if (str_ieqz(label, labels[i]))
			return true;
	return false;
}

/* Where the last label of s begins. */
static size_t last_label(struct str s)
{
	const char *dot = s.n ? memrchr(s.p, '.', s.n) : NULL;

	return dot ? (size_t)(dot - s.p) + 1 : 0;
}

static struct str organisation(struct str domain)
{
	size_t top = last_label(domain), second, third;

	if (top == 0 || *domain.p == '[')
		return domain;
	second = last_label(str_sub(domain, 0, top - 1));
	if (second == 0)
		return domain;
	third = last_label(str_sub(domain, 0, second - 1));
	if (domain.n - top == 2 &&
		is_second_level(str_sub(domain, second, top - 1 - second)))
		return str_sub(domain, third, domain.n);
	return str_sub(domain, second, domain.n);
}

bool address_same_organisation(struct str domain_a, struct str domain_b)
{
	return domain_a.n && domain_b.n &&
	       str_ieq(organisation(domain_a), organisation(domain_b));
}
