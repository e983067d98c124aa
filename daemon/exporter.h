/*
 * `exports:`: each list is written at its interval, and its command run. A
 * thread and a connection of its own; the list is read in short transactions,
 * so recording goes on.
 *
 * What a command was not yet run for with success follows from two rows of the
 * status table: export.NAME.written, for a delta the cursor itself, says which
 * files are in place, export.NAME.pushed for which of them it succeeded. While
 * they differ the command is run, and no further delta is written. A crash
 * between any two steps makes work to be done again, and loses nothing.
 */
#ifndef EXPORTER_H
#define EXPORTER_H

#include "conf.h"
#include "ingest.h"
#include "runner.h"
#include "writer.h"

struct exporter;

/* All are borrowed. 0, also when there is nothing to do: *out is then NULL.
 * -1: why tells the reason. */
int exporter_start(const struct conf *conf, const struct house *house,
	struct writer *writer, struct runner *runner, struct exporter **out,
	char why[256]) __attribute__((warn_unused_result));

/* Before the writer stops. What is running has two seconds. NULL: nothing. */
void exporter_stop(struct exporter *x);

#endif
