/* What names mean comes from mails of strangers: it is shown, and can add no
 * header. */
#include "alert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "incident.h"
#include "out.h"
#include "post.h"

#define HISTORY (7 * INT64_C(86400))

/* --- which --- */

static struct str own_copy(struct str s)
{
	char *p = s.p ? malloc(s.n + 1) : NULL;

	if (!p)
		return STR_NULL;
	memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return str_of(p, s.n);
}

static unsigned untold(const struct ledger_incident *i)
{
	if (i->cause != INCIDENT_DETECTED)
		return 0;
	if (!(i->alerted & INCIDENT_ALERTED_OPEN))
		return INCIDENT_ALERTED_OPEN;
	if (i->state != INCIDENT_OPEN && !(i->alerted & INCIDENT_ALERTED_CLOSE))
		return INCIDENT_ALERTED_CLOSE;
	return 0;
}

struct search {
	struct alert *out;
	int64_t now;
	bool found;
};

static int consider(void *arg, const struct query_incident *q)
{
	struct search *s = arg;
	struct alert *a = s->out;
	unsigned bit = untold(&q->i);

	/* They come newest first, and the oldest is told first. */
	if (!bit)
		return 0;
	alert_release(a);
	a->incident = *q;
	a->incident.i.name = own_copy(q->i.name);
	a->incident.i.match = own_copy(q->i.match);
	a->incident.i.note = own_copy(q->i.note);
	a->bit = (enum incident_alert)bit;
	a->silent = q->i.to && q->i.to < s->now - HISTORY;
	s->found = true;
	return 0;
}

int alert_next(struct db *db, int64_t now, struct alert *out, bool *found)
{
	struct search s = {out, now, false};

	memset(out, 0, sizeof(*out));
	if (query_incidents(db, 0, consider, &s) < 0) {
		alert_release(out);
		return -1;
	}
	*found = s.found;
	return 0;
}

void alert_release(struct alert *a)
{
	free((char *)a->incident.i.name.p);
	free((char *)a->incident.i.match.p);
	free((char *)a->incident.i.note.p);
	memset(a, 0, sizeof(*a));
}

/* --- the mail --- */

static void put_head(struct out *o, const struct alert *a,
	const struct conf *conf, int64_t now)
{
	const char *what =
		a->bit == INCIDENT_ALERTED_OPEN ? "opened" : "closed";
	char line[INCIDENT_LINE], subject[INCIDENT_LINE + 64], id[96];

	snprintf(subject, sizeof(subject), "incident %" PRId64 " %s: %s",
		a->incident.i.id, what,
		incident_headline(&a->incident.i, line));
	snprintf(id, sizeof(id), "incident-%" PRId64 "-%" PRId64 "-%s",
		a->incident.i.id, a->incident.i.opened_at, what);
	post_alert_head(o, conf, now, subject, id);
}

static void put_text(struct out *o, const struct alert *a)
{
	out_printf(o, "Incident %" PRId64 " %s.\n\n", a->incident.i.id,
		a->bit == INCIDENT_ALERTED_OPEN ? "has opened" : "is over");
	incident_write(o, &a->incident);
	out_char(o, '\n');
	incident_write_next(o, &a->incident);
}

int alert_write(const struct alert *a, const struct conf *conf, int64_t now,
	struct str *mail, struct str *text)
{
	int fd = memfd_create("alert", MFD_CLOEXEC), rc = -1;
	struct out *o = malloc(sizeof(*o));
	size_t head = 0;

	if (o && fd >= 0) {
		out_init(o, fd);
		put_head(o, a, conf, now);
		if (!out_flush(o)) {
			head = (size_t)lseek(fd, 0, SEEK_CUR);
			put_text(o, a);
			rc = out_flush(o) ? -1 : post_slurp(fd, mail);
		}
	}
	if (!rc)
		*text = str_sub(*mail, head, mail->n);
	free(o);
	if (fd >= 0)
		close(fd);
	return rc;
}
