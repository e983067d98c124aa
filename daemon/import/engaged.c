/*
 * Addresses that opened or clicked lately: a hard bounce of one of them is
 * hard to believe. A CSV file with a head, or just one address a line.
 */
#include <string.h>
#include <sysexits.h>

#include "import.h"
#include "ledger_import.h"
#include "say.h"

#define BATCH 1000u

static const char *const address_heads[] = {"address", "recipient", "email",
	"email address", "email_address", "subscriber", NULL};
static const char *const time_heads[] = {"at", "engaged_at", "last_engaged",
	"last_opened", "last_open", "last_clicked", "last_click", "timestamp",
	"time", "date", NULL};

struct engaged {
	struct import *i;
	struct ledger_engaged batch[BATCH];
	size_t n;
	int address, at; /* columns */
};

static int find(const struct csv *c, const char *const *heads)
{
	int column = -1;

	for (; *heads && column < 0; heads++)
		column = csv_column(c, *heads);
	return column;
}

static int flush(struct engaged *e)
{
	struct env *env = e->i->in.env;
	size_t news = 0;

	if (e->n && !e->i->dry_run &&
		ledger_engaged_put(e->i->in.ledger, e->batch, e->n, &news))
		return env_db_failed(env->db);
	e->i->known += e->i->dry_run ? 0 : e->n - news;
	e->n = 0;
	env_forget(env);
	return 0;
}

static int take(struct engaged *e, const struct csv *c)
{
	struct import *i = e->i;
	struct ledger_engaged *row = &e->batch[e->n];
	struct str at = csv_field(c, e->at);
	struct address a;

	i->rows++;
	if (import_address(i, csv_field(c, e->address), c->line, &a))
		return 0;
	*row = (struct ledger_engaged){a.key, a.seen, i->in.env->now};
	if (at.n && !import_time(at, &row->at)) {
		import_mistake(i, c->line,
			"'%s' is no time (2026-11-23T08:00:00Z)", say_str(at));
		return 0;
	}
	if (row->at > i->in.env->now)
		row->at = i->in.env->now;
	i->taken++;
	return ++e->n == BATCH ? flush(e) : 0;
}

static int run(struct import *i)
{
	static struct engaged e;
	int got, status = 0;
	struct csv c;

	e = (struct engaged){.i = i, .address = 0, .at = -1};
	csv_init(&c, i->file, 0);
	got = import_row(i, &c);
	if (got > 0 && memchr(c.raw.p, '@', c.raw.n)) {
		status = take(&e, &c); /* there is no head */
	} else if (got > 0) {
		e.address = find(&c, address_heads);
		e.at = find(&c, time_heads);
	}
	if (e.address < 0) {
		import_mistake(i, c.line,
			"the head must name at least the column address");
		got = 0;
	}
	while (got > 0 && !status && (got = import_row(i, &c)) > 0)
		status = take(&e, &c);
	if (!status)
		status = flush(&e);
	csv_release(&c);
	return got < 0 ? EX_NOINPUT : status;
}

const struct import_format import_engaged = {
	.name = "engaged",
	.help = "addresses that opened or clicked lately",
	.what = "addresses",
	.run = run,
};
