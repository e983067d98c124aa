/*
 * The words of the policy, and its settings as they are without configuration.
 */
#include <string.h>

#include "policy.h"

#define DAY 86400

static const char *const state_words[STATE_COUNT] = {
	[STATE_ABSENT] = "absent",
	[STATE_SUPPRESSED] = "suppressed",
	[STATE_HELD] = "held",
	[STATE_PROBATION] = "probation",
	[STATE_RELEASED] = "released",
};

static const char *const cause_words[CAUSE_COUNT] = {
	[CAUSE_POLICY] = "policy",
	[CAUSE_HAND] = "hand",
	[CAUSE_IMPORT] = "import",
	[CAUSE_INCIDENT] = "incident",
	[CAUSE_EXPIRY] = "expiry",
};

static const struct fate_row {
	const char *word, *text;
} fate_rows[FATE_COUNT] = {
	[FATE_SUPPRESSED] = {"suppressed",   "this event suppressed the address"             },
	[FATE_ALREADY] = {"already",      "the address was suppressed before"             },
	[FATE_WAITS] = {"waits",
			     "weak evidence: more events on other days are needed"           },
	[FATE_STALE] = {"stale",        "too long ago to say anything about today, or "
				 "what it suppresses for "
				 "is over"              },
	[FATE_UNVERIFIED] = {"unverified",
			     "not sure enough that it answers our own mail"                  },
	[FATE_RELEASED] = {"released",
			     "the address was released by hand, and the mail that bounced "
		"may be from before that"						    },
	[FATE_OWN] = {"own",          "one of our own addresses, or on never_suppress"},
	[FATE_CLASS] = {"class",        "events of this kind never suppress"            },
	[FATE_NO_RECIPIENT] = {"no-recipient",
			     "it does not tell whose mail it was"                            },
	[FATE_OFF] = {"off",          "the configuration does not suppress for this"  },
	[FATE_HELD] = {"held",         "held: an incident makes such bounces doubtful" },
	[FATE_ENGAGED] = {"engaged",
			     "held: the address opened or clicked lately"                    },
	[FATE_SOFT_WAITS] = {"soft-waits",
			     "soft: more events over a longer time are needed"               },
	[FATE_VOID] = {"void",         "within an incident that was released"          },
};

const char *state_word(enum state s)
{
	return (unsigned)s < STATE_COUNT ? state_words[s] : "?";
}

const char *cause_word(enum cause c)
{
	const char *word = (unsigned)c < CAUSE_COUNT ? cause_words[c] : NULL;

	return word ? word : "?";
}

const char *fate_word(enum fate f)
{
	return (unsigned)f < FATE_COUNT ? fate_rows[f].word : "?";
}

const char *fate_text(enum fate f)
{
	return (unsigned)f < FATE_COUNT ? fate_rows[f].text : "?";
}

void policy_settings_init(struct policy_settings *s)
{
	memset(s, 0, sizeof(*s));
	s->stale_after = 180 * DAY;
	s->suppress_hard = true;
	s->weak_events = 2;
	s->expiry[REASON_MAILBOX_DISABLED] = 180 * DAY;
	s->expiry[REASON_OWNER_CHANGED] = 180 * DAY;
	s->complaint[REASON_ABUSE] = true;
	s->complaint[REASON_FRAUD] = true;
	s->complaint[REASON_UNSUBSCRIBE] = true;
	s->require_origin = ORIGIN_UNVERIFIED;
	s->soft[REASON_MAILBOX_FULL] =
		(struct policy_soft){3, 14 * DAY, 90 * DAY};
	s->soft[REASON_EXPIRED] = (struct policy_soft){5, 21 * DAY, 90 * DAY};
	s->soft[REASON_NETWORK_ERROR] =
		(struct policy_soft){5, 21 * DAY, 90 * DAY};
	s->engaged = 90 * DAY;
	s->hold = 14 * DAY;
	s->confirm_after = 3 * DAY;
}
