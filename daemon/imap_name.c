/*
 * libetpan sends folder names as they are given, so what RFC 3501 wants of
 * them happens here: one config file then works with a server whose folders
 * are "Bounces" and with one whose folders are "INBOX.Bounces".
 */
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "imap_name.h"

struct out {
	char *p;
	size_t n, used;
	bool full;
};

static void put(struct out *o, char c)
{
	if (o->used + 1 >= o->n) {
		o->full = true;
		return;
	}
	o->p[o->used++] = c;
	o->p[o->used] = '\0';
}

static void put_text(struct out *o, const char *z)
{
	while (*z)
		put(o, *z++);
}

/* The next code point of *p; -1: no UTF-8 (overlong and surrogates too). */
static int32_t next_code(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
	int32_t c = *s;
	int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

	if ((c >= 0x80 && c < 0xc2) || c > 0xf4)
		return -1;
	if (more)
		c &= 0x3f >> more;
	for (int i = 1; i <= more; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return -1;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < least[more] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return -1;
	*p += more + 1;
	return c;
}

/* Base64 of UTF-16BE with ',' for '/': bits wait until there are six. */
struct shift {
	uint32_t bits;
	int n;
	bool open;
};

static void put_bits(struct out *o, struct shift *s)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+,";

	while (s->n >= 6) {
		s->n -= 6;
		put(o, digits[s->bits >> s->n & 63]);
	}
}

static void put_unit(struct out *o, struct shift *s, uint32_t unit)
{
	if (!s->open)
		put(o, '&');
	s->open = true;
	s->bits = s->bits << 16 | unit;
	s->n += 16;
	put_bits(o, s);
}

static void end_shift(struct out *o, struct shift *s)
{
	if (!s->open)
		return;
	if (s->n > 0) {
		s->bits <<= 6 - s->n;
		s->n = 6;
		put_bits(o, s);
	}
	put(o, '-');
	*s = (struct shift){0};
}

static int put_utf7(struct out *o, const char *name, char delimiter)
{
	struct shift s = {0};

	while (*name) {
		int32_t c = next_code(&name);

		if (c < 0)
			return -1;
		if (c >= 0x10000) {
			c -= 0x10000;
			put_unit(o, &s, 0xd800 + (uint32_t)(c >> 10));
			put_unit(o, &s, 0xdc00 + (uint32_t)(c & 0x3ff));
			continue;
		}
		if (c < 0x20 || c > 0x7e) {
			put_unit(o, &s, (uint32_t)c);
			continue;
		}
		end_shift(o, &s);
		put(o, c == '/' && delimiter ? delimiter : (char)c);
		if (c == '&')
			put(o, '-');
	}
	end_shift(o, &s);
	return 0;
}

static bool has_prefix(const char *name, const char *prefix, char delimiter)
{
	for (; *prefix; prefix++, name++) {
		char c = *name == '/' && delimiter ? delimiter : *name;

		if (!c || strncasecmp(&c, prefix, 1) != 0)
			return false;
	}
	return true;
}

int imap_name_write(const char *name, const char *prefix, char delimiter,
	char *out, size_t n)
{
	struct out o = {out, n, 0, false};

	out[0] = '\0';
	if (strcasecmp(name, "INBOX") == 0) {
		put_text(&o, "INBOX");
		return o.full ? -1 : 0;
	}
	if (!has_prefix(name, prefix, delimiter))
		put_text(&o, prefix);
	if (put_utf7(&o, name, delimiter) < 0)
		return -1;
	return o.full ? -1 : 0;
}

int imap_name_quote(const char *name, char *out, size_t n)
{
	struct out o = {out, n, 0, false};

	put(&o, '"');
	for (; *name; name++) {
		if (*name == '\r' || *name == '\n')
			return -1;
		if (*name == '"' || *name == '\\')
			put(&o, '\\');
		put(&o, *name);
	}
	put(&o, '"');
	return o.full ? -1 : 0;
}
