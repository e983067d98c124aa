/*
 * Mails that made trouble, remembered over reconnects: how often, and whether
 * others came meanwhile. That is what tells a bad mail from a bad server.
 */
#include <string.h>

#include "worker_private.h"

#define BROKE_MAX 2u /* sessions ended, alone, until a mail is let be */
#define LOST_MAX  5u

struct trouble *worker_trouble_find(struct worker *w, uint32_t uid)
{
	for (size_t i = 0; i < w->troubles_n; i++)
		if (w->troubles[i].uid == uid)
			return &w->troubles[i];
	return NULL;
}

struct trouble *worker_trouble_make(
	struct worker *w, uint32_t uid, bool others_came)
{
	struct trouble *t = worker_trouble_find(w, uid);

	if (t)
		return t;
	/* So many at once are the server's trouble; the first are forgotten. */
	if (w->troubles_n == WORKER_TROUBLE_MAX)
		memmove(w->troubles, w->troubles + 1,
			--w->troubles_n * sizeof(*t));
	t = &w->troubles[w->troubles_n++];
	*t = (struct trouble){.uid = uid, .others_came = others_came};
	return t;
}

void worker_trouble_forget(struct worker *w, uint32_t uid)
{
	struct trouble *t = worker_trouble_find(w, uid);

	if (t)
		*t = w->troubles[--w->troubles_n];
}

void worker_trouble_came(struct worker *w, uint32_t uid)
{
	for (size_t i = 0; i < w->troubles_n; i++)
		if (w->troubles[i].uid != uid)
			w->troubles[i].others_came = true;
}

const char *worker_trouble_curse(const struct trouble *t)
{
	if (t && t->broke >= BROKE_MAX)
		return "each time what the server sent for it was refused";
	if (t && t->lost >= LOST_MAX)
		return "each time the connection was lost over it";
	return NULL;
}
