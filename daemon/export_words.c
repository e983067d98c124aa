/*
 * Only what can be on a list has a row; others are as a refusal that nobody
 * explained. Replies: RFC 5321 4.2.3, RFC 7504 for a domain that takes no
 * mail. A soft reason has the code of its refusal, too, although a 4xx: the
 * event that suppressed was one of many.
 */
#include "export_words.h"

static const struct export_words words[REASON_COUNT] = {
	[REASON_USER_UNKNOWN] = {"BOUNCE",    "550"},
	[REASON_DOMAIN_UNKNOWN] = {"BOUNCE",    "550"},
	[REASON_ADDRESS_INVALID] = {"BOUNCE",    "553"},
	[REASON_ADDRESS_MOVED] = {"BOUNCE",    "551"},
	[REASON_MAILBOX_DISABLED] = {"BOUNCE",    "550"},
	[REASON_DOMAIN_NO_MAIL] = {"BOUNCE",    "556"},
	[REASON_OWNER_CHANGED] = {"BOUNCE",    "550"},
	[REASON_MAILBOX_FULL] = {"BOUNCE",    "552"},
	[REASON_EXPIRED] = {"BOUNCE",    "450"},
	[REASON_NETWORK_ERROR] = {"BOUNCE",    "450"},
	[REASON_ABUSE] = {"COMPLAINT", "550"},
	[REASON_FRAUD] = {"COMPLAINT", "550"},
	[REASON_UNSUBSCRIBE] = {"COMPLAINT", "550"},
};

static const struct export_words other = {"BOUNCE", "550"};

const struct export_words *export_words_of(const struct query_suppression *s)
{
	const struct export_words *w = &words[s->reason];

	return w->ses ? w : &other;
}
