/*
 * What leaves the daemon for people: an alert when an incident opens, and one
 * when it closes. A thread of its own, because sendmail may take its time. It
 * asks the database, through the writer, what was not yet told, sends it, and
 * then writes down that it was told: an alert may come twice after a crash,
 * but none is lost.
 */
#ifndef COURIER_H
#define COURIER_H

#include "conf.h"
#include "runner.h"
#include "writer.h"

struct courier;

/* conf, writer and runner are borrowed. 0, also when nobody is to be told: *out
 * is then NULL. -1: why tells the reason. */
int courier_start(const struct conf *conf, struct writer *writer,
	struct runner *runner, struct courier **out, char why[256])
	__attribute__((warn_unused_result));

/* Before the writer stops. What is being sent has two seconds. NULL: nothing.
 */
void courier_stop(struct courier *c);

/* Look now: a batch opened an incident. */
void courier_poke(struct courier *c);

#endif
