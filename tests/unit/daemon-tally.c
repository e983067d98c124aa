/* daemon/tally.c: the account of every message. */
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "ingest.h"

static const char *written(const struct tally *t)
{
	static char text[4096];
	FILE *f = fmemopen(text, sizeof(text), "w");

	assert_non_null(f);
	tally_write(t, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void writes_the_account(void **state)
{
	struct tally t = {.messages = 17, .duplicates = 2, .failed = 1};

	(void)state;
	t.classes[CLASS_NONE] = 2;
	t.classes[CLASS_HARD] = 9;
	t.classes[CLASS_SOFT] = 3;
	t.fates[FATE_SUPPRESSED] = 5;
	t.fates[FATE_STALE] = 3;
	t.fates[FATE_CLASS] = 5;
	t.fates[FATE_UNVERIFIED] = 1;
	assert_string_equal(written(&t),
		"recorded 14 of 17 messages, 2 seen before, 1 could not be "
		"read: 9 hard, 3 soft, 2 none\n"
		"14 verdicts: 5 suppressed an address, 9 did not:\n"
		"       3 stale (older than policy.stale_after, or than "
		"what it suppresses for)\n"
		"       1 unverified (origin below origin.require)\n"
		"       5 of a kind that never suppresses\n");
}

static void writes_little_for_little(void **state)
{
	struct tally t = {.messages = 0};

	(void)state;
	assert_string_equal(written(&t), "recorded 0 of 0 messages\n");
	t.messages = 1;
	t.classes[CLASS_HARD] = 1;
	t.fates[FATE_SUPPRESSED] = 1;
	assert_string_equal(written(&t),
		"recorded 1 of 1 message: 1 hard\n"
		"1 verdict: 1 suppressed an address\n");
}

/* Every fate but the first has words, so that no verdict is left out. */
static void tells_every_fate(void **state)
{
	(void)state;
	for (int f = 1; f < FATE_COUNT; f++) {
		struct tally t = {.messages = 1};

		t.fates[f] = 7;
		assert_non_null(strstr(written(&t), "       7 "));
	}
}

static void adds(void **state)
{
	struct tally a = {.messages = 1, .duplicates = 2, .failed = 3};
	struct tally b = {.messages = 10, .duplicates = 20, .failed = 30};

	(void)state;
	a.classes[CLASS_UNKNOWN] = 4;
	b.classes[CLASS_UNKNOWN] = 40;
	a.fates[FATE_COUNT - 1] = 5;
	b.fates[FATE_COUNT - 1] = 50;
	tally_add(&a, &b);
	assert_int_equal(a.messages, 11);
	assert_int_equal(a.duplicates, 22);
	assert_int_equal(a.failed, 33);
	assert_int_equal(a.classes[CLASS_UNKNOWN], 44);
	assert_int_equal(a.fates[FATE_COUNT - 1], 55);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_the_account),
		cmocka_unit_test(writes_little_for_little),
		cmocka_unit_test(tells_every_fate),
		cmocka_unit_test(adds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
