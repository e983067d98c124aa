/*
 * Content types, their parameters and transfer encodings as they stand in a
 * header (RFC 2045, 2046, 2231). Parameters are looked up when somebody asks,
 * since of most parts only the type matters.
 */
#include "rfc2045.h"
#include "verdict.h"

static const struct {
	struct str name;
	enum media media;
} types[] = {

#define MEDIA(NAME, type) {STR(type), MEDIA_##NAME},
#include "media.def"
};

/* What stands for a whole top-level type. Types that nobody ever registered
 * ("test/plain") are misspelt, and read as the fallback. */
static const struct {
	const char *name;
	enum media media;
} tops[] = {
	{"text",        MEDIA_TEXT     },
	{"multipart",   MEDIA_MULTIPART},
	{"message",     MEDIA_OTHER    },
	{"application", MEDIA_OTHER    },
	{"image",       MEDIA_OTHER    },
	{"audio",       MEDIA_OTHER    },
	{"video",       MEDIA_OTHER    },
	{"model",       MEDIA_OTHER    },
	{"font",        MEDIA_OTHER    },
	{"chemical",    MEDIA_OTHER    },
};

static const struct {
	const char *name;
	enum encoding encoding;
} encodings[] = {
	{"7bit",             ENCODING_7BIT  },
	{"8bit",             ENCODING_8BIT  },
	{"quoted-printable", ENCODING_QP    },
	{"base64",           ENCODING_BASE64},
	{"binary",           ENCODING_BINARY},
	{"7-bit",            ENCODING_7BIT  },
	{"8-bit",            ENCODING_8BIT  },
};

/* Where the words of a header end; bits of end_of. */
enum {
	BLANK = 1 << 0,
	SEMICOLON = 1 << 1,
	COMMA = 1 << 2,
	SLASH = 1 << 3,
	EQUALS = 1 << 4,
	COMMENT = 1 << 5,
};

static const unsigned char end_of[256] = {
	[' '] = BLANK,
	['\t' ... '\r'] = BLANK,
	[';'] = SEMICOLON,
	[','] = COMMA,
	['/'] = SLASH,
	['='] = EQUALS,
	['('] = COMMENT,
};

static char peek(struct str s)
{
	return s.n ? *s.p : '\0';
}

/* White space and comments off the front; an unclosed comment is the rest. */
static void skip_blanks(struct str *s)
{
	size_t i = 0, depth = 0;

	for (; i < s->n; i++) {
		char c = s->p[i];

		if (c == '\\' && depth && i + 1 < s->n)
			i++;
		else if (c == '(')
			depth++;
		else if (c == ')' && depth)
			depth--;
		else if (!depth && !ascii_is_space((unsigned char)c))
			break;
	}
	*s = str_sub(*s, i, s->n);
}

/* What stands before white space or one of ends. */
static struct str take_until(struct str *s, unsigned ends)
{
	struct str head = {s->p, 0};

	ends |= BLANK;
	while (head.n < s->n && !(end_of[(unsigned char)s->p[head.n]] & ends))
		head.n++;
	*s = str_sub(*s, head.n, s->n);
	return head;
}

static bool find_media(struct str type, struct str subtype, enum media *out)
{
	size_t n = type.n + 1 + subtype.n;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (types[i].name.n == n && types[i].name.p[type.n] == '/' &&
			str_ieq(subtype,
				str_sub(types[i].name, type.n + 1, n)) &&
			str_ieq(type, str_sub(types[i].name, 0, type.n))) {
			*out = types[i].media;
			return true;
		}
	for (size_t i = 0; i < sizeof(tops) / sizeof(*tops); i++)
		if (str_ieqz(type, tops[i].name)) {
			*out = tops[i].media;
			return true;
		}
	return false;
}

void rfc2045_content_type(
	struct str raw, enum media fallback, struct content_type *out)
{
	struct str rest = raw;
	size_t slash;

	skip_blanks(&rest);
	out->type = take_until(&rest, SLASH | SEMICOLON | COMMENT);
	skip_blanks(&rest);
	if (peek(rest) == '/') {
		rest = str_sub(rest, 1, rest.n);
		skip_blanks(&rest);
		out->subtype = take_until(&rest, SEMICOLON | COMMENT | COMMA);
		out->params = rest;
		if (find_media(out->type, out->subtype, &out->media))
			return;
	}
	slash = str_chr(types[fallback].name, '/');
	out->media = fallback;
	out->type = str_sub(types[fallback].name, 0, slash);
	out->subtype = str_sub(types[fallback].name, slash + 1, SIZE_MAX);
	out->params = rest;
}

bool media_is_multipart(enum media m)
{
	return m == MEDIA_MULTIPART ||
	       (m >= MEDIA_MULTIPART_REPORT && m <= MEDIA_MULTIPART_DIGEST);
}

bool media_is_message(enum media m)
{
	return m == MEDIA_MESSAGE_RFC822 || m == MEDIA_MESSAGE_GLOBAL;
}

enum encoding rfc2045_encoding(struct str raw)
{
	struct str word;

	skip_blanks(&raw);
	word = take_until(&raw, SEMICOLON | COMMENT | COMMA);
	if (word.n == 0)
		return ENCODING_7BIT;
	for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++)
		if (str_ieqz(word, encodings[i].name))
			return encodings[i].encoding;
	return ENCODING_UNKNOWN;
}

/* --- parameters ----------------------------------------------------------- */

struct param {
	struct str name;
	struct str value; /* without the quotes, escapes inside */
};

/* After the opening quote: up to the closing one, or to the end of the line
 * or the next ';' where none closes it. */
