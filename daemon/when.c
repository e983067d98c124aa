/*
 * Times on their way in and out: always UTC, always RFC 3339, whatever the
 * time zone of the machine.
 */
#include "when.h"

#include <time.h>

#include "str.h"

/* v in n digits, and what stands behind them. */
static char *put(char *p, int v, int n, char behind)
{
	for (int i = n; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	p[n] = behind;
	return p + n + 1;
}

/* Each verdict that is printed has a time, and strftime() is slow. */
const char *when_format(int64_t at, char buf[WHEN_SIZE])
{
	time_t t = (time_t)at;
	struct tm tm;
	char *p = buf;

	buf[0] = '\0';
	if (!gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099)
		return buf;
	p = put(p, tm.tm_year + 1900, 4, '-');
	p = put(p, tm.tm_mon + 1, 2, '-');
	p = put(p, tm.tm_mday, 2, 'T');
	p = put(p, tm.tm_hour, 2, ':');
	p = put(p, tm.tm_min, 2, ':');
	p = put(p, tm.tm_sec, 2, 'Z');
	*p = '\0';
	return buf;
}

const char *when_day(int64_t at, char buf[WHEN_SIZE])
{
	when_format(at, buf);
	buf[buf[0] ? sizeof("2026-11-23") - 1 : 0] = '\0';
	return buf;
}

/* n digits off *z, from low to high; -1 when there are none. */
static int digits(const char **z, int n, int low, int high)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (!ascii_is_digit((unsigned char)(*z)[i]))
			return -1;
		v = v * 10 + (*z)[i] - '0';
	}
	*z += n;
	return v < low || v > high ? -1 : v;
}

/* A fixed byte and then n digits. */
static int after(const char **z, char c, int n, int low, int high)
{
	if (**z != c)
		return -1;
	++*z;
	return digits(z, n, low, high);
}

static bool parse_offset(const char *z, int *seconds)
{
	int sign = *z == '-' ? -1 : 1, hours, minutes;

	*seconds = 0;
	if (*z == 'Z' || *z == 'z')
		return z[1] == '\0';
	if (*z != '+' && *z != '-')
		return false;
	z++;
	hours = digits(&z, 2, 0, 23);
	minutes = after(&z, ':', 2, 0, 59);
	*seconds = sign * (hours * 3600 + minutes * 60);
	return hours >= 0 && minutes >= 0 && !*z;
}

static bool parse_day(const char **z, struct tm *tm)
{
	int year = digits(z, 4, 1970, 9999);
	int month = after(z, '-', 2, 1, 12);
	int day = after(z, '-', 2, 1, 31);

	if (year < 0 || month < 0 || day < 0)
		return false;
	*tm = (struct tm){
		.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
	return true;
}

const char *when_mail(int64_t at, char buf[WHEN_SIZE])
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)at;
	struct tm tm;
	char *p = buf + sizeof("Mon, ") - 1;

	buf[0] = '\0';
	if (!gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099)
		return buf;
	memcpy(buf, days + (size_t)3 * (size_t)tm.tm_wday, 3);
	memcpy(buf + 3, ", ", 2);
	p = put(p, tm.tm_mday, 2, ' ');
	memcpy(p, months + (size_t)3 * (size_t)tm.tm_mon, 3);
	p[3] = ' ';
	p = put(p + 4, tm.tm_year + 1900, 4, ' ');
	p = put(p, tm.tm_hour, 2, ':');
	p = put(p, tm.tm_min, 2, ':');
	p = put(p, tm.tm_sec, 2, ' ');
	memcpy(p, "+0000", sizeof("+0000"));
	return buf;
}

bool when_parse(const char *z, int64_t *out)
{
	int offset = 0, day;
	struct tm tm;

	if (!parse_day(&z, &tm))
		return false;
	day = tm.tm_mday;
	if (*z) {
		if (*z != 'T' && *z != 't' && *z != ' ')
			return false;
		z++;
		tm.tm_hour = digits(&z, 2, 0, 23);
		tm.tm_min = after(&z, ':', 2, 0, 59);
		tm.tm_sec = *z == ':' ? after(&z, ':', 2, 0, 60) : 0;
		if (tm.tm_hour < 0 || tm.tm_min < 0 || tm.tm_sec < 0)
			return false;
		if (!parse_offset(z, &offset))
			return false;
	}
	if (tm.tm_sec == 60) /* a leap second */
		tm.tm_sec = 59;
	*out = (int64_t)timegm(&tm) - offset;
	return tm.tm_mday == day; /* timegm() makes 2 March of 30 February */
}
