/*
 * RFC 5322 3.3 and 4.3 dates, and the others that stand in mail: asctime's,
 * RFC 3339's, and mixtures of them. The fields are told apart by what they
 * look like rather than by their order. Seconds are counted here and not by
 * mktime(), which depends on the machine's time zone.
 */
#include "rfc5322.h"

#define DATE_LENGTH_MAX 256u

struct date {
	const char *p, *end;
	int year, month, day; /* -1: not seen */
	int hour, minute, second;
	int zone; /* minutes east */
	bool zone_seen;
};

static const char months[12][4] = {
	"jan",
	"feb",
	"mar",
	"apr",
	"may",
	"jun",
	"jul",
	"aug",
	"sep",
	"oct",
	"nov",
	"dec",
};

/* RFC 5322 4.3: other names, and the military letters, are UTC. */
static const struct {
	const char *name;
	int minutes;
} zones[] = {
	{"EST",  -300},
	{"EDT",  -240},
	{"CST",  -360},
	{"CDT",  -300},
	{"MST",  -420},
	{"MDT",  -360},
	{"PST",  -480},
	{"PDT",  -420},
	{"CET",  60  },
	{"MET",  60  },
	{"CEST", 120 },
	{"MEST", 120 },
	{"EET",  120 },
	{"EEST", 180 },
	{"JST",  540 },
};

/* Decimal digits at d->p as a number; *n says how many. -1: too many. */
static int read_number(struct date *d, int *n)
{
	const char *p = d->p;
	int value = 0;

	for (; p < d->end && ascii_is_digit((unsigned char)*p); p++)
		value = p - d->p < 8 ? value * 10 + (*p - '0') : -1;
	*n = (int)(p - d->p);
	d->p = p;
	return *n <= 8 ? value : -1;
}

static void skip_comment(struct date *d)
{
	int depth = 0;

	do {
		if (*d->p == '(')
			depth++;
		else if (*d->p == ')')
			depth--;
	} while (++d->p < d->end && depth > 0);
}

static void skip_blanks(struct date *d)
{
	while (d->p < d->end) {
		if (*d->p == '(')
			skip_comment(d);
		else if (ascii_is_space((unsigned char)*d->p))
			d->p++;
		else
			return;
	}
}

/* With blanks and comments around it (4.3: "09(comment):   55"). */
static bool take_colon(struct date *d)
{
	const char *before = d->p;

	skip_blanks(d);
	if (d->p < d->end && *d->p == ':') {
		d->p++;
		skip_blanks(d);
		if (d->p < d->end && ascii_is_digit((unsigned char)*d->p))
			return true;
	}
	d->p = before;
	return false;
}

/* ":MM", ":MM:SS", ":MM:SS.fraction" after the hour. */
static bool take_time(struct date *d, int hour)
{
	int n;

	if (d->hour >= 0)
		return false;
	d->hour = hour;
	d->minute = read_number(d, &n);
	if (take_colon(d))
		d->second = read_number(d, &n);
	if (d->end - d->p > 1 && *d->p == '.') {
		d->p++;
		read_number(d, &n);
	}
	return true;
}

/* Year, month or day: RFC 5322's order unless the year comes first. */
static bool take_number(struct date *d)
{
	int n, value = read_number(d, &n);

	if (take_colon(d))
		return take_time(d, value);
	if (n >= 4 && d->year < 0)
		d->year = value;
	else if (d->year >= 0 && d->month < 0 && d->day < 0)
		d->month = value;
	else if (d->day < 0)
		d->day = value;
	else if (d->year < 0)
		d->year = value + (n < 3 && value < 50 ? 2000 : 1900);
	else
		return false;
	return true;
}

/* 1 to 12; -1: another word. */
static int read_month(struct str word)
{
	char folded[3];

	if (word.n < sizeof(folded))
		return -1;
	for (size_t i = 0; i < sizeof(folded); i++)
		folded[i] = (char)(word.p[i] | 0x20); /* letters only */
	for (int i = 0; i < 12; i++)
		if (!memcmp(folded, months[i], sizeof(folded)))
			return i + 1;
	return -1;
}

static void take_word(struct date *d)
{
	struct str word = {d->p, 0};

	while (d->p < d->end && ascii_is_alpha((unsigned char)*d->p))
		d->p++;
	word.n = (size_t)(d->p - word.p);
	if (d->month < 0)
		d->month = read_month(word);
	if (d->hour < 0 || d->zone_seen)
		return;
	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		if (str_ieqz(word, zones[i].name))
			d->zone = zones[i].minutes;
}

/* "+0900", "-5:30", "+09"; before the time - only divides ("06-May-2024"). */
static void take_sign(struct date *d)
{
	int sign = *d->p++ == '-' ? -1 : 1, n, value, minutes = 0;

	if (d->hour < 0 || d->zone_seen || d->p == d->end ||
		!ascii_is_digit((unsigned char)*d->p))
		return;
	value = read_number(d, &n);
	if (n > 2) {
		minutes = value % 100;
		value /= 100;
	} else if (take_colon(d)) {
		minutes = read_number(d, &n);
	}
	d->zone_seen = value >= 0 && value < 24 && minutes >= 0 && minutes < 60;
	if (d->zone_seen)
		d->zone = sign * (value * 60 + minutes);
}

static bool read_fields(struct date *d)
{
	while (d->p < d->end) {
		unsigned char c = (unsigned char)*d->p;

		if (ascii_is_alpha(c)) {
			take_word(d);
		} else if (ascii_is_digit(c)) {
			if (!take_number(d))
				return false;
		} else if (c == '+' || c == '-') {
			take_sign(d);
		} else if (c == '(') {
			skip_comment(d);
		} else {
			d->p++;
		}
	}
	return d->year >= 0 && d->month >= 0 && d->day >= 0 && d->hour >= 0;
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool in_range(const struct date *d)
{
	static const int lengths[12] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int length;

	if (d->year < 1970 || d->year > 9999 || d->month < 1 || d->month > 12)
		return false;
	length = lengths[d->month - 1] + (d->month == 2 && is_leap(d->year));
	return d->day >= 1 && d->day <= length && d->hour < 24 &&
	       d->minute >= 0 && d->minute < 60 && d->second >= 0 &&
	       d->second <= 60;
}

/* Days from 1970-01-01; the year is taken to begin in March. */
static int64_t days(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1;
	int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;

	return 365 * (int64_t)y + y / 4 - y / 100 + y / 400 + of_year + day -
	       719469;
}

bool rfc5322_date(struct str s, int64_t *out)
{
	struct date d = {.year = -1, .month = -1, .day = -1, .hour = -1};
	int64_t at;

	s = str_trim(s);
	if (s.n == 0 || s.n > DATE_LENGTH_MAX)
		return false;
	d.p = s.p;
	d.end = s.p + s.n;
	if (!read_fields(&d) || !in_range(&d))
		return false;
	at = days(d.year, d.month, d.day) * 86400 + d.hour * 3600 +
	     (d.minute - d.zone) * 60 + d.second;
	if (at < 0)
		return false;
	*out = at;
	return true;
}

int64_t rfc5322_received_date(struct str raw)
{
	const char *semicolon = raw.n ? memrchr(raw.p, ';', raw.n) : NULL;
	int64_t at;

	if (!semicolon)
		return 0;
	raw = str_sub(raw, (size_t)(semicolon + 1 - raw.p), raw.n);
	return rfc5322_date(raw, &at) ? at : 0;
}
