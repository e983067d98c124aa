/*
 * Who reads a configuration sees numbers; what they come to for an address is
 * said here. Follows the order of policy.h: who never, hard, soft, complaints,
 * what is held.
 */
#include "policy_text.h"

#include <inttypes.h>
#include <stdio.h>

#include "print.h"

#define DAY  86400
#define HOUR 3600

/* "14 days", "72 hours", "90 minutes". */
static const char *span(int64_t seconds, char buf[48])
{
	int64_t unit = seconds % DAY == 0 && seconds > 3 * DAY ? DAY
		       : seconds % HOUR == 0                   ? HOUR
							       : 60;
	int64_t n = seconds / unit;

	snprintf(buf, 48, "%" PRId64 " %s%s", n,
		unit == DAY    ? "day"
		: unit == HOUR ? "hour"
			       : "minute",
		n == 1 ? "" : "s");
	return buf;
}

static void put_list(struct out *o, const struct conf_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			out_z(o, ", ");
		print_visible(o, str_from(list->v[i]));
	}
}

static void never(struct out *o, const struct conf *c)
{
	if (!c->own.n && !c->never_suppress.n)
		return;
	out_z(o, "  Never suppressed: ");
	put_list(o, &c->own);
	if (c->own.n && c->never_suppress.n)
		out_z(o, ", ");
	put_list(o, &c->never_suppress);
	out_z(o, ".\n");
}

static void origin(struct out *o, const struct conf *c)
{
	bool marks = c->marks.message_id.n || c->marks.return_path.n ||
		     c->marks.received.n || c->marks.header.n;

	if (!c->origin.require) {
		out_z(o, "  Any bounce counts, also one that answers no mail "
			 "of ours: who can send to the\n"
			 "  mailbox can suppress any address.\n");
		return;
	}
	out_z(o, "  A bounce counts only if it answers a mail of ours: the "
		 "mail that it returns\n  ");
	out_z(o, marks ? "bears one of the marks"
		       : "names an address or a host of 'own' (no 'marks' are "
			 "set, which tell more\n  surely)");
	out_z(o, ", or the send log has it.\n");
}

static void end_of(struct out *o, const char *reason, int64_t lasts)
{
	char buf[48];

	if (lasts)
		out_printf(o, "  %s ends by itself after %s.\n", reason,
			span(lasts, buf));
}

static void hard(struct out *o, const struct conf *c)
{
	if (!c->policy.hard) {
		out_z(o, "  Hard bounces do not suppress.\n");
		return;
	}
	out_z(o, "  A hard bounce suppresses at once, everywhere, and for "
		 "good.\n");
	if (c->policy.weak_events > 1)
		out_printf(o,
			"  Where it proves little, or comes from behind a "
			"forwarding, it takes %d on as many days.\n",
			c->policy.weak_events);
	end_of(o, "mailbox-disabled", c->policy.expiry_disabled);
	end_of(o, "owner-changed", c->policy.expiry_owner_changed);
}

static void soft(struct out *o, const char *reason, const struct conf_soft *s)
{
	char spread[48], lasts[48];

	if (!s->events) {
		out_printf(o, "  %s never suppresses.\n", reason);
		return;
	}
	out_printf(o, "  %s suppresses after %d bounces on as many days",
		reason, s->events);
	if (s->spread)
		out_printf(o, " over at least %s", span(s->spread, spread));
	if (s->lasts)
		out_printf(o, ", for %s", span(s->lasts, lasts));
	out_z(o, ".\n");
}

static void complaints(struct out *o, const struct conf *c)
{
	if (!c->policy.complaints.n) {
		out_z(o, "  Complaints do not suppress.\n");
		return;
	}
	out_z(o, "  A complaint (");
	put_list(o, &c->policy.complaints);
	out_z(o, ") suppresses at once, in its stream or account.\n");
}

static void guard(struct out *o, const struct conf *c)
{
	char hold[48], after[48];

	span(c->guard.hold, hold);
	span(c->guard.confirm_after, after);
	if (c->guard.enabled)
		out_printf(o,
			"  When a provider or a domain suddenly says "
			"\"no such address\" far more often than\n"
			"  usual (from %d an hour), its bounces are held.\n",
			c->guard.least);
	else
		out_z(o, "  A provider's bad day is not noticed "
			 "(guard.enabled: false).\n");
	if (c->policy.engaged)
		out_printf(o,
			"  Who opened or clicked within %s before a hard "
			"bounce is held, too.\n",
			span(c->policy.engaged, (char[48]){0}));
	if (c->guard.enabled || c->policy.engaged)
		out_printf(o,
			"  What is held is confirmed by a bounce %s later, or "
			"is on probation after %s.\n",
			after, hold);
}

void policy_text_write(struct out *o, const struct conf *c)
{
	char buf[48];

	out_z(o, "What suppresses an address:\n");
	never(o, c);
	origin(o, c);
	out_printf(o,
		"  What is older than %s is recorded and suppresses "
		"nobody.\n",
		span(c->policy.stale_after, buf));
	hard(o, c);
	soft(o, "mailbox-full", &c->policy.soft_full);
	soft(o, "expired", &c->policy.soft_expired);
	soft(o, "network-error", &c->policy.soft_network);
	out_z(o, "  No other soft bounce, no block and no delay ever does.\n");
	complaints(o, c);
	guard(o, c);
	out_z(o, "  What a person suppressed or released comes before all of "
		 "it.\n");
}
