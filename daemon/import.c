/* The table of import formats, and what its rows share. */
#include "import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "charset.h"
#include "say.h"
#include "when.h"

#define TOLD_MAX 20u

#define IMPORT(word) extern const struct import_format import_##word;
#include "import/formats.def"
#undef IMPORT

static const struct import_format *const formats[] = {
#define IMPORT(word) &import_##word,
#include "import/formats.def"
#undef IMPORT
};

#define FORMATS_N (sizeof(formats) / sizeof(formats[0]))

const struct import_format *import_at(size_t i)
{
	return i < FORMATS_N ? formats[i] : NULL;
}

const struct import_format *import_find(const char *name)
{
	for (size_t i = 0; i < FORMATS_N; i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

void import_mistake(struct import *i, uint64_t line, const char *format, ...)
{
	char text[512];
	va_list ap;

	i->bad++;
	if (i->told == TOLD_MAX)
		say("%s: more mistakes are counted, not shown", say_z(i->name));
	if (++i->told > TOLD_MAX)
		return;
	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	say("%s:%" PRIu64 ": %s", say_z(i->name), line, text);
}

int import_row(struct import *i, struct csv *c)
{
	for (;;) {
		switch (csv_next(c)) {
		case CSV_ROW:
			return 1;
		case CSV_END:
			return 0;
		case CSV_LONG:
			i->rows++;
			import_mistake(i, c->line,
				"the row is too long for a CSV file");
			break;
		case CSV_OPEN:
			i->rows++;
			import_mistake(i, c->line,
				"a quote is opened and never closed");
			return 0;
		case CSV_ERROR:
			say("unable to read '%s': %s", say_z(i->name),
				strerror(errno));
			return -1;
		}
	}
}

int import_address(
	struct import *i, struct str given, uint64_t line, struct address *out)
{
	struct env *e = i->in.env;
	enum address_error error = ADDRESS_NO_MEMORY;

	if (!e->charset)
		e->charset = charset_new();
	if (e->charset)
		error = address_parse(
			charset_ops(e->charset), &e->arena, given, out);
	if (error == ADDRESS_OK)
		return 0;
	import_mistake(i, line, "'%s' is no address: it %s", say_str(given),
		address_error_text(error));
	return -1;
}

/* "2026-11-23 08:00:00+0100" as when_parse() wants it. */
static bool spelled_time(const char *z, int64_t *out)
{
	size_t n = strlen(z);
	char buf[48];

	if (when_parse(z, out))
		return true;
	if (n + 2 > sizeof(buf) || n < sizeof("2026-11-23 08:00") - 1)
		return false;
	memcpy(buf, z, n + 1);
	if (n > 5 && (z[n - 5] == '+' || z[n - 5] == '-') && n > 19) {
		/* +0100: the colon is missing */
		memmove(buf + n - 1, buf + n - 2, 3);
		buf[n - 2] = ':';
	} else {
		memcpy(buf + n, "Z", 2);
	}
	return when_parse(buf, out);
}

bool import_time(struct str s, int64_t *out)
{
	char z[40];
	long seconds;

	s = str_trim(s);
	if (!s.n || s.n >= sizeof(z))
		return false;
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	if (strspn(z, "0123456789") == s.n && s.n >= 9 && s.n <= 11) {
		seconds = str_number(s, 99999999999);
		*out = seconds;
		return seconds > 0;
	}
	return spelled_time(z, out);
}
