/*
 * A report is a list of groups of fields. A group that names a recipient
 * begins a new one; one that names none belongs to the recipient before it,
 * because some systems put blank lines between its fields. So nothing that was
 * said about a recipient is lost to a stray line.
 */
#include "rfc3464.h"

#include "rfc3463.h"
#include "rfc5322.h"

enum field {
	FIELD_OTHER,
	FIELD_REPORTING_MTA,
	FIELD_ORIGINAL,
	FIELD_FINAL,
	FIELD_ACTUAL,
	FIELD_ACTION,
	FIELD_STATUS,
	FIELD_REMOTE_MTA,
	FIELD_DIAGNOSTIC,
};

static const struct {
	const char *name;
	enum field field;
} fields[] = {
	{"final-recipient",    FIELD_FINAL        },
	{"action",             FIELD_ACTION       },
	{"status",             FIELD_STATUS       },
	{"diagnostic-code",    FIELD_DIAGNOSTIC   },
	{"remote-mta",         FIELD_REMOTE_MTA   },
	{"original-recipient", FIELD_ORIGINAL     },
	{"x-actual-recipient", FIELD_ACTUAL       },
	{"reporting-mta",      FIELD_REPORTING_MTA},
};

static enum field lookup(struct str name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (str_ieqz(name, fields[i].name))
			return fields[i].field;
	return FIELD_OTHER;
}

/* "dns; host" -> "host"; a value without a type is itself. */
static struct str after_type(struct str value)
{
	size_t semicolon;

	value = str_trim(value);
	/* A type is a short atom; "; " further on is part of the text. */
	semicolon = str_chr(value, ';');
	if (semicolon == value.n || semicolon > 24 ||
		str_chr(str_sub(value, 0, semicolon), ' ') + 1 < semicolon)
		return value;
	return str_trim(str_sub(value, semicolon + 1, value.n));
}

struct str rfc3464_host(struct str value)
{
	size_t n;

	value = after_type(value);
	for (n = 0; n < value.n; n++)
		if (ascii_is_space((unsigned char)value.p[n]) ||
			value.p[n] == '(')
			break;
	while (n && value.p[n - 1] == '.')
		n--;
	return str_sub(value, 0, n);
}

