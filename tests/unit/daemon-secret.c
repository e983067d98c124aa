/* Secrets from files and from the configuration, and what is no secret. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "secret.h"
#include "test.h"

static char path[] = "/tmp/bouncewatch-secret.XXXXXX";
static struct secret secret;
static char why[300];

static int from_file(const char *bytes, size_t n)
{
	struct conf_account a = {.name = (char *)"x", .password_file = path};
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	why[0] = '\0';
	return secret_get(&secret, &a, NULL, NULL, why, sizeof(why));
}

static void test_first_line_of_a_file(void **state)
{
	(void)state;
	assert_int_equal(from_file("secret\nmore\n", 12), 0);
	assert_string_equal(secret.text, "secret");
	assert_int_equal(from_file("no end", 6), 0);
	assert_string_equal(secret.text, "no end");
	assert_int_equal(from_file("dos\r\n", 5), 0);
	assert_string_equal(secret.text, "dos");
	assert_int_equal(from_file(" spaces stay \n", 14), 0);
	assert_string_equal(secret.text, " spaces stay ");
}

static void test_no_secret(void **state)
{
	char longer[RUNNER_LINE_MAX + 2];

	(void)state;
	assert_int_equal(from_file("", 0), -1);
	assert_non_null(strstr(why, "its first line is empty"));
	assert_int_equal(from_file("\nsecret\n", 8), -1);
	assert_int_equal(from_file("a\0b\n", 4), -1);
	assert_non_null(strstr(why, "NUL"));
	memset(longer, 'x', sizeof(longer));
	assert_int_equal(from_file(longer, RUNNER_LINE_MAX), 0);
	assert_int_equal(from_file(longer, RUNNER_LINE_MAX + 1), -1);
	assert_non_null(strstr(why, "longer than 4096"));
}

static void test_no_file(void **state)
{
	struct conf_account a = {
		.name = (char *)"x", .password_file = (char *)"/no/such/file"};

	(void)state;
	assert_int_equal(
		secret_get(&secret, &a, NULL, NULL, why, sizeof(why)), -1);
	assert_string_equal(why,
		"unable to read '/no/such/file': No such file or directory");
	a.password_file = (char *)"/";
	assert_int_equal(
		secret_get(&secret, &a, NULL, NULL, why, sizeof(why)), -1);
	a.password_file = NULL;
	assert_int_equal(
		secret_get(&secret, &a, NULL, NULL, why, sizeof(why)), -1);
	assert_string_equal(why, "the account 'x' has no secret");
}

static void test_from_the_configuration(void **state)
{
	struct conf_account a = {
		.name = (char *)"x", .password = (char *)"in the file"};

	(void)state;
	assert_int_equal(
		secret_get(&secret, &a, NULL, NULL, why, sizeof(why)), 0);
	assert_string_equal(secret.text, "in the file");
	assert_false(secret_needs_runner(&a));
	secret_clear(&secret);
	for (size_t i = 0; i < secret.size; i++)
		assert_int_equal(secret.text[i], 0);
}

static int start(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 || close(fd) < 0 ? -1 : secret_init(&secret);
}

static int stop(void **state)
{
	(void)state;
	secret_release(&secret);
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_line_of_a_file),
		cmocka_unit_test(test_no_secret),
		cmocka_unit_test(test_no_file),
		cmocka_unit_test(test_from_the_configuration),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