static struct str take_quoted(struct str *s)
{
	size_t i = 0, n;

	while (i < s->n && s->p[i] != '"')
		i += s->p[i] == '\\' ? 2 : 1;
	if (i >= s->n) {
		n = str_chr(*s, '\n');
		i = str_chr(str_sub(*s, 0, n), ';');
	}
	n = i + (peek(str_sub(*s, i, 1)) == '"');
	*s = str_sub(*s, n, s->n);
	return str_of(s->p - n, i);
}

/* The next "name=value"; false at the end. */
static bool next_param(struct str *rest, struct param *out)
{
	for (;;) {
		skip_blanks(rest);
		if (rest->n == 0)
			return false;
		out->name = take_until(rest, EQUALS | SEMICOLON | COMMENT);
		skip_blanks(rest);
		if (peek(*rest) == '=' && out->name.n)
			break;
		if (peek(*rest) == '=' || peek(*rest) == ';')
			*rest = str_sub(*rest, 1, rest->n);
	}
	*rest = str_sub(*rest, 1, rest->n);
	skip_blanks(rest);
	if (peek(*rest) == '"') {
		*rest = str_sub(*rest, 1, rest->n);
		out->value = take_quoted(rest);
	} else {
		out->value = take_until(rest, SEMICOLON);
	}
	return true;
}

/* A piece of an RFC 2231 value. */
struct piece {
	struct str value; /* .p NULL: not there */
	bool encoded; /* has percent signs, and charset'language' in front */
};

static char *put_percent(char *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		int high = -1, low = -1;

		if (s.p[i] == '%' && i + 2 < s.n) {
			high = ascii_hex((unsigned char)s.p[i + 1]);
			low = ascii_hex((unsigned char)s.p[i + 2]);
		}
		if (high >= 0 && low >= 0) {
			*out++ = (char)(high * 16 + low);
			i += 2;
		} else {
			*out++ = s.p[i];
		}
	}
	return out;
}

static char *put_unescaped(char *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		i += s.p[i] == '\\' && i + 1 < s.n;
		*out++ = s.p[i];
	}
	return out;
}

/* What stands after charset'language', or all. */
static struct str after_language(struct str s)
{
	size_t one = str_chr(s, '\'');
	size_t two = one + 1 + str_chr(str_sub(s, one + 1, s.n), '\'');

	return two < s.n ? str_sub(s, two + 1, s.n) : s;
}

static struct str join(struct arena *a, const struct piece *pieces)
{
	size_t size = 0;
	char *start, *p;

	for (size_t i = 0; i < RFC2045_PARAMS_MAX && pieces[i].value.p; i++)
		size += pieces[i].value.n;
	p = start = arena_alloc(a, size);
	if (!p)
		return STR_NULL;
	for (size_t i = 0; i < RFC2045_PARAMS_MAX && pieces[i].value.p; i++) {
		struct str value = pieces[i].value;

		if (pieces[i].encoded && i == 0)
			value = after_language(value);
		p = pieces[i].encoded ? put_percent(p, value)
				      : put_unescaped(p, value);
	}
	return str_of(start, (size_t)(p - start));
}

/*
 * Which piece of the parameter a name with this tail ("", "*", "*0", "*1*")
 * is; -1: of another one, RFC2045_PARAMS_MAX: beyond the limit.
 */
static long piece_index(struct str tail, bool *encoded)
{
	long i;

	*encoded = tail.n && tail.p[tail.n - 1] == '*';
	tail.n -= *encoded;
	if (tail.n == 0)
		return 0;
	if (*tail.p != '*')
		return -1;
	tail = str_sub(tail, 1, tail.n);
	for (size_t k = 0; k < tail.n; k++)
		if (!ascii_is_digit((unsigned char)tail.p[k]))
			return -1;
	i = str_number(tail, RFC2045_PARAMS_MAX);
	return i < 0 && tail.n ? (long)RFC2045_PARAMS_MAX : i;
}

/* Gather the pieces of a parameter; params begins with the first of them. */
static struct str join_pieces(
	struct arena *a, struct str params, const char *name, unsigned *limits)
{
	struct piece pieces[RFC2045_PARAMS_MAX] = {
		{STR_NULL, false}
        };
	struct param param;
	bool encoded;

	for (unsigned n = 0; next_param(&params, &param); n++) {
		struct str tail;
		long i;

		if (n == RFC2045_PARAMS_MAX) {
			*limits |= LIMIT_TOKENS;
			break;
		}
		if (!str_istarts(param.name, name))
			continue;
		tail = str_sub(param.name, strlen(name), param.name.n);
		i = piece_index(tail, &encoded);
		if (i == RFC2045_PARAMS_MAX)
			*limits |= LIMIT_TOKENS;
		else if (i >= 0 && !pieces[i].value.p)
			pieces[i] = (struct piece){param.value, encoded};
	}
	return pieces[0].value.p ? join(a, pieces) : STR_NULL;
}

struct str rfc2045_param(
	struct arena *a, struct str params, const char *name, unsigned *limits)
{
	size_t length = strlen(name);
	struct str before = params;
	struct param param;

	for (unsigned n = 0; next_param(&params, &param); n++) {
		if (n == RFC2045_PARAMS_MAX) {
			*limits |= LIMIT_TOKENS;
			break;
		}
		if (str_istarts(param.name, name)) {
			if (param.name.n == length &&
				str_chr(param.value, '\\') == param.value.n)
				return param.value;
			if (param.name.n == length ||
				param.name.p[length] == '*')
				return join_pieces(a, before, name, limits);
		}
		before = params;
	}
	return STR_NULL;
}
