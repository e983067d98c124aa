/*
 * A form that lost its check: what people and programs write into it.
 */
#include <stdio.h>
#include <string.h>

#include "plants_private.h"

static const char *const known_homes[] = {"gmail.com", "gmail.com", "gmail.com",
	"hotmail.com", "yahoo.com", "outlook.com", "icloud.com", "gmx.net",
	"web.de", "aol.com", "googlemail.com", "live.com", "t-online.de"};

/* One slip of the finger; the name before the dot has most of them. */
static void mistype(struct list *l, const char *right, char out[40])
{
	static const char near_[] = "qwertyuiopasdfghjklzxcvbnm";
	size_t n = strlen(right), dot = strcspn(right, "."),
	       i = 1 + list_pick(l, dot - 2);

	(void)snprintf(out, 40, "%s", right);
	switch (list_pick(l, 6)) {
	case 0: /* two change places */
	case 1:
		out[i] = right[i + 1];
		out[i + 1] = right[i];
		if (out[i] != out[i + 1])
			break;
		/* fall through */
	case 2: /* one is missing */
		memmove(out + i, out + i + 1, n - i);
		break;
	case 3: /* one is there twice */
		memmove(out + i + 1, out + i, n - i + 1);
		break;
	case 4: /* a key beside it */
		out[i] = near_[list_pick(l, 26)];
		if (out[i] == right[i])
			out[i] = 'x';
		break;
	default: /* the end of it */
		(void)snprintf(out + dot, 40 - dot, "%s",
			(const char *const[]){".con", ".co", ".cm", ".vom",
				".comm", ".om", ".coom"}[list_pick(l, 7)]);
	}
}

static void mash(struct list *l, char out[40])
{
	static const char *const rows[] = {
		"asdfghjkl", "qwertyuiop", "zxcvbnm", "dfgjkl", "sdfgh"};
	static const char *const lazy[] = {"asdf", "test", "none", "aaa",
		"qwerty", "noemail", "no", "xxx", "asdasd", "test123", "abc",
		"fake", "nope", "1234", "aaaaaa", "xyz", "asd"};
	const char *row = rows[list_pick(l, 5)];
	size_t n = 3 + list_pick(l, 9);

	if (list_chance(l, 0.35)) {
		(void)snprintf(out, 40, "%s%.0d", lazy[list_pick(l, 17)],
			list_chance(l, 0.3) ? (int)list_pick(l, 99) : 0);
		return;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = row[list_pick(l, strlen(row))];
	out[n] = '\0';
}

enum entry {
	ENTRY_TYPO,
	ENTRY_MASHED,
	ENTRY_INVALID,
	ENTRY_PLAUSIBLE,
	ENTRIES
};

/* Somebody's entry in the form: a new person with that address. */
static size_t enter(struct list *l, enum entry kind)
{
	char name[40], domain[40], key[80];
	const char *home = known_homes[list_pick(l, 13)];
	size_t who = list_person(l, NULL, -1);

	list_name(l, name);
	(void)snprintf(domain, sizeof(domain), "%s", home);
	if (kind == ENTRY_PLAUSIBLE)
		return who;
	if (kind == ENTRY_TYPO)
		mistype(l, home, domain);
	if (kind == ENTRY_MASHED)
		mash(l, name);
	(void)snprintf(key, sizeof(key), "%s@%s", name, domain);
	if (kind == ENTRY_INVALID)
		switch (list_pick(l, 4)) {
		case 0:
			(void)snprintf(key, sizeof(key), "%s..%u@%s", name,
				(unsigned)list_pick(l, 99), home);
			break;
		case 1:
			(void)snprintf(key, sizeof(key), "%s.@%s", name, home);
			break;
		case 2:
			(void)snprintf(key, sizeof(key), "%s@%.*s", name,
				(int)strcspn(home, "."), home);
			break;
		default:
			(void)snprintf(key, sizeof(key), ".%s@%s", name, home);
		}
	(void)snprintf(
		l->people[who].key, sizeof(l->people[who].key), "%s", key);
	if (kind == ENTRY_TYPO || kind == ENTRY_INVALID)
		l->people[who].provider = PROVIDER_NONE;
	return who;
}

static const struct choice entry_reasons[] = {
	{ENTRY_TYPO,      CLASS_HARD,  REASON_DOMAIN_UNKNOWN,   55},
	{ENTRY_TYPO,      CLASS_HARD,  REASON_USER_UNKNOWN,     22},
	{ENTRY_TYPO,      CLASS_HARD,  REASON_DOMAIN_NO_MAIL,   9 },
	{ENTRY_TYPO,      CLASS_SOFT,  REASON_EXPIRED,          8 },
	{ENTRY_TYPO,      CLASS_SOFT,  REASON_NETWORK_ERROR,    6 },
	{ENTRY_MASHED,    CLASS_HARD,  REASON_USER_UNKNOWN,     90},
	{ENTRY_MASHED,    CLASS_HARD,  REASON_MAILBOX_DISABLED, 6 },
	{ENTRY_MASHED,    CLASS_SOFT,  REASON_MAILBOX_FULL,     4 },
	{ENTRY_INVALID,   CLASS_HARD,  REASON_ADDRESS_INVALID,  75},
	{ENTRY_INVALID,   CLASS_HARD,  REASON_USER_UNKNOWN,     15},
	{ENTRY_INVALID,   CLASS_HARD,  REASON_DOMAIN_UNKNOWN,   10},
	{ENTRY_PLAUSIBLE, CLASS_HARD,  REASON_USER_UNKNOWN,     85},
	{ENTRY_PLAUSIBLE, CLASS_SOFT,  REASON_MAILBOX_FULL,     6 },
	{ENTRY_PLAUSIBLE, CLASS_HARD,  REASON_MAILBOX_DISABLED, 5 },
	{ENTRY_PLAUSIBLE, CLASS_BLOCK, REASON_SPAM,             4 },
};

/*
 * A form lost its check, or bots found it: people mistype, and others write
 * anything to get past it. Each entry is mailed at once, so the bounces come
 * around the clock from the day on which it broke.
 */
void plant_broken_form(struct list *l, int n)
{
	const double weights[ENTRIES] = {list_between(l, 10, 60),
		list_between(l, 5, 60), list_between(l, 0, 25),
		list_between(l, 10, 35)};
	int64_t begins = LIST_FROM + (int64_t)list_pick(l, 4) * DAY;
	double elsewhere = list_between(l, 0, 0.1);

	for (int i = 0; i < n; i++) {
		enum entry kind =
			(enum entry)list_weighted(l, weights, ENTRIES);
		int64_t days = (LIST_TO - begins) / DAY;
		int64_t sent =
			begins + (int64_t)list_pick(l, (size_t)days) * DAY +
			(list_chance(l, 0.8) ? list_daytime(l)
					     : (int64_t)list_pick(l, DAY));

		plant_bounce(l, enter(l, kind),
			CHOOSE(l, entry_reasons, (int)kind), sent,
			list_chance(l, elsewhere) ? 0 : l->streams_n - 1);
	}
	list_arrive(l, l->streams_n - 1, -1,
		(int64_t)(n * list_between(l, 0.5, 6)));
}
