/*
 * What is the same for every mail of one configuration: the parser's context,
 * the ledger's settings, the user's own rules.
 */
#ifndef HOUSE_H
#define HOUSE_H

#include <stdint.h>

#include "conf.h"
#include "ledger.h"
#include "verdict.h"

/* Settings shared by all threads, made once from the configuration. */
struct house;

/* NULL: a message was written to stderr (user rules that cannot be read). */
struct house *house_new(const struct conf *conf);
void house_free(struct house *h);

/* The parser's context of this house, with the given time. */
struct verdict_context house_context(const struct house *h, int64_t now);
const struct ledger_settings *house_ledger_settings(const struct house *h);

#endif
