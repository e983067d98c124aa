/*
 * A catch-all among libetpan's extensions: it takes the untagged responses
 * and FETCH items that libetpan 1.9.4 does not know and throws them away.
 * Without it the first "* ESEARCH", or whatever a server invents, ends the
 * session. It reads a response exactly as guard.c does; what that would not
 * have let through is left to fail.
 */
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "imap_private.h"

#define LITERAL_MAX 1114112u /* no more than the guard lets pass */

static struct mailimap_extension_api any;

static void free_data(struct mailimap_extension_data *data)
{
	free(data->ext_data);
	free(data);
}

/* Whether {n}CRLF stands at p, and how long it is. */
static size_t parse_size(const char *p, const char *end, size_t *n)
{
	const char *from = p++;

	*n = 0;
	while (p < end && *p >= '0' && *p <= '9' && p - from < 9)
		*n = *n * 10 + (size_t)(*p++ - '0');
	if (p == from + 1 || end - p < 3 || memcmp(p, "}\r\n", 3) != 0)
		return 0;
	return (size_t)(p + 3 - from);
}

/* Throw away a literal that is still to be read, and read the line on. */
static int skip_literal(mailstream *in, MMAPString *buffer, size_t n)
{
	char waste[4096];

	if (n > LITERAL_MAX)
		return MAILIMAP_ERROR_PARSE;
	while (n > 0) {
		ssize_t k = mailstream_read(
			in, waste, n < sizeof(waste) ? n : sizeof(waste));

		if (k <= 0)
			return MAILIMAP_ERROR_STREAM;
		n -= (size_t)k;
	}
	if (!mailstream_read_line_append(in, buffer))
		return MAILIMAP_ERROR_STREAM;
	return MAILIMAP_NO_ERROR;
}

/* A position in the response that is being parsed; it grows at its end. */
struct scan {
	mailstream *in;
	MMAPString *buffer;
	size_t at;
	bool consumed; /* a literal: nobody else can parse this any more */
};

/* Over {n}CRLF and the literal. libetpan leaves {0} of those it has read. */
static int scan_literal(struct scan *s)
{
	size_t n;
	size_t head = parse_size(
		s->buffer->str + s->at, s->buffer->str + s->buffer->len, &n);

	if (head == 0)
		return MAILIMAP_ERROR_PARSE;
	s->at += head;
	if (s->at < s->buffer->len)
		return n == 0 ? MAILIMAP_NO_ERROR : MAILIMAP_ERROR_PARSE;
	s->consumed = true;
	return skip_literal(s->in, s->buffer, n);
}

static int scan_quoted(struct scan *s)
{
	const char *p = s->buffer->str;

	for (s->at++; s->at < s->buffer->len && p[s->at] != '"'; s->at++) {
		if (p[s->at] == '\\')
			s->at++;
		if (s->at < s->buffer->len && p[s->at] == '\n')
			return MAILIMAP_ERROR_PARSE;
	}
	if (s->at >= s->buffer->len)
		return MAILIMAP_ERROR_PARSE;
	s->at++;
	return MAILIMAP_NO_ERROR;
}

/*
 * Over whole tokens to the end of the line or, when item is set, to the end
 * of one FETCH item: a space or a parenthesis that is not its own.
 */
static int scan_value(struct scan *s, bool item)
{
	int depth = 0, r = MAILIMAP_NO_ERROR;

	while (r == MAILIMAP_NO_ERROR) {
		char c = s->at < s->buffer->len ? s->buffer->str[s->at] : '\0';

		if (c == '\0')
			return MAILIMAP_ERROR_PARSE;
		if (c == '\r' || c == '\n')
			return item || depth ? MAILIMAP_ERROR_PARSE
					     : MAILIMAP_NO_ERROR;
		if (item && depth == 0 && (c == ' ' || c == ')'))
			return MAILIMAP_NO_ERROR;
		if (c == '"') {
			r = scan_quoted(s);
		} else if (c == '{') {
			r = scan_literal(s);
		} else {
			depth += c == '(' ? 1 : c == ')' && depth > 0 ? -1 : 0;
			s->at++;
		}
	}
	return r;
}

static int scan_item(struct scan *s)
{
	const char *p = s->buffer->str;
	size_t from = s->at;

	while (s->at < s->buffer->len && p[s->at] > ' ' &&
		!strchr("(){\"", p[s->at]))
		s->at++;
	if (s->at == from || s->at >= s->buffer->len || p[s->at] != ' ')
		return MAILIMAP_ERROR_PARSE;
	s->at++;
	return scan_value(s, true);
}

/* A response after "* ": not one that ends in free text. */
static int scan_response(struct scan *s)
{
	char head[64] = "* ";
	size_t n = 2;

	while (n < sizeof(head) && s->at + n - 2 < s->buffer->len &&
		s->buffer->str[s->at + n - 2] > ' ') {
		head[n] = s->buffer->str[s->at + n - 2];
		n++;
	}
	if (n == 2 || guard_is_text(head, n))
		return MAILIMAP_ERROR_PARSE;
	return scan_value(s, false);
}

/* An ext_parser of libetpan; the signature is not ours. */
static int parse_any(int caller, mailstream *in, MMAPString *buffer,
	struct mailimap_parser_context *context, size_t *at,
	struct mailimap_extension_data **result, size_t rate,
	progress_function *progress)
{
	struct scan s = {in, buffer, *at, false};
	int r = MAILIMAP_ERROR_PARSE;
	void *nothing;

	(void)context;
	(void)rate;
	(void)progress;
	if (caller == MAILIMAP_EXTENDED_PARSER_RESPONSE_DATA)
		r = scan_response(&s);
	else if (caller == MAILIMAP_EXTENDED_PARSER_FETCH_DATA)
		r = scan_item(&s);
	if (r == MAILIMAP_ERROR_PARSE && s.consumed)
		return MAILIMAP_ERROR_STREAM;
	if (r != MAILIMAP_NO_ERROR)
		return r;
	nothing = calloc(1, 1); /* libetpan frees only what is not NULL */
	*result =
		nothing ? mailimap_extension_data_new(&any, 0, nothing) : NULL;
	if (!*result) {
		free(nothing);
		return MAILIMAP_ERROR_MEMORY;
	}
	*at = s.at;
	return MAILIMAP_NO_ERROR;
}

static struct mailimap_extension_api any = {
	.ext_name = (char *)"any",
	.ext_id = -1,
	.ext_parser = parse_any,
	.ext_free = free_data,
};

int imap_any_register(void)
{
	static bool done;

	if (done)
		return 0;
	done = mailimap_extension_register(&any) == 0;
	return done ? 0 : -1;
}
