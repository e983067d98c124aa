/* What the files of rules share. */
#ifndef RULES_PRIVATE_H
#define RULES_PRIVATE_H

#include "rules.h"

/* Whether all conditions of r but its phrases hold. */
bool rules_facts_match(const struct rule *r, const struct rule_facts *f);

/* Whether one of the globs matches host, which may be absent. */
bool rules_any_host(const struct str *globs, unsigned n, struct str host);

/* The first provider with a glob that matches host, which may be absent. */
struct str rules_host_provider(const struct rules *rules, struct str host);

#endif
