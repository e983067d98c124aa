/*
 * `on_change:`: a command that is given each row of the change log as a line
 * of JSON, in the order of the log. A thread and a connection of its own: it
 * reads at most FEEDER_LINES rows, runs the command with them, and only when
 * that ended well moves its place, the cursor FEEDER_CURSOR. So after a crash
 * or a failure the same lines come again, none is lost, and memory is bounded
 * however long the command was away.
 */
#ifndef FEEDER_H
#define FEEDER_H

#include "conf.h"
#include "runner.h"
#include "writer.h"

#define FEEDER_CURSOR CONF_ON_CHANGE_CURSOR
#define FEEDER_LINES  1000u

struct feeder;

/* All are borrowed. 0, also when there is nothing to do: *out is then NULL.
 * -1: why tells the reason. */
int feeder_start(const struct conf *conf, struct writer *writer,
	struct runner *runner, struct feeder **out, char why[256])
	__attribute__((warn_unused_result));

/* Before the writer stops. What is running has two seconds. NULL: nothing. */
void feeder_stop(struct feeder *f);

#endif
