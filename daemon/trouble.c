/* An alert is told before it is marked as told: it may come twice, never not.
 */
#include "trouble.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"
#include "post.h"
#include "print.h"
#include "setback.h"

#define ALERT_AFTER 3 /* failures in a row */

/* --- the status table ----------------------------------------------------- */

struct note {
	const char *name, *value;
};

static int put_note(struct ledger *l, void *arg)
{
	const struct note *n = arg;

	return ledger_status(l, n->name, n->value, time(NULL));
}

int trouble_note(
	const struct trouble_teller *by, const char *name, const char *value)
{
	struct note n = {name, value};
	char why[256];

	if (writer_call(by->writer, put_note, &n, why) == DB_OK)
		return 0;
	log_warn("watch.status", "error=%s", log_q(why));
	return -1;
}

static void note_of(const struct trouble *t, const struct trouble_teller *by,
	const char *what, const char *value)
{
	char name[100];

	snprintf(name, sizeof(name), "%s.%s", t->name, what);
	(void)!trouble_note(by, name, value);
}

void trouble_restore(struct trouble *t, struct str name, struct str value)
{
	struct str rest;

	if (!str_starts(name, str_from(t->name)))
		return;
	rest = str_sub(name, strlen(t->name), name.n);
	if (str_eq(rest, (struct str)STR(".error")))
		t->known = value.n > 0;
	if (str_eq(rest, (struct str)STR(".told")))
		t->told = value.n > 0;
}

/* --- the alert ------------------------------------------------------------ */

static int write_alert(const struct trouble *t, const struct conf *conf,
	const char *what, const char *why, int fd, struct str *mail)
{
	struct out *o = malloc(sizeof(*o));
	int64_t now = time(NULL);
	char subject[200], id[120];
	int rc = -1;

	if (!o)
		return -1;
	snprintf(subject, sizeof(subject), "%s failed", what);
	snprintf(id, sizeof(id), "%s-%lld", t->name, (long long)now);
	out_init(o, fd);
	post_alert_head(o, conf, now, subject, id);
	if (!out_flush(o)) {
		out_printf(o, "%s failed:\n\n  ", what);
		print_visible(o, str_from(why));
		out_z(o, "\n\n");
		if (!t->no_retry)
			out_z(o, "It is tried again until it succeeds. ");
		out_z(o, "'bouncewatch status' says how it is now.\n");
		rc = out_flush(o) ? -1 : post_slurp(fd, mail);
	}
	free(o);
	return rc;
}

static int send_alert(const struct trouble *t, const struct trouble_teller *by,
	const char *what, const char *why)
{
	int fd = memfd_create("alert", MFD_CLOEXEC), rc = -1;
	struct str mail = STR_NULL, text;
	char wrong[256];

	snprintf(wrong, sizeof(wrong), "%s", strerror(errno));
	if (fd >= 0 && !write_alert(t, by->conf, what, why, fd, &mail)) {
		text = str_sub(mail,
			str_find(mail, (struct str)STR("\n\n")) + 2, mail.n);
		rc = post_send(
			by->conf, by->runner, by->wake, mail, text, wrong);
		free((char *)mail.p);
	}
	if (fd >= 0)
		close(fd);
	if (rc || *wrong) {
		log_warn("alert.failed", "about=%s error=%s", log_q(t->name),
			log_q(wrong));
		setback_tell(by->writer, "alerts", wrong, false);
	} else {
		log_info("alert.sent", "about=%s", log_q(t->name));
	}
	return rc;
}

/* --- how it goes ---------------------------------------------------------- */

void trouble_failed(struct trouble *t, const struct trouble_teller *by,
	const char *what, const char *why, bool serious)
{
	int64_t ms =
		backoff_next(&t->backoff, serious ? BACKOFF_SLOW : BACKOFF_LINK,
			(uint32_t)clock_ms() * 2654435761u);

	t->failures++;
	t->retry_at = clock_ms() + ms;
	log_warn("failed", "what=%s error=%s retry_s=%lld", log_q(t->name),
		log_q(why), (long long)(ms / 1000));
	note_of(t, by, "error", why);
	snprintf(t->what, sizeof(t->what), "%s", what);
	setback_tell(by->writer, t->what, why, true);
	t->known = true;
	if (t->told || !post_is_on(by->conf) ||
		(!serious && t->failures < ALERT_AFTER))
		return;
	if (send_alert(t, by, what, why))
		return;
	t->told = true;
	note_of(t, by, "told", "1");
}

void trouble_over(struct trouble *t, const struct trouble_teller *by)
{
	if (t->known) {
		log_info("recovered", "what=%s", log_q(t->name));
		note_of(t, by, "error", "");
	}
	if (*t->what)
		setback_over(by->writer, t->what);
	if (t->told)
		note_of(t, by, "told", "");
	t->what[0] = '\0';
	t->known = t->told = false;
	t->failures = 0;
	t->retry_at = 0;
	backoff_reset(&t->backoff);
}
