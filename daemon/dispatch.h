/*
 * How the weekly report leaves by itself: by mail, into a folder, to a command
 * (`report:` of the configuration), once for each time due (schedule.h),
 * however many processes look. What was done is the row `report.state` of the
 * status table, which is only ever changed from what was read
 * (ledger_trouble.h):
 *
 *   1. a look that finds something due claims it, for ten minutes;
 *   2. before a program is started the row says `sending`, afterwards `sent`,
 *      or `due` where it failed and is to be tried again.
 *
 * A process that dies in 1 is followed by another when its claim has expired.
 * One that dies in 2 leaves `sending`: the mail may have left. It is not sent
 * again, for a report comes never twice, but told as `unknown`. Files are
 * written again: that does no harm.
 *
 * The clock may be wrong, for a look or for weeks. The row is of the week that
 * is due by the clock; when that is another one, earlier or later, the row
 * keeps by each way which weeks are done (dispatch_weeks.h), and what is not
 * among them is due.
 */
#ifndef DISPATCH_H
#define DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "conf.h"
#include "db.h"
#include "dispatch_weeks.h"
#include "runner.h"
#include "writer.h"

/* The ways, in the order in which they are tried. */
enum dispatch_way {
	DISPATCH_FOLDER, /* what cannot be given twice comes last */
	DISPATCH_COMMAND,
	DISPATCH_MAIL,
	DISPATCH_WAYS
};

enum dispatch_step {
	STEP_NONE,    /* not configured when it was due, before the first, or
		       * done when the clock was here before */
	STEP_DUE,     /* to do */
	STEP_SENDING, /* or it was, when its process died */
	STEP_SENT,
	STEP_UNKNOWN, /* it may have left */
	STEPS
};

/* The row. */
struct dispatch_state {
	int64_t due;   /* what was due at the last look */
	int64_t until; /* somebody has claimed it until then; 0: nobody */
	enum dispatch_step steps[DISPATCH_WAYS];
	/* That of `due` is not among them, but where it is done already. */
	struct dispatch_weeks done[DISPATCH_WAYS];
	char schedule[128]; /* as it was when this was written */
};

#define DISPATCH_STATE "report.state"
#define DISPATCH_TEXT  (256 + DISPATCH_WAYS * DISPATCH_WEEKS_TEXT)
bool dispatch_state_parse(struct str text, struct dispatch_state *out);
const char *dispatch_state_write(
	const struct dispatch_state *s, char buf[DISPATCH_TEXT]);

const char *dispatch_way_word(enum dispatch_way way);    /* "mail" */
const char *dispatch_step_word(enum dispatch_step step); /* "sent" */

/* Whether it is to leave at all, and by this way. */
bool dispatch_is_on(const struct conf *conf);
bool dispatch_uses(const struct conf *conf, enum dispatch_way way);

/*
 * What a look at `now` makes of a state (has false: there is none yet). Pure,
 * but for the zone. *out is what is to be written.
 */
enum dispatch_look {
	LOOK_NOTHING, /* and nothing to write */
	LOOK_NOTED,   /* write *out, and no more */
	LOOK_CLAIM,   /* write *out: it is ours, with .until; then send */
};

enum dispatch_look dispatch_judge(const struct conf *conf, bool has,
	const struct dispatch_state *was, int64_t now,
	struct dispatch_state *out);

struct dispatch;

/* All are borrowed; wake ends what is being sent. NULL: out of memory. stays:
 * it will look again, so that not each failure is told at once. */
struct dispatch *dispatch_new(const struct conf *conf, struct writer *writer,
	struct runner *runner, struct wake *wake, bool stays);
void dispatch_free(struct dispatch *d);

/*
 * Send what is due. 1: something was sent; 0: there is nothing to do; -1: it
 * failed, which was logged and told; try again at dispatch_retry_at().
 */
int dispatch_look(struct dispatch *d);
int64_t dispatch_retry_at(const struct dispatch *d); /* clock_ms(); 0: any */

#endif
