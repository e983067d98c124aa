/* daemon/import/sent_sums.c: counts of the same names and time are one. */
#include "test.h"

#include <string.h>

#include "import/sent_sums.h"

#define AT INT64_C(1700000000) /* 2023-11-14T22:13:20Z */

static struct ledger_sent row(const char *domain, const char *provider,
	const char *stream, int64_t at, int64_t n)
{
	return (struct ledger_sent){
		.at = at,
		.domain = domain ? str_from(domain) : STR_NULL,
		.provider = provider ? str_from(provider) : STR_NULL,
		.stream = stream ? str_from(stream) : STR_NULL,
		.n = n,
	};
}

static void add(struct sent_sums *s, struct ledger_sent r)
{
	assert_int_equal(sent_sums_add(s, &r), 0);
}

static void adds_up_by_names_and_hour(void **state)
{
	struct ledger_sent day = row("", "", "news", AT, 16);
	struct sent_sums s;

	(void)state;
	day.whole_day = true;
	sent_sums_init(&s);
	add(&s, row("a.example", NULL, "news", AT, 1));
	add(&s, row("a.example", "", "news", AT + 46 * 60, 2)); /* 22:59:20 */
	add(&s, row("a.example", NULL, "news", AT + 47 * 60, 4));
	add(&s, row("", "a.example", "news", AT, 8));
	add(&s, day);
	day.at = AT - 22 * 3600;
	add(&s, day);
	day.how = LEDGER_SENT_OLD;
	add(&s, day);
	assert_int_equal(s.n, 5);
	assert_int_equal(s.v[0].n, 3);
	assert_int_equal(s.v[1].n, 4);
	assert_int_equal(s.v[2].n, 8);
	assert_int_equal(s.v[3].n, 32);
	assert_int_equal(s.v[4].n, 16);
	sent_sums_release(&s);
}

/* Names that differ in case, in their columns, or far behind. */
static void tells_names_apart(void **state)
{
	char one[2000], other[2000];
	struct sent_sums s;

	(void)state;
	memset(one, 'x', sizeof(one) - 1);
	one[sizeof(one) - 1] = '\0';
	memcpy(other, one, sizeof(one));
	other[sizeof(other) - 2] = 'y';
	sent_sums_init(&s);
	add(&s, row("", "", "news", AT, 1));
	add(&s, row("", "", "News", AT, 1));
	add(&s, row("", "news", "", AT, 1));
	add(&s, row("a", "b c", "", AT, 1));
	add(&s, row("a b", "c", "", AT, 1));
	add(&s, row("", "", one, AT, 1));
	add(&s, row("", "", other, AT, 1));
	add(&s, row("", "", other, AT, 1));
	assert_int_equal(s.n, 7);
	assert_int_equal(s.v[6].n, 2);
	one[0] = '\0'; /* they are copies */
	assert_int_equal(s.v[5].stream.n, sizeof(one) - 1);
	assert_int_equal(s.v[5].stream.p[0], 'x');
	sent_sums_release(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_up_by_names_and_hour),
		cmocka_unit_test(tells_names_apart),
	};

	return cmocka_run_group_tests_name(
		"daemon-sent_sums", tests, NULL, NULL);
}
