/* Through programs, not through sockets: any sendmail will do. */
#include "post.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "utf8.h"
#include "when.h"

#define LIMIT_MS    60000 /* for sendmail */
#define WORD_MAX    48    /* of an encoded word, without what is around it */
#define LINE_MAX_QP 76

bool post_is_on(const struct conf *conf)
{
	return conf->alerts.to.n || conf->alerts.command.n;
}

/* A header's value: printable ASCII only. */
static void put_plain(struct out *o, const char *z)
{
	for (; *z; z++)
		out_char(o, *z >= ' ' && *z < 0x7f ? *z : '?');
}

/* As they stand: of another letter it would be another's address. */
static void put_to(struct out *o, const struct conf_list *to)
{
	out_z(o, to->n ? "To: " : "To: undisclosed-recipients:;");
	for (size_t i = 0; i < to->n; i++) {
		if (i)
			out_z(o, ",\n\t");
		out_z(o, to->v[i]);
	}
	out_char(o, '\n');
}

/* One character as it stands in an encoded word (RFC 2047 4.2). */
static size_t encode(char out[16], struct str c)
{
	static const char hex[] = "0123456789ABCDEF";
	unsigned char first = (unsigned char)c.p[0];
	size_t n = 0;

	if (c.n == 1 && ascii_is_alnum(first)) {
		out[0] = (char)first;
		return 1;
	}
	if (c.n == 1 && first == ' ') {
		out[0] = '_';
		return 1;
	}
	for (size_t i = 0; i < c.n; i++) {
		out[n++] = '=';
		out[n++] = hex[(unsigned char)c.p[i] >> 4];
		out[n++] = hex[(unsigned char)c.p[i] & 15];
	}
	return n;
}

/* No word is longer than 75 bytes, and none ends within a character. */
static void put_encoded(struct out *o, struct str s)
{
	size_t line = 0;

	out_z(o, "=?utf-8?q?");
	while (s.n) {
		bool valid;
		size_t n = utf8_character(s, &valid);
		struct str c = str_sub(s, 0, n);
		char bytes[16];
		size_t used;

		if (!valid || (unsigned char)*c.p < ' ' || *c.p == 0x7f)
			c = (struct str)STR("?");
		used = encode(bytes, c);
		if (line + used > WORD_MAX) {
			out_z(o, "?=\n =?utf-8?q?");
			line = 0;
		}
		out_bytes(o, bytes, used);
		line += used;
		s = str_sub(s, n, s.n);
	}
	out_z(o, "?=");
}

static void put_subject(struct out *o, const char *subject)
{
	out_z(o, "Subject: ");
	if (utf8_is_ascii(str_from(subject)))
		put_plain(o, subject);
	else
		put_encoded(o, str_from(subject));
	out_char(o, '\n');
}

void post_head(struct out *o, const struct post_head *h)
{
	char host[256] = "localhost", date[WHEN_SIZE];

	gethostname(host, sizeof(host) - 1);
	out_z(o, "From: ");
	put_plain(o, h->from);
	out_char(o, '\n');
	put_to(o, h->to);
	put_subject(o, h->subject);
	out_printf(o, "Date: %s\nMessage-ID: <%s.bouncewatch@%s>\n",
		when_mail(h->now, date), h->id, host);
	/* RFC 3834: nobody's machine shall answer it. */
	out_printf(o,
		"Auto-Submitted: auto-generated\n"
		"X-Bouncewatch: %s\n"
		"MIME-Version: 1.0\n",
		h->kind);
}

void post_alert_head(struct out *o, const struct conf *conf, int64_t now,
	const char *subject, const char *id)
{
	char line[512];
	struct post_head h = {
		.to = &conf->alerts.to,
		.from = conf->mail.from,
		.subject = line,
		.id = id,
		.kind = "alert",
		.now = now,
	};

	snprintf(line, sizeof(line), "[bouncewatch] %s", subject);
	post_head(o, &h);
	out_z(o, "Content-Type: text/plain; charset=utf-8\n"
		 "Content-Transfer-Encoding: 8bit\n\n");
}

/* --- quoted-printable --- */

/* Whether the byte at i must be encoded; at the begin of a line: also what a
 * transport may take for something else. */
static bool is_unsafe(struct str s, size_t i, size_t column)
{
	unsigned char c = (unsigned char)s.p[i];
	bool last = i + 1 == s.n || s.p[i + 1] == '\n';

	if (c == ' ' || c == '\t')
		return last;
	if (c < ' ' || c >= 0x7f || c == '=')
		return true;
	if (column)
		return false;
	return c == '.' || str_starts(str_sub(s, i, s.n), str_from("From "));
}

void post_quoted(struct out *o, struct str s)
{
	size_t column = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool unsafe = is_unsafe(s, i, column);

		if (s.p[i] == '\n') {
			out_char(o, '\n');
			column = 0;
			continue;
		}
		if (column + (unsafe ? 3 : 1) > LINE_MAX_QP - 1) {
			out_z(o, "=\n");
			column = 0;
			unsafe = is_unsafe(s, i, 0);
		}
		if (unsafe)
			out_printf(o, "=%02X", (unsigned char)s.p[i]);
		else
			out_char(o, s.p[i]);
		column += unsafe ? 3 : 1;
	}
}

/* --- programs --- */

int post_run(struct runner *runner, struct wake *wake,
	const struct conf_list *argv, struct str input, char why[256])
{
	char line[RUNNER_LINE_MAX + 1];
	struct runner_job job = {
		.argv = argv->v,
		.argc = argv->n,
		.limit_ms = LIMIT_MS,
		.input = input,
		.may_be_silent = true,
		.wake = wake,
		.line = line,
		.line_n = sizeof(line),
		.why = why,
		.why_n = 256,
	};

	return runner_run(runner, &job);
}

int post_send(const struct conf *conf, struct runner *runner, struct wake *wake,
	struct str mail, struct str text, char why[256])
{
	bool told = false;

	why[0] = '\0';
	if (conf->alerts.to.n)
		told = !post_run(runner, wake, &conf->mail.sendmail, mail, why);
	if (conf->alerts.command.n)
		told = !post_run(runner, wake, &conf->alerts.command, text,
			       why) ||
		       told;
	return told ? 0 : -1;
}

struct out *post_memory_open(void)
{
	int fd = memfd_create("post", MFD_CLOEXEC);
	struct out *o = fd < 0 ? NULL : malloc(sizeof(*o));

	if (o)
		out_init(o, fd);
	else if (fd >= 0)
		close(fd);
	return o;
}

int post_memory_close(struct out *o, struct str *all)
{
	int rc = out_flush(o) ? -1 : post_slurp(o->fd, all);

	close(o->fd);
	free(o);
	return rc;
}

int post_slurp(int fd, struct str *all)
{
	off_t n = lseek(fd, 0, SEEK_END);
	char *p = n >= 0 ? malloc((size_t)n + 1) : NULL;

	if (!p || pread(fd, p, (size_t)n, 0) != n) {
		free(p);
		return -1;
	}
	*all = str_of(p, (size_t)n);
	return 0;
}
