/* daemon/report/jsonl.c: what programs are told, and what is not known. */
#include "test.h"

#include <string.h>

#include "out_file.h"
#include "report.h"

static struct report r;

static const char *shown(void)
{
	report_jsonl(&r, out_file_open());
	return out_file_close(NULL);
}

/* The first object that has this in it, without its LF. */
static const char *line_with(const char *what)
{
	static char line[4096];
	struct str rest = str_from(shown()), l;

	while (str_line(&rest, &l))
		if (str_find(l, str_from(what)) < l.n) {
			assert_true(l.n < sizeof(line));
			memcpy(line, l.p, l.n);
			line[l.n] = '\0';
			return line;
		}
	fail_msg("no line has %s", what);
	return NULL;
}

static int setup(void **state)
{
	(void)state;
	r = (struct report){.from = 86400,
		.to = 8 * 86400,
		.now = 8 * 86400 + 1,
		.days = 7,
		.before = 1};
	for (int c = 0; c < CLASS_COUNT; c++)
		r.usual[c] = -1;
	return 0;
}

static void tells_what_it_is_of(void **state)
{
	(void)state;
	assert_string_equal(line_with("\"report\""),
		"{\"v\":1,\"type\":\"report\",\"from\":\"1970-01-02T00:00:"
		"00Z\","
		"\"to\":\"1970-01-09T00:00:00Z\","
		"\"made_at\":\"1970-01-09T00:00:01Z\",\"days\":7,"
		"\"periods_before\":1,\"spikes\":\"looked-for\","
		"\"spikes_found\":0,\"typo_addresses\":0}");
	r.spikes_state = SPIKES_NO_WEEK;
	assert_non_null(
		strstr(line_with("\"report\""), "\"spikes\":\"no-week\","));
	assert_non_null(strstr(
		line_with("\"rate\""), "\"sent\":null,\"hard_of_sent\":null,"));
	/* nothing bounced of what was sent: a rate of 0 is known */
	r.rate.sent = 5;
	assert_non_null(strstr(
		line_with("\"rate\""), "\"sent\":5,\"hard_of_sent\":0,"));
}

static void counts_by_class(void **state)
{
	(void)state;
	r.periods[0][CLASS_HARD] = 31;
	r.periods[1][CLASS_HARD] = 3;
	r.periods[2][CLASS_HARD] = 99; /* before there were data */
	assert_string_equal(line_with("\"class\":\"hard\""),
		"{\"v\":1,\"type\":\"class\",\"class\":\"hard\",\"n\":31,"
		"\"usual\":null,\"periods\":[31,3]}");
	r.usual[CLASS_HARD] = 0;
	assert_non_null(
		strstr(line_with("\"class\":\"hard\""), "\"usual\":0,"));
}

static void tells_spikes(void **state)
{
	struct report_spike *s = &r.spikes[r.spikes_n++];

	(void)state;
	*s = (struct report_spike){
		.by = REPORT_BY_DOMAIN,
		.name = STR("x\"\n.example"),
		.class = CLASS_HARD,
		.reason = REASON_USER_UNKNOWN,
		.n = 40,
		.usual = 2.5,
		.limit = 9,
		.chance = 1e-7,
		.expected = 3,
		.weeks = {40,          2,               3},
		.weeks_n = 3,
		.also = {STR("reason user-unknown")          },
		.also_n = 1,
		.also_all = 2,
		.cause = CAUSE_BAD_IMPORT,
		.certainty = CERTAINTY_THIN,
		.evidence = {STR("One."), STR("Two.")},
		.evidence_n = 2,
		.action = STR("Do.")
        };
	assert_string_equal(line_with("\"spike\""),
		"{\"v\":1,\"type\":\"spike\",\"by\":\"domain\","
		"\"name\":\"x\\\"\\n.example\",\"class\":\"hard\","
		"\"reason\":\"user-unknown\",\"n\":40,\"usual\":2.5,"
		"\"limit\":9,\"chance\":1e-07,\"expected\":3,"
		"\"weeks\":[40,2,3],\"also\":[\"reason user-unknown\"],"
		"\"also_all\":2,\"cause\":\"bad-import\","
		"\"certainty\":\"thin\",\"evidence\":[\"One.\",\"Two.\"],"
		"\"action\":\"Do.\"}");
}

static void tells_what_is_not_over(void **state)
{
	(void)state;
	r.incidents_n = 2;
	r.incidents[0] = (struct report_incident){.id = 7,
		.kind = INCIDENT_PROVIDER,
		.state = INCIDENT_OPEN,
		.name = STR("google"),
		.from = 86400,
		.events = 9,
		.usual = 0.5,
		.held = 8,
		.now = true};
	r.incidents[1].kind = INCIDENT_DOMAIN;
	r.incidents[1].state = INCIDENT_OPEN;
	r.hours_n = 2;
	r.hours[1] = 9;
	assert_string_equal(line_with("\"id\":7"),
		"{\"v\":1,\"type\":\"incident\",\"id\":7,"
		"\"kind\":\"provider\",\"name\":\"google\",\"state\":\"open\","
		"\"from\":\"1970-01-02T00:00:00Z\",\"to\":null,\"events\":9,"
		"\"usual\":0.5,\"engaged\":0,\"held\":8,\"probation\":0,"
		"\"in_period\":true,\"hours\":[0,9]}");
	/* hours are of the first alone */
	assert_non_null(strstr(line_with("\"id\":0"), "\"hours\":[]"));
	r.shapes_n = 1;
	r.shapes[0] = (struct report_shape){
		.provider = STR(""), .class = CLASS_UNKNOWN, .n = 4};
	assert_string_equal(line_with("\"not_understood\""),
		"{\"v\":1,\"type\":\"not_understood\",\"provider\":null,"
		"\"class\":\"unknown\",\"status\":null,\"smtp\":null,"
		"\"n\":4}");
	assert_null(strstr(shown(), "not_understood_rest"));
	r.shapes_rest = 3;
	assert_string_equal(line_with("\"not_understood_rest\""),
		"{\"v\":1,\"type\":\"not_understood_rest\",\"n\":3}");
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(tells_what_it_is_of),
		TEST(counts_by_class),
		TEST(tells_spikes),
		TEST(tells_what_is_not_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
