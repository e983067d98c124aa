/*
 * The rows of a list, whatever it is written in. The beginning of the file
 * tells that, and its names tell the platform; what was found is said, so that
 * nobody has to guess what a file was taken for.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "list.h"
#include "no_text.h"
#include "say.h"

#define LOOK 65536u

void list_mistake(
	struct import *i, const struct list_row *row, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (row->record)
		import_mistake(i, row->line, "record %" PRIu64 ": %s",
			row->record, text);
	else
		import_mistake(i, row->line, "%s", text);
}

/* --- what it is written in ------------------------------------------------ */

/* Whether JSON begins there: { and [ begin neither a head nor an address. */
static bool is_json(struct str s)
{
	if (str_starts(s, (struct str)STR("\xef\xbb\xbf")))
		s = str_sub(s, 3, s.n);
	s = str_trim(s);
	return s.n && (*s.p == '{' || *s.p == '[');
}

/* --- which shape it has --------------------------------------------------- */

static void take_names(struct list_source *s)
{
	struct str rest = str_from(s->shape->names);
	struct list_name n;
	bool known = false;

	s->names_n = 0;
	while (s->names_n < LIST_NAMES &&
		list_name_next(&rest, &s->names[s->names_n]))
		s->names_n++;
	rest = (struct str)STR(LIST_STANDINGS);
	while (list_name_next(&rest, &n)) {
		for (size_t i = 0; i < s->names_n; i++)
			known = known || str_ieq(s->names[i].name, n.name);
		if (!known && s->names_n < LIST_NAMES)
			s->names[s->names_n++] = n;
		known = false;
	}
}

static void say_what(const struct list_source *s, const char *why)
{
	say("%s: %s: %s (%s)", say_z(s->i->name), s->shape->platform,
		s->shape->what, why);
}

static void hint_stranger(struct str column)
{
	if (column.n)
		say_hint("'%s' tells who may be mailed: take these rows out, "
			 "and then the column",
			say_str(column));
}

/* None fits: say what it has, and what was to be expected. */
static int unlike(const struct list_source *s, const char *platform,
	uint64_t line, const struct list_names *names)
{
	struct str stranger = list_stranger(names);
	const struct list_shape *other = NULL;
	char has[160] = "", looks[256];
	size_t n = 0;

	for (size_t i = 0; i < names->n && n < sizeof(has); i++)
		n += (size_t)snprintf(has + n, sizeof(has) - n, "%s" STR_FMT,
			i ? ", " : "",
			(int)(names->v[i].n < 64 ? names->v[i].n : 64),
			names->v[i].p ? names->v[i].p : "");
	if (!platform) {
		import_mistake(s->i, line,
			"no list that is known has '%s': name the format, "
			"'csv' where a column is called address or email",
			say_z(has));
		hint_stranger(stranger);
		return 0;
	}
	import_mistake(s->i, line, "'%s' is not what %s exports: %s",
		say_z(has), platform,
		list_looks(platform, looks, sizeof(looks)));
	other = list_recognize(names, NULL);
	if (!other && !names->exact)
		other = list_recognize_bare(names->v, names->n, NULL);
	if (other && strcmp(other->platform, platform) != 0)
		say_hint("it looks like %s, %s", other->platform, other->what);
	else
		hint_stranger(stranger);
	return 0;
}

static void find_columns(struct list_source *s)
{
	for (int f = 0; f < LIST_FIELDS; f++)
		s->at[f] = -1;
	for (size_t i = 0; i < s->names_n; i++) {
		const struct list_name *n = &s->names[i];

		for (size_t k = 0; k < s->csv.n; k++)
			if (n->field < LIST_FIELDS && s->at[n->field] < 0 &&
				str_ieq(str_trim(s->csv.field[k]), n->name))
				s->at[n->field] = (int)k;
	}
}

static void bare_columns(struct list_source *s)
{
	for (int f = 0; f < LIST_FIELDS; f++)
		s->at[f] = -1;
	for (int k = 0; k < 3; k++) {
		enum list_field f = list_bare_field(s->shape, (size_t)k);

		if (f < LIST_FIELDS)
			s->at[f] = k;
	}
}

/* A list whose first entry has no expiry: what the others have tells. */
static const struct list_shape *look_ahead(struct list_source *s)
{
	struct str rest = s->look, line, field[4];
	const struct list_shape *shape;

	while (str_line(&rest, &line)) {
		size_t n = 0;

		while (n < 4 && str_cut(&line, ',', &field[n]))
			n++;
		shape = n > 1 ? list_recognize_bare(field, n, NULL) : NULL;
		if (shape)
			return shape;
	}
	return NULL;
}

/* Not as CSV: the quotes belong to the address. */
static int open_lines(struct list_source *s)
{
	static const struct str address = STR("a@example.org");

	rewind(s->i->file);
	s->kind = LIST_LINES;
	s->shape = list_recognize_bare(&address, 1, "plain");
	lines_init(&s->lines, s->i->file);
	return 1;
}