static int hex(unsigned char c)
{
	if (ascii_is_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static size_t put_utf8(char *p, unsigned long c)
{
	if (c < 0x80) {
		p[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		p[0] = (char)(0xc0 | c >> 6);
		p[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		p[0] = (char)(0xe0 | c >> 12);
		p[1] = (char)(0x80 | (c >> 6 & 0x3f));
		p[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	p[0] = (char)(0xf0 | c >> 18);
	p[1] = (char)(0x80 | (c >> 12 & 0x3f));
	p[2] = (char)(0x80 | (c >> 6 & 0x3f));
	p[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* "\x{E9}" at s[i] (RFC 6533 3): its length, or 0. */
static size_t embedded_unicode(struct str s, size_t i, unsigned long *c)
{
	size_t n = 3;

	*c = 0;
	if (i + 4 >= s.n || s.p[i] != '\\' || s.p[i + 1] != 'x' ||
		s.p[i + 2] != '{')
		return 0;
	while (i + n < s.n && n < 9 && hex((unsigned char)s.p[i + n]) >= 0)
		*c = *c << 4 | (unsigned long)hex((unsigned char)s.p[i + n++]);
	if (n == 3 || i + n >= s.n || s.p[i + n] != '}' || *c > 0x10ffff ||
		(*c >= 0xd800 && *c < 0xe000) || *c < 0x20)
		return 0;
	return n + 1;
}

/* Undo xtext ("+40") and RFC 6533's "\x{40}". Never longer than s. */
static struct str decode(struct arena *a, struct str s, bool xtext)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	if (!p)
		return s;
	for (size_t i = 0; i < s.n; i++) {
		unsigned long c;
		size_t used = embedded_unicode(s, i, &c);

		if (used) {
			n += put_utf8(p + n, c);
			i += used - 1;
		} else if (xtext && s.p[i] == '+' && i + 2 < s.n &&
			   hex((unsigned char)s.p[i + 1]) >= 0 &&
			   hex((unsigned char)s.p[i + 2]) >= 0) {
			p[n++] = (char)(hex((unsigned char)s.p[i + 1]) << 4 |
					hex((unsigned char)s.p[i + 2]));
			i += 2;
		} else {
			p[n++] = s.p[i];
		}
	}
	return str_of(p, n);
}

struct str rfc3464_address(struct arena *a, struct str value)
{
	struct str s = after_type(rfc5322_unfold(a, value));
	struct str at = STR("+40"), plus = STR("+2B"), equals = STR("+3D");
	struct str unicode = STR("\\x{");
	bool xtext;

	if (str_chr(s, '+') == s.n && str_chr(s, '\\') == s.n)
		return s;
	/* What xtext must hide, and a person's +tag hardly ever spells. */
	xtext = (str_chr(s, '@') == s.n && str_find(s, at) < s.n) ||
		str_find(s, plus) < s.n || str_find(s, equals) < s.n;

	if (xtext || str_find(s, unicode) < s.n)
		s = decode(a, s, xtext);
	return s;
}

static enum action action_of(struct str value)
{
	static const struct {
		const char *word;
		enum action action;
	} rows[] = {
		{"failed",    ACTION_FAILED   },
		{"failure",   ACTION_FAILED   },
		{"expired",   ACTION_FAILED   },
		{"delayed",   ACTION_DELAYED  },
		{"deferred",  ACTION_DELAYED  },
		{"delivered", ACTION_DELIVERED},
		{"relayed",   ACTION_RELAYED  },
		{"expanded",  ACTION_EXPANDED },
	};

	value = str_trim(value);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_istarts(value, rows[i].word))
			return rows[i].action;
	return ACTION_NONE;
}

struct reader {
	struct arena *arena;
	struct dsn *dsn;
	struct dsn_recipient now;
	bool open; /* now holds something */
	size_t cap;
};

static void flush(struct reader *r)
{
	struct dsn *d = r->dsn;
	struct dsn_recipient *v;

	if (!r->open)
		return;
	r->open = false;
	if (d->n >= RFC3464_RECIPIENTS_MAX) {
		d->limits |= LIMIT_RECIPIENTS;
		return;
	}
	v = arena_grow(r->arena, d->r, &r->cap, d->n + 1, sizeof(*v));
	if (!v) {
		d->limits |= LIMIT_MEMORY;
		return;
	}
	d->r = v;
	v[d->n++] = r->now;
}

/* The recipient that a field of this kind belongs to: now, or a new one. */
static void begin(struct reader *r, bool taken)
{
	if (r->open && !taken)
		return;
	flush(r);
	r->now = (struct dsn_recipient){.action = ACTION_NONE};
	r->open = true;
}

static void take_recipient(struct reader *r, enum field field, struct str value)
{
	struct dsn_recipient *now = &r->now;
	struct str address = rfc3464_address(r->arena, value);

	switch (field) {
	case FIELD_ORIGINAL:
		begin(r, now->original.p != NULL);
		now->original = address;
		break;
	case FIELD_FINAL:
		begin(r, now->final.p != NULL);
		now->final = address;
		break;
	default:
		begin(r, false);
		now->actual = address;
	}
}

static void take(struct reader *r, const struct header *h)
{
	struct dsn_recipient *now = &r->now;
	enum field field = lookup(str_trim(h->name));

	switch (field) {
	case FIELD_REPORTING_MTA:
		if (!r->dsn->reporting_mta.p)
			r->dsn->reporting_mta = rfc3464_host(h->value);
		return;
	case FIELD_ORIGINAL:
	case FIELD_FINAL:
	case FIELD_ACTUAL:
		take_recipient(r, field, h->value);
		break;
	case FIELD_ACTION:
		begin(r, now->action != ACTION_NONE && now->final.p);
		if (now->action == ACTION_NONE) {
			now->action = action_of(h->value);
			now->expired =
				str_istarts(str_trim(h->value), "expired");
		}
		break;
	case FIELD_STATUS:
		begin(r, false);
		if (!now->status.class)
			rfc3463_parse(str_trim(h->value), &now->status);
		break;
	case FIELD_REMOTE_MTA:
		begin(r, false);
		now->remote_mta = rfc3464_host(h->value);
		break;
	case FIELD_DIAGNOSTIC:
		begin(r, false);
		if (!now->diagnostic.n)
			now->diagnostic =
				after_type(rfc5322_unfold(r->arena, h->value));
		break;
	case FIELD_OTHER:
		if (!r->open)
			return;
	}
	if (!now->raw.p)
		now->raw.p = h->name.p;
	now->raw.n = (size_t)(h->value.p + h->value.n - now->raw.p);
}

/* Whether the fields up to the next blank line name a recipient. */
static bool names_recipient(struct str rest)
{
	struct str line;

	while (str_line(&rest, &line) && str_trim(line).n)
		if (str_istarts(line, "final-recipient") ||
			str_istarts(line, "original-recipient"))
			return true;
	return false;
}

/* A group, up to a blank line; the rest stays in *rest. */
static struct str next_group(struct str *rest)
{
	struct str line, all = *rest;

	while (str_line(rest, &line))
		if (!str_trim(line).n)
			return str_of(all.p, (size_t)(line.p - all.p));
	return all;
}

/* Fields that name nobody are about the one whom the mail is about. */
static bool is_about_somebody(const struct reader *r)
{
	const struct dsn_recipient *now = &r->now;

	return now->final.p || now->original.p || now->actual.p ||
	       (!r->dsn->n && now->action != ACTION_NONE && now->status.class);
}

void rfc3464_parse(struct arena *a, struct str body, struct dsn *out)
{
	struct reader r = {.arena = a, .dsn = out};
	struct str rest = body;

	*out = (struct dsn){.limits = 0};
	while (rest.n) {
		struct str group = next_group(&rest);
		struct header h;

		/* Fields before the next recipient's are still about this. */
		if (r.open && r.now.final.p && names_recipient(group))
			flush(&r);
		while (headers_next(&group, &h)) {
			out->limits |= h.cut ? LIMIT_HEADER : 0u;
			take(&r, &h);
		}
	}
	if (r.open && is_about_somebody(&r))
		flush(&r);
}

/* A line that begins with a field of a report. */
static bool begins_fields(struct str line)
{
	return str_istarts(line, "reporting-mta:") ||
	       str_istarts(line, "final-recipient:") ||
	       str_istarts(line, "original-recipient:");
}

/* text with so many blanks less at the beginning of each line. */
static struct str without_indent(struct arena *a, struct str text, size_t max)
{
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	if (!p)
		return STR_NULL;
	while (text.n) {
		size_t blanks = 0, end;

		while (blanks < max && blanks < text.n &&
			(text.p[blanks] == ' ' || text.p[blanks] == '\t'))
			blanks++;
		text = str_sub(text, blanks, text.n);
		end = str_chr(text, '\n');
		end += end < text.n;
		if (end)
			memcpy(p + n, text.p, end);
		n += end;
		text = str_sub(text, end, text.n);
	}
	return str_of(p, n);
}

struct str rfc3464_find(struct str text)
{
	struct str rest = text, line;

	while (str_line(&rest, &line))
		if (begins_fields(line))
			return str_of(
				line.p, (size_t)(text.p + text.n - line.p));
	return STR_NULL;
}

struct str rfc3464_find_indented(struct arena *a, struct str text)
{
	struct str rest = text, line;

	while (str_line(&rest, &line)) {
		struct str s = str_trim(line);

		if (begins_fields(s))
			return without_indent(a,
				str_of(line.p,
					(size_t)(text.p + text.n - line.p)),
				(size_t)(s.p - line.p));
	}
	return STR_NULL;
}

bool rfc3464_is_report(struct str body)
{
	return begins_fields(str_trim(body));
}
