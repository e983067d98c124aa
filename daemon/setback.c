/* Through the writer, as everything that the daemon tells. */
#include "setback.h"

#include <time.h>

#include "ledger_trouble.h"
#include "log.h"

static int put(struct ledger *l, void *arg)
{
	return ledger_trouble(l, arg, time(NULL));
}

static int end(struct ledger *l, void *arg)
{
	const struct str *what = arg;

	return ledger_trouble_over(l, *what, time(NULL));
}

static void ask(struct writer *writer, writer_fn *fn, void *arg)
{
	char why[256];

	if (writer_call(writer, fn, arg, why) != DB_OK)
		log_warn("watch.status", "error=%s", log_q(why));
}

void setback_tell(
	struct writer *writer, const char *what, const char *detail, bool lasts)
{
	struct ledger_trouble t = {str_from(what), str_from(detail), lasts};

	ask(writer, put, &t);
}

void setback_over(struct writer *writer, const char *what)
{
	struct str s = what ? str_from(what) : STR_NULL;

	ask(writer, end, &s);
}
