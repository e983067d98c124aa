/* daemon/log.c: one event is one line, whatever is in it. */
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"

static char text[16384];
static int saved_stderr;
static FILE *file;

static void begin(void)
{
	file = tmpfile();
	assert_non_null(file);
	saved_stderr = dup(STDERR_FILENO);
	dup2(fileno(file), STDERR_FILENO);
}

static const char *end(void)
{
	ssize_t n = pread(fileno(file), text, sizeof(text) - 1, 0);

	dup2(saved_stderr, STDERR_FILENO);
	close(saved_stderr);
	fclose(file);
	assert_true(n >= 0);
	text[n] = '\0';
	return text;
}

static void writes_one_line(void **state)
{
	const char *line;

	(void)state;
	setenv("JOURNAL_STREAM", "8:1", 1);
	begin();
	errno = EPERM;
	log_info("mail.recorded", "account=%s n=%d", log_q("news"), 3);
	assert_int_equal(errno, EPERM);
	log_error("alone", "%s", "");
	log_warn("broken", "text=%s", "a\r\nFeb 1 fake: entry\x1b[2J");
	line = end();
	assert_string_equal(line, "<6>mail.recorded account=news n=3\n"
				  "<3>alone \n"
				  "<4>broken text=a??Feb 1 fake: entry?[2J\n");
}

static void begins_with_the_time(void **state)
{
	(void)state;
	unsetenv("JOURNAL_STREAM");
	begin();
	log_warn("x", "a=%d", 1);
	end();
	assert_int_equal(
		strlen(text), strlen("2026-01-01T00:00:00Z warn x a=1\n"));
	assert_string_equal(text + 20, " warn x a=1\n");
	assert_int_equal(text[10], 'T');
}

static void keeps_to_its_level(void **state)
{
	(void)state;
	setenv("JOURNAL_STREAM", "8:1", 1);
	log_set_level(LOG_LEVEL_WARN);
	begin();
	log_debug("d", "x=%d", 1);
	log_info("i", "x=%d", 1);
	log_warn("w", "x=%d", 1);
	end();
	assert_int_equal(log_get_level(), LOG_LEVEL_WARN);
	log_set_level(LOG_LEVEL_INFO);
	assert_string_equal(text, "<4>w x=1\n");
}

static void cuts_long_lines(void **state)
{
	static char longer[8192];

	(void)state;
	memset(longer, 'x', sizeof(longer) - 1);
	begin();
	log_info("long", "v=%s", longer);
	end();
	assert_int_equal(strlen(text), 4095);
	assert_int_equal(text[4094], '\n');
}

static void quotes(void **state)
{
	static char longer[2000];
	const char *q;

	(void)state;
	assert_string_equal(log_q("plain"), "plain");
	assert_string_equal(log_q(""), "\"\"");
	assert_string_equal(log_q("two words"), "\"two words\"");
	assert_string_equal(log_q("a=b"), "\"a=b\"");
	assert_string_equal(log_q("say \"x\""), "\"say \\\"x\\\"\"");
	assert_string_equal(log_q("a\nb"), "a\\x0ab");
	assert_string_equal(
		log_qs((struct str)STR("\xe2\x80\xae")), "\\u{202e}");
	memset(longer, 'y', sizeof(longer) - 1);
	longer[5] = ' ';
	q = log_q(longer);
	assert_true(strlen(q) < 512);
	assert_string_equal(q + strlen(q) - 3, "..\"");
	memset(longer, '"', sizeof(longer) - 1);
	assert_true(strlen(log_q(longer)) < 512);
	/* eight at once */
	q = log_q("first");
	for (int i = 0; i < 7; i++)
		log_q("other");
	assert_string_equal(q, "first");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_one_line),
		cmocka_unit_test(begins_with_the_time),
		cmocka_unit_test(keeps_to_its_level),
		cmocka_unit_test(cuts_long_lines),
		cmocka_unit_test(quotes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
