/* daemon/alert.c: what is told, in which order, and what cannot get into a
 * header. */
#include "test.h"

#include <stdlib.h>

#include "alert.h"

static struct str mail, text;

static void write_it(struct ledger_incident i, enum incident_alert bit)
{
	static char address[] = "a@example.com", from[] = "bw";
	static char *to[] = {address};
	const struct conf conf = {
		.mail = {.from = from}, .alerts = {.to = {to, 1}}};
	const struct alert a = {
		.incident = {.i = i, .held = 5},
                  .bit = bit
        };

	assert_int_equal(alert_write(&a, &conf, 1767225600, &mail, &text), 0);
}

static bool has(struct str s, const char *part)
{
	return str_find(s, str_from(part)) < s.n;
}

static void tells_of_a_provider(void **state)
{
	(void)state;
	write_it((struct ledger_incident){.id = 3,
			 .kind = INCIDENT_PROVIDER,
			 .name = STR("google"),
			 .cause = INCIDENT_DETECTED,
			 .state = INCIDENT_OPEN,
			 .from = 1767220000,
			 .events = 90},
		INCIDENT_ALERTED_OPEN);
	assert_true(str_starts(
		mail, (struct str)STR("From: bw\nTo: a@example.com\n")));
	assert_true(has(mail, "\nDate: Thu, 01 Jan 2026 00:00:00 +0000\n"));
	assert_true(
		str_starts(text, (struct str)STR("Incident 3 has opened.")));
	assert_true(has(text, "5 held"));
	assert_true(has(text, "incident release --reason=TEXT 3"));
	assert_true(has(text, "incident confirm --reason=TEXT 3"));
	free((char *)mail.p);
}

/* Nothing is held for a stream: there is nothing to release. */
static void tells_of_a_stream(void **state)
{
	(void)state;
	write_it((struct ledger_incident){.id = 4,
			 .kind = INCIDENT_STREAM,
			 .name = STR("winter"),
			 .cause = INCIDENT_DETECTED,
			 .state = INCIDENT_OPEN},
		INCIDENT_ALERTED_OPEN);
	assert_true(has(mail, "stream winter"));
	assert_false(has(text, "release"));
	assert_true(has(text, "imported"));
	free((char *)mail.p);
}

/* The name of a stream is a stranger's. */
static void no_name_adds_a_header(void **state)
{
	size_t head;

	(void)state;
	write_it((struct ledger_incident){.id = 5,
			 .kind = INCIDENT_STREAM,
			 .name = STR("x\r\nBcc: "
				     "evil@example.org\n\n\x1b[2Jl\xc3\xb6sch"),
			 .cause = INCIDENT_DETECTED,
			 .state = INCIDENT_CLOSED,
			 .to = 1767220000},
		INCIDENT_ALERTED_CLOSE);
	head = str_find(mail, (struct str)STR("\n\n"));
	assert_false(has(str_sub(mail, 0, head), "\nBcc"));
	/* encoded, for the name is not ASCII */
	assert_true(has(str_sub(mail, 0, head),
		"\nSubject: =?utf-8?q?=5Bbouncewatch=5D_incident_5_closed=3A_"
		"stream_x?=\n =?utf-8?q?"));
	assert_true(has(str_sub(mail, 0, head), "l=C3=B6sch"));
	for (size_t i = 0; i < head; i++)
		assert_true((unsigned char)mail.p[i] < 0x7f);
	assert_true(has(text, "l\xc3\xb6sch"));
	assert_false(has(mail, "\x1b"));
	free((char *)mail.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tells_of_a_provider),
		cmocka_unit_test(tells_of_a_stream),
		cmocka_unit_test(no_name_adds_a_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
