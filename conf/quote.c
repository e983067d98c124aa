/*
 * A config file is written by someone who may not be the one who reads the
 * messages about it, and a dump is looked at in a terminal: neither may carry
 * escape sequences or hidden characters along.
 */
#include <stddef.h>
#include <string.h>

#include "str.h"

#include "quote.h"

static const struct range {
	uint32_t first, last;
} unsafe[] = {
	{0x0000,  0x001f }, /* C0 */
	{0x007f,  0x009f }, /* DEL and C1 */
	{0x00ad,  0x00ad }, /* soft hyphen */
	{0x061c,  0x061c }, /* Arabic letter mark */
	{0x200b,  0x200f }, /* no width; left-to-right and right-to-left marks */
	{0x2028,  0x202e }, /* line and paragraph separators, embeddings */
	{0x2060,  0x206f }, /* word joiner, isolates, deprecated formats */
	{0xfeff,  0xfeff }, /* byte order mark */
	{0xfff9,  0xfffb }, /* interlinear annotation */
	{0xe0000, 0xe007f}, /* tags */
};

bool quote_is_unsafe(uint32_t c)
{
	size_t i;

	for (i = 0; i < sizeof(unsafe) / sizeof(unsafe[0]); i++)
		if (c >= unsafe[i].first && c <= unsafe[i].last)
			return true;
	return false;
}

/* Bytes that follow the first one of a sequence; -1: c begins none. */
static int following(unsigned char c)
{
	if (c < 0x80)
		return 0;
	if (c < 0xc2 || c > 0xf4)
		return -1;
	return 1 + (c >= 0xe0) + (c >= 0xf0);
}

uint32_t quote_next(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	int more = following(*s);
	uint32_t c = *s++;

	*p = (const char *)s;
	if (more < 0)
		return 0xfffd;
	if (more > 0)
		c &= 0x3fu >> more;
	for (; more > 0; more--, s++) {
		if ((*s & 0xc0) != 0x80)
			return 0xfffd;
		c = c << 6 | (*s & 0x3f);
	}
	*p = (const char *)s;
	return c;
}

void quote_clean(char *text)
{
	const char *from = text, *start;
	char *to = text;
	uint32_t c;

	while (*from) {
		start = from;
		c = quote_next(&from);
		if (c == 0xfffd || quote_is_unsafe(c))
			*to++ = '?';
		else
			while (start < from)
				*to++ = *start++;
	}
	*to = '\0';
}

/* Whether YAML reads text as it stands as just this text, also in a list. */
static bool is_plain(const char *text)
{
	const char *p;

	if (!ascii_is_alpha((unsigned char)*text) && *text != '/')
		return false;
	for (p = text; *p; p++)
		if (!ascii_is_alnum((unsigned char)*p) && !strchr("_./@-", *p))
			return false;
	return strcmp(text, "null") != 0;
}

void quote_yaml(const char *text, FILE *f)
{
	const char *start;
	uint32_t c;

	if (is_plain(text)) {
		fputs(text, f);
		return;
	}
	putc('"', f);
	while (*text) {
		start = text;
		c = quote_next(&text);
		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", (char)c);
		else if (quote_is_unsafe(c) && c > 0xffff)
			fprintf(f, "\\U%08x", c);
		else if (quote_is_unsafe(c))
			fprintf(f, "\\u%04x", c);
		else
			fwrite(start, 1, (size_t)(text - start), f);
	}
	putc('"', f);
}
