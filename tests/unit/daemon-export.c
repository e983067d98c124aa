/* daemon/export.c and export/: each format as its readers want it. */
#include "test.h"

#include <string.h>

#include "export_writer.h"
#include "out_file.h"

static const struct query_suppression rows[] = {
	{
         .address = STR("a@example.org"),
         .scope = STR("*"),
         .state = STATE_SUPPRESSED,
         .reason = REASON_USER_UNKNOWN,
         .cause = CAUSE_POLICY,
         .since = 86400,
	 },
	{
         .address = STR("a@example.org"),
         .scope = STR("news, weekly"),
         .state = STATE_SUPPRESSED,
         .reason = REASON_ABUSE,
         .cause = CAUSE_POLICY,
         .since = 0,
         .expires_at = 172800,
	 },
	{
         .address = STR("+b@example.org"),
         .scope = STR("*"),
         .state = STATE_SUPPRESSED,
         .reason = REASON_MANUAL,
         .cause = CAUSE_HAND,
         .since = 1,
	 },
	{
         .address = STR("evil\n@example.org"),
         .scope = STR("*"),
         .state = STATE_SUPPRESSED,
         .reason = REASON_USER_UNKNOWN,
         .cause = CAUSE_POLICY,
         .since = 1,
	 },
};

/* The writer of the test that runs, closed. */
static struct export_writer writer;

static const char *written(const char *format, bool removals, bool hashed,
	const struct query_suppression *list, size_t n)
{
	struct env env = {.out = out_file_open()};

	writer = (struct export_writer){.env = &env,
		.format = export_find(format),
		.removals = removals,
		.hashed = hashed};
	assert_non_null(writer.format);
	assert_int_equal(export_writer_open(&writer), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(export_writer_row(&writer, &list[i]), 0);
	assert_int_equal(export_writer_finish(&writer), 0);
	export_writer_close(&writer);
	return out_file_close(NULL);
}

static const char *exported(const char *format)
{
	return written(
		format, false, false, rows, sizeof(rows) / sizeof(rows[0]));
}

/* One line an address, once, and nothing that is two lines. */
static void writes_plain(void **state)
{
	(void)state;
	assert_string_equal(
		exported("plain"), "a@example.org\n+b@example.org\n");
	assert_int_equal((int)writer.rows, 2);
	assert_int_equal(export_writer_left_out(&writer), 1);
}

static void writes_csv(void **state)
{
	(void)state;
	assert_string_equal(exported("csv"),
		"address,scope,state,class,reason,cause,since,expires\r\n"
		"a@example.org,*,suppressed,hard,user-unknown,policy,"
		"1970-01-02T00:00:00Z,\r\n"
		"a@example.org,\"news, weekly\",suppressed,complaint,abuse,"
		"policy,1970-01-01T00:00:00Z,1970-01-03T00:00:00Z\r\n"
		"'+b@example.org,*,suppressed,,manual,hand,"
		"1970-01-01T00:00:01Z,\r\n"
		"\"evil\n@example.org\",*,suppressed,hard,user-unknown,"
		"policy,1970-01-01T00:00:01Z,\r\n");
}

static void writes_jsonl(void **state)
{
	const char *text = exported("jsonl");

	(void)state;
	assert_int_equal(strncmp(text,
				 "{\"v\":1,\"address\":\"a@example.org\","
				 "\"scope\":\"*\",\"state\":\"suppressed\","
				 "\"class\":\"hard\",\"reason\":\"user-unknown"
				 "\",\"cause\":\"policy\",\"since\":"
				 "\"1970-01-02T00:00:00Z\",\"expires\":null}\n",
				 150),
		0);
	assert_non_null(strstr(text, "\"address\":\"+b@example.org\""));
	assert_non_null(strstr(text, "\"evil\\n@example.org\""));
	assert_int_equal((int)writer.rows, 4);
}

static void knows_its_formats(void **state)
{
	(void)state;
	assert_null(export_find("xml"));
	for (size_t i = 0; export_at(i); i++) {
		assert_ptr_equal(export_find(export_at(i)->name), export_at(i));
		exported(export_at(i)->name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_plain),
		cmocka_unit_test(writes_csv),
		cmocka_unit_test(writes_jsonl),
		cmocka_unit_test(knows_its_formats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
