/* The table of import formats, and what its rows share. */
#include "import.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "import/list.h"
#include "progress.h"
#include "rfc5322.h"
#include "say.h"
#include "when.h"

#define TOLD_MAX 20u

#define IMPORT(word) extern const struct import_format import_##word;
#define LIST(word, of, text)                                                   \
	static const struct import_format import_##word = {                    \
		.name = #word,                                                 \
		.help = text,                                                  \
		.what = "addresses",                                           \
		.run = list_run,                                               \
		.is_list = true,                                               \
		.platform = of,                                                \
	};
#include "import/formats.def"

static const struct import_format *const formats[] = {
#define IMPORT(word)         &import_##word,
#define LIST(word, of, text) &import_##word,
#include "import/formats.def"
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
		progress_at_file(i->file);
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
	enum address_error error = env_address_parse(i->in.env, given, out);

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

/* Seconds since 1970, also with a fraction, or in milliseconds. */
static bool epoch_time(const char *z, int64_t *out)
{
	size_t n = strspn(z, "0123456789");
	bool fraction = z[n] == '.' && z[n + 1] &&
			!z[n + 1 + strspn(z + n + 1, "0123456789")];

	if (n < 9 || n > 14 || (z[n] && !fraction) || (fraction && n > 11))
		return false;
	*out = 0;
	for (size_t i = 0; i < n; i++)
		*out = 10 * *out + z[i] - '0';
	if (n > 11)
		*out /= 1000;
	return *out > 0;
}

/* "08:00:00.123+00:00": nobody needs the fraction. */
static void drop_fraction(char *z)
{
	char *dot = strchr(z, '.');
	size_t n = dot ? strspn(dot + 1, "0123456789") : 0;

	if (n && dot - z == sizeof("2026-11-23T08:00:00") - 1)
		memmove(dot, dot + 1 + n, strlen(dot + 1 + n) + 1);
}

/* "Mon, 23 Nov 2026 08:00:00 +0000", "23 Nov 2026 08:00 UTC" */
static bool is_of_mail(const char *z)
{
	size_t n;

	if (ascii_is_alpha((unsigned char)*z))
		return strchr(z, ',') == z + 3;
	n = strspn(z, "0123456789");
	return n > 0 && n < 3 && z[n] == ' ' &&
	       ascii_is_alpha((unsigned char)z[n + 1]);
}

bool import_time(struct str s, int64_t *out)
{
	char z[48];

	s = str_trim(s);
	if (!s.n || s.n >= sizeof(z) || memchr(s.p, '\0', s.n))
		return false;
	memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	if (epoch_time(z, out))
		return true;
	drop_fraction(z);
	return spelled_time(z, out) || (is_of_mail(z) && rfc5322_date(s, out));
}
