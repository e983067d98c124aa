/* Through programs, not through sockets: any sendmail will do. */
#include "post.h"

#include <stdlib.h>
#include <unistd.h>

#include "when.h"

#define LIMIT_MS 60000 /* for sendmail */

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

static void put_to(struct out *o, const struct conf_list *to)
{
	out_z(o, "To: ");
	for (size_t i = 0; i < to->n; i++) {
		if (i)
			out_z(o, ",\n\t");
		put_plain(o, to->v[i]);
	}
	out_char(o, '\n');
}

void post_head(struct out *o, const struct conf *conf, int64_t now,
	const char *subject, const char *id)
{
	char host[256] = "localhost", date[WHEN_SIZE];

	gethostname(host, sizeof(host) - 1);
	out_z(o, "From: ");
	put_plain(o, conf->mail.from);
	out_char(o, '\n');
	put_to(o, &conf->alerts.to);
	out_z(o, "Subject: [bouncewatch] ");
	put_plain(o, subject);
	out_printf(o, "\nDate: %s\nMessage-ID: <%s.bouncewatch@%s>\n",
		when_mail(now, date), id, host);
	/* RFC 3834: nobody's machine shall answer it. */
	out_z(o, "Auto-Submitted: auto-generated\n"
		 "X-Bouncewatch: alert\n"
		 "MIME-Version: 1.0\n"
		 "Content-Type: text/plain; charset=utf-8\n"
		 "Content-Transfer-Encoding: 8bit\n\n");
}

static int run_program(struct runner *runner, struct wake *wake,
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
		told = !run_program(
			runner, wake, &conf->mail.sendmail, mail, why);
	if (conf->alerts.command.n)
		told = !run_program(runner, wake, &conf->alerts.command, text,
			       why) ||
		       told;
	return told ? 0 : -1;
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
