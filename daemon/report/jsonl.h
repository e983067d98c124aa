/* Parts of the report for programs (jsonl.c). */
#ifndef JSONL_H
#define JSONL_H

#include "json.h"
#include "report.h"

/* {"v":1,"type":type */
void jsonl_open(struct json *j, struct out *o, const char *type);

/* Below 0: null, not known. */
void jsonl_known(struct json *j, const char *key, int64_t n);

/* sent, hard_of_sent: the bounce rate is their quotient. */
void jsonl_rate(struct json *j, const struct report_rate *rate);

/* How much was sent, what is held and why, what ends, what was not understood
 * and not done. */
void jsonl_list(const struct report *r, struct out *o);

#endif
