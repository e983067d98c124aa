/* As the daemon does it, with a writer of its own. */
#include "dispatch_once.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "dispatch.h"
#include "log.h"
#include "post.h"
#include "report/mail.h"
#include "say.h"
#include "schedule.h"

static int no_memory(void)
{
	say("%s", strerror(errno));
	return EX_OSERR;
}

/* --- what is due --- */

static int look(struct env *e, struct writer *writer, struct runner *runner)
{
	struct wake wake;
	struct dispatch *d;
	int rc;

	if (wake_init(&wake))
		return no_memory();
	d = dispatch_new(&e->conf, writer, runner, &wake, false);
	rc = d ? dispatch_look(d) : -1;
	dispatch_free(d);
	wake_release(&wake);
	return rc < 0 ? EX_TEMPFAIL : 0;
}

static int with_writer(struct env *e, struct runner *runner)
{
	struct house *house = house_new(&e->conf);
	struct writer writer;
	char why[256];
	int status;

	if (!house)
		return EX_CONFIG;
	if (writer_start(&writer, e->db, house, NULL, why) == 0) {
		status = look(e, &writer, runner);
		writer_stop(&writer);
	} else {
		say("%s", why);
		status = EX_IOERR;
	}
	house_free(house);
	return status;
}

int dispatch_once(struct env *e)
{
	struct runner *runner;
	int status;

	if (!dispatch_is_on(&e->conf)) {
		say("the configuration has no way for the report: 'report:' "
		    "needs 'to', 'folder' or 'command'");
		return EX_CONFIG;
	}
	/* A timer's mail is read when something is wrong. */
	log_set_level(LOG_LEVEL_WARN);
	if (schedule_zone(e->conf.report.timezone))
		return no_memory();
	runner = runner_start();
	if (!runner)
		return no_memory();
	status = env_open_database(e, DB_WRITE);
	if (!status)
		status = with_writer(e, runner);
	runner_stop(runner);
	return status;
}

/* --- by hand --- */

/* One of its own: it is wanted, although there was one of this week. */
static struct report_letter letter(const struct env *e, const struct report *r,
	const struct conf_list *to, char id[96])
{
	snprintf(id, 96, "report-%" PRId64 "-%" PRId64 "-%" PRId64, r->from,
		r->to, r->now);
	return (struct report_letter){to, e->conf.mail.from, id};
}

int dispatch_mail(struct env *e, struct runner *runner, const struct report *r,
	const struct conf_list *to)
{
	char id[96], why[256];
	struct report_letter l = letter(e, r, to, id);
	struct wake wake;
	struct str mail;
	int rc;

	if (report_slurp(REPORT_MAIL, r, &l, &mail))
		return no_memory();
	if (wake_init(&wake)) {
		free((char *)mail.p);
		return no_memory();
	}
	rc = post_run(runner, &wake, &e->conf.mail.sendmail, mail, why);
	wake_release(&wake);
	free((char *)mail.p);
	if (!rc)
		return 0;
	say("the report was not sent: %s", say_z(why));
	return EX_TEMPFAIL;
}

int dispatch_print(
	struct env *e, const struct report *r, const struct conf_list *to)
{
	char id[96];
	struct report_letter l = letter(e, r, to, id);

	return report_mail_write(r, &l, e->out) ? no_memory() : 0;
}
