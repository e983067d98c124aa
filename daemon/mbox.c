/*
 * An mbox has no index and no escape worth the name: a mail begins at a line
 * "From sender date", and lines of a body that look like one carry a ">". Two
 * mistakes are possible. To take a sentence for a separator cuts a mail in two;
 * to miss a separator swallows a whole bounce. The second is the worse, so
 * after an empty line anything with a time and a year in it counts, and also a
 * "From " without a date (some writers know none) when a header line follows;
 * elsewhere only a whole date does.
 */
#include "mbox.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "verdict.h"

#define BUFFER_SIZE     65536u
#define TOKENS_MAX      24u
#define HEADER_NAME_MAX 76u /* RFC 5322 has none; a line has 78 */

struct mbox {
	int fd;
	bool eof;
	uint64_t position;
	size_t start, end; /* what of buf is not used yet */
	bool begun;        /* the first From_ line is behind us */
	int64_t at;        /* date of the mail that comes next */
	size_t n;          /* bytes in mail */
	bool truncated;
	char mail[VERDICT_MAIL_MAX];
	char buf[BUFFER_SIZE];
};

struct mbox *mbox_new(void)
{
	return malloc(sizeof(struct mbox));
}

void mbox_free(struct mbox *m)
{
	free(m);
}

/* Move what is left to the front and read once more. -1: errno. */
static int fill(struct mbox *m)
{
	ssize_t got;

	if (m->start) {
		memmove(m->buf, m->buf + m->start, m->end - m->start);
		m->end -= m->start;
		m->start = 0;
	}
	do
		got = read(m->fd, m->buf + m->end, BUFFER_SIZE - m->end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -1;
	m->eof = got == 0;
	m->end += (size_t)got;
	m->position += (uint64_t)got;
	return 0;
}

int mbox_start(struct mbox *m, int fd)
{
	m->fd = fd;
	m->eof = m->begun = false;
	m->position = 0;
	m->start = m->end = 0;
	m->at = 0;
	while (!m->eof && m->end < 512)
		if (fill(m))
			return -1;
	return 0;
}

/* What stands before the first From_ line: a byte order mark, empty lines. */
static size_t preface(const struct mbox *m)
{
	struct str s = str_of(m->buf + m->start, m->end - m->start);
	size_t n = str_starts(s, (struct str)STR("\xef\xbb\xbf")) ? 3 : 0;

	while (n < s.n && (s.p[n] == '\n' || s.p[n] == '\r'))
		n++;
	return n;
}

static struct str ahead(const struct mbox *m)
{
	size_t skip = m->start + preface(m);

	return str_of(m->buf + skip, m->end - skip);
}

bool mbox_is(const struct mbox *m)
{
	return m->end == m->start ||
	       str_starts(ahead(m), (struct str)STR("From "));
}

uint64_t mbox_position(const struct mbox *m)
{
	return m->position;
}

/*
 * The next piece of a line, with its LF when *whole; a line longer than the
 * buffer comes in several. 1, 0 at the end, -1: errno.
 */
static int piece(struct mbox *m, struct str *out, bool *whole)
{
	const char *lf;

	for (;;) {
		size_t n = m->end - m->start;

		lf = memchr(m->buf + m->start, '\n', n);
		if (lf || m->eof || n == BUFFER_SIZE)
			break;
		if (fill(m))
			return -1;
	}
	*out = str_of(m->buf + m->start, m->end - m->start);
	if (lf)
		out->n = (size_t)(lf + 1 - out->p);
	*whole = lf || m->eof;
	m->start += out->n;
	return out->n > 0;
}

static void append(struct mbox *m, struct str s)
{
	size_t room = sizeof(m->mail) - m->n;

	if (s.n > room) {
		m->truncated = true;
		s.n = room;
	}
	memcpy(m->mail + m->n, s.p, s.n);
	m->n += s.n;
}

static struct str chomp(struct str line)
{
	if (line.n && line.p[line.n - 1] == '\n')
		line.n--;
	if (line.n && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* mboxrd: one ">" was put before each line that is ">*From ". */
static struct str unquote(struct str line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '>')
		n++;
	if (n && str_starts(str_sub(line, n, 5), (struct str)STR("From ")))
		return str_sub(line, 1, line.n);
	return line;
}

/* Whether s begins as a mail does: "Name:". */
static bool begins_with_header(struct str s)
{
	size_t n = 0;

	while (n < s.n && n < HEADER_NAME_MAX &&
		(ascii_is_alnum((unsigned char)s.p[n]) || s.p[n] == '-' ||
			s.p[n] == '_'))
		n++;
	return n && n < s.n && s.p[n] == ':';
}

/*
 * Whether a header follows line, the last one that was taken. Reading on may
 * move it, so *line is set anew. 1, 0, -1: errno.
 */
static int header_follows(struct mbox *m, struct str *line)
{
	size_t n = line->n;

	if (n > BUFFER_SIZE / 2)
		return 0;
	m->start -= n;
	while (!m->eof && m->end - m->start <= n + HEADER_NAME_MAX)
		if (fill(m))
			return -1;
	*line = str_of(m->buf + m->start, n);
	m->start += n;
	return begins_with_header(str_of(m->buf + m->start, m->end - m->start));
}

/* Whether *line separates mails. 1, 0, -1: errno. */
static int is_separator(struct mbox *m, struct str *line, bool after_empty)
{
	if (!str_starts(*line, (struct str)STR("From ")))
		return 0;
	if (mbox_from_line(chomp(*line), !after_empty, &m->at))
		return 1;
	return after_empty ? header_follows(m, line) : 0;
}

/* The lines of one mail into m->mail, up to the next separator. */
static int collect(struct mbox *m)
{
	bool line_start = true, whole, empty = true;
	size_t empty_n = 0; /* bytes of an empty line that ends the mail */
	struct str s;
	int rc, ends = 0;

	m->n = 0;
	m->truncated = false;
	while ((rc = piece(m, &s, &whole)) > 0) {
		if (line_start && whole)
			ends = is_separator(m, &s, empty);
		if (ends)
			break;
		empty = line_start && whole && chomp(s).n == 0;
		empty_n = empty ? s.n : 0;
		append(m, line_start ? unquote(s) : s);
		line_start = whole;
	}
	/* The empty line before a From_ line belongs to the mbox. */
	if (!m->truncated && empty_n <= m->n)
		m->n -= empty_n;
	return ends < 0 ? -1 : rc;
}

int mbox_next(struct mbox *m, struct mbox_mail *out)
{
	struct str first;
	bool whole = false;

	if (!m->begun) {
		m->begun = true;
		m->start += preface(m);
		while (!whole) {
			int rc = piece(m, &first, &whole);

			if (rc <= 0)
				return rc;
			mbox_from_line(chomp(first), true, &m->at);
		}
	}
	if (m->eof && m->start == m->end)
		return 0;
	*out = (struct mbox_mail){.at = m->at};
	m->at = 0;
	if (collect(m) < 0)
		return -1;
	out->bytes = str_of(m->mail, m->n);
	out->truncated = m->truncated;
	return 1;
}

int mbox_whole(struct mbox *m, bool drain, struct mbox_mail *out)
{
	struct str line = ahead(m);

	*out = (struct mbox_mail){.at = 0};
	line.n = str_chr(line, '\n');
	mbox_from_line(chomp(line), true, &out->at);
	m->n = 0;
	m->truncated = false;
	for (;;) {
		append(m, str_of(m->buf + m->start, m->end - m->start));
		m->start = m->end = 0;
		if (m->eof || (m->truncated && !drain))
			break;
		if (fill(m))
			return -1;
	}
	out->bytes = str_of(m->mail, m->n);
	out->truncated = m->truncated;
	return 0;
}

bool mbox_has_more(struct str mail)
{
	static const struct str mark = STR("\n\nFrom ");
	int64_t at;

	if (!str_starts(mail, str_sub(mark, 2, 5)))
		return false;
	for (;;) {
		size_t n = str_find(mail, mark);
		struct str line;

		if (n == mail.n)
			return false;
		mail = str_sub(mail, n + 2, mail.n);
		n = str_chr(mail, '\n');
		line = str_sub(mail, 0, n);
		if (mbox_from_line(chomp(line), true, &at) ||
			begins_with_header(str_sub(mail, n + 1, mail.n)))
			return true;
	}
}

/* --- the date of a From_ line --- */

static int find_name(struct str token, const char *names)
{
	if (token.n != 3)
		return -1;
	for (int i = 0; names[3 * i]; i++)
		if (str_ieq(token, str_of(names + 3 * i, 3)))
			return i;
	return -1;
}

/* "10:05" or "10:05:59" */
static bool clock_time(struct str token, struct tm *tm)
{
	struct str rest = token, part;
	long v[3] = {0, 0, 0};
	int n = 0;

	while (n < 3 && str_cut(&rest, ':', &part)) {
		if (part.n < 1 || part.n > 2)
			return false;
		for (size_t i = 0; i < part.n; i++)
			if (!ascii_is_digit((unsigned char)part.p[i]))
				return false;
		v[n++] = str_number(part, 99);
	}
	if (n < 2 || rest.n || v[0] > 23 || v[1] > 59 || v[2] > 60)
		return false;
	tm->tm_hour = (int)v[0];
	tm->tm_min = (int)v[1];
	tm->tm_sec = (int)v[2];
	return true;
}

static bool year(struct str token, struct tm *tm)
{
	long v = token.n == 4 ? str_number(token, 9999) : -1;

	if (v < 1970)
		return false;
	for (size_t i = 0; i < 4; i++)
		if (!ascii_is_digit((unsigned char)token.p[i]))
			return false;
	tm->tm_year = (int)v - 1900;
	return true;
}

/* "+0100"; other zones are names, whose offset nobody knows: 0. */
static int zone(struct str token)
{
	long v = token.n == 5 ? str_number(str_sub(token, 1, 4), 9999) : -1;

	if (v < 0 || (token.p[0] != '+' && token.p[0] != '-'))
		return 0;
	v = v / 100 * 3600 + v % 100 * 60;
	return (int)(token.p[0] == '-' ? -v : v);
}

static size_t tokens(struct str line, struct str *out)
{
	size_t n = 0;
	struct str t;

	while (n < TOKENS_MAX && str_cut(&line, ' ', &t))
		if (t.n)
			out[n++] = t;
	return n;
}

/* Weekday, month, day, time, and the year with a zone on either side. */
static bool asctime_at(const struct str *t, size_t n, int64_t *at)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm = {0};
	bool have_year = false;
	int offset = 0;

	if (n < 5 || n > 7 || find_name(t[0], days) < 0)
		return false;
	tm.tm_mon = find_name(t[1], months);
	tm.tm_mday = (int)str_number(t[2], 31);
	if (tm.tm_mon < 0 || tm.tm_mday < 1 || !clock_time(t[3], &tm))
		return false;
	for (size_t i = 4; i < n; i++)
		if (!have_year && year(t[i], &tm))
			have_year = true;
		else
			offset = zone(t[i]);
	if (have_year)
		*at = (int64_t)timegm(&tm) - offset;
	return have_year;
}

bool mbox_from_line(struct str line, bool strict, int64_t *at)
{
	struct str t[TOKENS_MAX];
	bool has_time = false, has_year = false;
	struct tm tm;
	size_t n;

	*at = 0;
	if (!str_starts(line, (struct str)STR("From ")))
		return false;
	n = tokens(line, t);
	for (size_t i = 1; i + 5 <= n; i++)
		if (asctime_at(t + i, n - i, at))
			return true;
	for (size_t i = 1; i < n; i++) {
		has_time = has_time || clock_time(t[i], &tm);
		has_year = has_year || year(t[i], &tm);
	}
	return !strict && has_time && has_year;
}
