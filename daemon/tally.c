/*
 * The account of what came in, so that nobody wonders why a list is empty:
 * every message is in one of the first sums, every verdict in one of the last.
 */
#include <stdio.h>

#include "ingest.h"

void tally_add(struct tally *t, const struct tally *more)
{
	t->messages += more->messages;
	t->duplicates += more->duplicates;
	t->failed += more->failed;
	for (int i = 0; i < CLASS_COUNT; i++)
		t->classes[i] += more->classes[i];
	for (int i = 0; i < FATE_COUNT; i++)
		t->fates[i] += more->fates[i];
	for (int i = 0; i < ORIGIN_WHYS; i++)
		t->unverified[i] += more->unverified[i];
}

/* What a verdict's fate is called when there are n of them. */
static const char *const fate_phrases[FATE_COUNT] = {
	[FATE_ALREADY] = "already suppressed",
	[FATE_WAITS] = "waiting for more events (weak evidence)",
	[FATE_STALE] = "stale (older than policy.stale_after, or than what it "
		       "suppresses for)",
	[FATE_UNVERIFIED] = "unverified (origin below origin.require)",
	[FATE_RELEASED] = "released by hand (mail sent before the release)",
	[FATE_OWN] = "own or never_suppress addresses",
	[FATE_CLASS] = "of a kind that never suppresses",
	[FATE_NO_RECIPIENT] = "without a recipient that can be suppressed",
	[FATE_OFF] = "switched off by policy",
	[FATE_HELD] = "held by an incident",
	[FATE_ENGAGED] = "held until confirmed (opened or clicked lately)",
	[FATE_SOFT_WAITS] = "waiting for more events (soft, over weeks)",
	[FATE_VOID] = "within an incident that was released",
};

static unsigned long sum(const unsigned long *v, int n)
{
	unsigned long all = 0;

	while (n--)
		all += v[n];
	return all;
}

static const char *plural(unsigned long n)
{
	return n == 1 ? "" : "s";
}

static void write_classes(const struct tally *t, FILE *f)
{
	const char *separator = ": ";

	/* Class 0 is "none", which people expect last. */
	for (int i = 1; i <= CLASS_COUNT; i++) {
		int c = i % CLASS_COUNT;

		if (!t->classes[c])
			continue;
		fprintf(f, "%s%lu %s", separator, t->classes[c],
			class_word((enum verdict_class)c));
		separator = ", ";
	}
}

/* Why they are unverified. */
static void write_whys(const struct tally *t, FILE *f)
{
	static const char *const phrases[ORIGIN_WHYS] = {
		[ORIGIN_NOT_ASKED] = "with nothing to compare with (own:)",
		[ORIGIN_NO_ORIGINAL] = "returned nothing of our mail",
		[ORIGIN_NO_MARK] = "returned a mail without our marks",
		[ORIGIN_OTHER_RECIPIENT] = "returned a mail to somebody else",
	};

	for (int i = 0; i < ORIGIN_WHYS; i++)
		if (phrases[i] && t->unverified[i])
			fprintf(f, "         %6lu %s\n", t->unverified[i],
				phrases[i]);
}

static void write_fates(const struct tally *t, FILE *f)
{
	unsigned long all = sum(t->fates, FATE_COUNT);
	unsigned long did = t->fates[FATE_SUPPRESSED];

	fprintf(f, "%lu verdict%s: %lu suppressed an address", all, plural(all),
		did);
	if (all > did)
		fprintf(f, ", %lu did not:", all - did);
	fputc('\n', f);
	for (int i = 0; i < FATE_COUNT; i++) {
		if (fate_phrases[i] && t->fates[i])
			fprintf(f, "  %6lu %s\n", t->fates[i], fate_phrases[i]);
		if (i == FATE_UNVERIFIED)
			write_whys(t, f);
	}
}

void tally_write(const struct tally *t, FILE *f)
{
	unsigned long recorded = sum(t->classes, CLASS_COUNT);

	fprintf(f, "recorded %lu of %lu message%s", recorded, t->messages,
		plural(t->messages));
	if (t->duplicates)
		fprintf(f, ", %lu seen before", t->duplicates);
	if (t->failed)
		fprintf(f, ", %lu could not be read", t->failed);
	write_classes(t, f);
	fputc('\n', f);
	if (sum(t->fates, FATE_COUNT))
		write_fates(t, f);
}