static int open_csv(struct list_source *s, const char *platform)
{
	struct list_names names;
	int got = import_row(s->i, &s->csv);

	if (got <= 0)
		return got;
	s->shape = list_recognize_bare(s->csv.field, s->csv.n, platform);
	if (s->shape && !platform && s->csv.n == 1) {
		const struct list_shape *other = look_ahead(s);

		s->shape = other ? other : s->shape;
	}
	if (s->shape) {
		s->kind = LIST_CSV_BARE;
		s->pending = true;
		bare_columns(s);
		say_what(s, "by its first line: there is no head");
		return strcmp(s->shape->platform, "plain") ? 1 : open_lines(s);
	}
	names = (struct list_names){.v = s->csv.field, .n = s->csv.n};
	s->shape = list_recognize(&names, platform);
	if (!s->shape)
		return unlike(s, platform, s->csv.line, &names);
	take_names(s);
	find_columns(s);
	say_what(s, "by its head");
	return 1;
}

/* The next record; mistakes are told. 1, 0, -1. */
static int next_record(struct list_source *s)
{
	struct json_rows *j = &s->json;

	for (;;) {
		struct list_row at;

		switch (json_rows_next(j)) {
		case JSON_ROW:
			return 1;
		case JSON_END:
			return 0;
		case JSON_BAD:
			s->i->rows++;
			at = (struct list_row){.line = j->line};
			list_mistake(s->i, &at, "%s", j->mistake);
			break;
		case JSON_BROKEN:
			at = (struct list_row){.line = j->line};
			list_mistake(s->i, &at,
				"%s: what follows cannot be read", j->mistake);
			break;
		case JSON_ERROR:
			say("unable to read '%s': %s", say_z(s->i->name),
				strerror(errno));
			return -1;
		}
	}
}

static int open_json(struct list_source *s, const char *platform)
{
	struct list_names names = {.exact = true};
	struct str v[JSON_FIELDS_MAX];
	int got;

	s->kind = LIST_JSON;
	if (!json_rows_init(&s->json, s->i->file)) {
		say("out of memory");
		return -1;
	}
	got = next_record(s);
	if (got <= 0)
		return got;
	for (size_t i = 0; i < s->json.n; i++)
		v[names.n++] = s->json.field[i].key;
	names.v = v;
	names.list = s->json.list;
	s->shape = list_recognize(&names, platform);
	if (!s->shape && s->json.bare)
		return 1; /* a list without entries */
	if (!s->shape)
		return unlike(s, platform, s->json.line, &names);
	take_names(s);
	s->pending = true;
	say_what(s, "by the keys of its records");
	return 1;
}

int list_open(struct list_source *s, struct import *i, const char *platform)
{
	unsigned char p[LOOK];
	size_t n = fread(p, 1, sizeof(p), i->file);
	const char *why = no_text(p, n);

	*s = (struct list_source){.i = i, .kind = LIST_CSV};
	if (!n && ferror(i->file)) {
		say("unable to read '%s': %s", say_z(i->name), strerror(errno));
		return -1;
	}
	rewind(i->file);
	s->look = str_of((const char *)p, n);
	csv_init(&s->csv, i->file, 0);
	if (why) {
		import_mistake(i, 1, "%s", why);
		return 0;
	}
	if (platform && !strcmp(platform, "plain"))
		return open_lines(s);
	return is_json(s->look) ? open_json(s, platform)
				: open_csv(s, platform);
}

void list_release(struct list_source *s)
{
	csv_release(&s->csv);
	json_rows_release(&s->json);
}

/* --- rows ----------------------------------------------------------------- */

static int next_csv(struct list_source *s, struct list_row *row)
{
	int got = s->pending ? 1 : import_row(s->i, &s->csv);

	s->pending = false;
	if (got <= 0)
		return got;
	row->line = s->csv.line;
	row->stray = csv_is_stray(&s->csv, s->at[LIST_ADDRESS]);
	for (int f = 0; f < LIST_FIELDS; f++)
		row->field[f] = str_trim(csv_field(&s->csv, s->at[f]));
	return 1;
}

static int next_json(struct list_source *s, struct list_row *row)
{
	int got = s->pending ? 1 : s->shape ? next_record(s) : 0;

	s->pending = false;
	if (got <= 0)
		return got;
	row->line = s->json.line;
	row->record = s->json.record;
	for (size_t i = 0; i < s->names_n; i++) {
		const struct list_name *n = &s->names[i];
		struct str v;

		if (n->field == LIST_FIELDS || row->field[n->field].p)
			continue;
		for (size_t k = 0; k < s->json.n; k++)
			if (str_eq(s->json.field[k].key, n->name) &&
				s->json.field[k].type != JSON_NULL) {
				v = str_trim(s->json.field[k].value);
				row->field[n->field] = v;
			}
	}
	return 1;
}

static int next_line(struct list_source *s, struct list_row *row)
{
	for (;;) {
		switch (lines_next(&s->lines)) {
		case LINES_LINE:
			row->line = s->lines.line;
			row->field[LIST_ADDRESS] = s->lines.text;
			return 1;
		case LINES_END:
			return 0;
		case LINES_LONG:
			s->i->rows++;
			import_mistake(s->i, s->lines.line,
				"the line is too long for an address");
			break;
		case LINES_ERROR:
			say("unable to read '%s': %s", say_z(s->i->name),
				strerror(errno));
			return -1;
		case LINES_NO_TEXT:
			say("'%s': %s", say_z(s->i->name),
				say_str(s->lines.text));
			return -1;
		}
	}
}

int list_next(struct list_source *s, struct list_row *row)
{
	int got;

	*row = (struct list_row){.line = 0};
	if (s->kind == LIST_LINES)
		got = next_line(s, row);
	else
		got = s->kind == LIST_JSON ? next_json(s, row)
					   : next_csv(s, row);
	s->i->rows += got > 0;
	return got;
}
