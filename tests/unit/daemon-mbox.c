/* daemon/mbox.c: where mails begin and end, whatever wrote the file. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mbox.h"
#include "verdict.h"

static struct mbox *mbox;

static int setup(void **state)
{
	(void)state;
	mbox = mbox_new();
	return mbox ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	mbox_free(mbox);
	return 0;
}

/* A descriptor of a file with this text. */
static int file_of(struct str text)
{
	FILE *f = tmpfile();
	int fd = f ? dup(fileno(f)) : -1;

	assert_true(fd >= 0);
	assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
	fclose(f);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* The mails of an mbox, each with "<" and ">" around it. */
static const char *split(struct str text)
{
	static char all[4096];
	struct mbox_mail m;
	size_t n = 0;
	int fd = file_of(text), rc;

	all[0] = '\0';
	assert_int_equal(mbox_start(mbox, fd), 0);
	while ((rc = mbox_next(mbox, &m)) == 1) {
		n += (size_t)snprintf(all + n, sizeof(all) - n, "<" STR_FMT ">",
			STR_ARG(m.bytes));
		assert_true(n < sizeof(all));
		assert_false(m.truncated);
	}
	assert_int_equal(rc, 0);
	assert_int_equal(mbox_position(mbox), text.n);
	close(fd);
	return all;
}

#define FROM  "From MAILER-DAEMON Mon Jan  5 10:00:00 2026\n"
#define FROM2 "From a@example.org Tue Jan  6 10:00:00 2026\n"

static void splits(void **state)
{
	static const struct {
		struct str in;
		const char *want;
	} cases[] = {
		{STR(""),							     ""                  },
		{STR(FROM),							   ""                  },
		{STR(FROM "A: 1\n\nx\n\n" FROM2 "A: 2\n\ny\n\n"),
                 "<A: 1\n\nx\n><A: 2\n\ny\n>"							     },
 /* the last one without an empty line, and without a newline */
		{STR(FROM "A: 1\n\nx\n"),					     "<A: 1\n\nx\n>"     },
		{STR(FROM "A: 1\n\nx"),					       "<A: 1\n\nx>"       },
 /* the writer's empty line is not the mail's */
		{STR(FROM "A: 1\n\nx\n\n\n"),                                         "<A: 1\n\nx\n\n>"   },
 /* CRLF */
		{STR("From x Mon Jan  5 10:00:00 2026\r\nA: 1\r\n\r\nx\r\n\r\n"
		     "From y Mon Jan  5 10:00:00 2026\r\nA: 2\r\n"),
                 "<A: 1\r\n\r\nx\r\n><A: 2\r\n>"							  },
 /* quoting is undone by one ">" */
		{STR(FROM "A: 1\n\n>From the sea\n>>From afar\n>Fro\n"),
                 "<A: 1\n\nFrom the sea\n>From afar\n>Fro\n>"                                             },
 /* a sentence is no separator, not even after an empty line */
		{STR(FROM "A: 1\n\nFrom here on it is easy.\nFrom 2026 on\n"),
                 "<A: 1\n\nFrom here on it is easy.\nFrom 2026 on\n>"                                     },
 /* a whole date needs no empty line before it */
		{STR(FROM "A: 1\n\nx\n" FROM2 "A: 2\n"),
                 "<A: 1\n\nx\n><A: 2\n>"								  },
 /* an odd date does */
		{STR(FROM "A: 1\n\nx\nFrom z Mon, 5 Jan 2026 10:00 +0000\n"),
                 "<A: 1\n\nx\nFrom z Mon, 5 Jan 2026 10:00 +0000\n>"                                      },
		{STR(FROM "A: 1\n\nx\n\nFrom z Mon, 5 Jan 2026 10:00 +0000\n"
			  "A: 2\n"),
                 "<A: 1\n\nx\n><A: 2\n>"								  },
 /* an empty mail is a mail */
		{STR(FROM FROM2 "A: 2\n"),					    "<><A: 2\n>"        },
 /* what stands before the first one */
		{STR("\n\n" FROM "A: 1\n"),                                           "<A: 1\n>"          },
		{STR("\xef\xbb\xbf" FROM "A: 1\n"),                                   "<A: 1\n>"          },
 /* without a date: only between an empty line and a header */
		{STR("From x\nA: 1\n\nx\n\nFrom y\nX-b_2: 2\n"),
                 "<A: 1\n\nx\n><X-b_2: 2\n>"							      },
		{STR("From x\r\nA: 1\r\n\r\nFrom y\r\nB: 2\r\n"),
                 "<A: 1\r\n><B: 2\r\n>"								   },
		{STR("From x\nA: 1\n\nx\nFrom y\nB: 2\n"),
                 "<A: 1\n\nx\nFrom y\nB: 2\n>"							    },
		{STR("From x\nA: 1\n\nFrom y\nand so: on\n"),
                 "<A: 1\n\nFrom y\nand so: on\n>"							 },
		{STR("From x\nA: 1\n\nFrom y\n: 2\n"),
                 "<A: 1\n\nFrom y\n: 2\n>"								},
		{STR("From x\nA: 1\n\nFrom y\n"),                                     "<A: 1\n\nFrom y\n>"},
		{STR("From x\nA: 1\n\nFrom y"),                                       "<A: 1\n\nFrom y>"  },
 /* the first From_ line is believed without a date */
		{STR("From x\nA: 1\n"),					       "<A: 1\n>"          },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(split(cases[i].in), cases[i].want);
}

static void reads_dates(void **state)
{
	static const struct {
		const char *line;
		bool strict, loose;
		int64_t at;
	} cases[] = {
		{"From a Thu Jan  1 00:00:10 1970",                  true,  true,  10},
		{"From a Thu Jan 1 00:01 1970",                      true,  true,  60},
		{"From a Thu Jan  1 02:00:00 1970 +0200",            true,  true,  0 },
		{"From a Thu Jan  1 02:00:00 +0200 1970",            true,  true,  0 },
		{"From a Thu Jan  1 00:00:05 GMT 1970",              true,  true,  5 },
		{"From \"a b\"@x thu jan  1 00:00:05 1970",          true,  true,  5 },
		{"From - Thu Jan 01 00:00:07 1970",                  true,  true,  7 },
		{"From a Thu, 1 Jan 1970 00:00:05 +0000",            false, true,  0 },
		{"From a Thu Jan 32 00:00:05 1970",                  false, true,  0 },
		{"From a Thu Jan  1 24:00:05 1970",                  false, false, 0 },
		{"From a Thu Jan  1 00:00:05",                       false, false, 0 },
		{"From a Thu Jan  1 00:00:05 1970 and so on and on", false,
                 true,							     0 },
		{"From",					     false, false, 0 },
		{"From ",					    false, false, 0 },
		{"from a Thu Jan  1 00:00:10 1970",                  false, false, 0 },
		{"From today at 10:30 we are closed",                false, false, 0 },
	};

	int64_t at;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str line = str_from(cases[i].line);

		if (mbox_from_line(line, true, &at) != cases[i].strict ||
			mbox_from_line(line, false, &at) != cases[i].loose ||
			at != cases[i].at)
			fail_msg("'%s'", cases[i].line);
	}
}

static void gives_the_date_of_each(void **state)
{
	struct mbox_mail m;
	int fd = file_of(
		(struct str)STR("From a Thu Jan  1 00:00:10 1970\nA: 1\n\n"
				"From b Thu Jan  1 00:00:20 1970\nA: 2\n\n"
				"From c at 10:00 in 1970\nA: 3\n"));
	static const int64_t want[] = {10, 20, 0};

	(void)state;
	assert_int_equal(mbox_start(mbox, fd), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(mbox_next(mbox, &m), 1);
		assert_int_equal(m.at, want[i]);
	}
	assert_int_equal(mbox_next(mbox, &m), 0);
	close(fd);
}

/*
 * Mails and lines around the sizes of the buffers: a filler of n bytes, in
 * lines of 1,000 or in one, then a second mail that must be found behind it.
 */
static void check_size(size_t n, bool lines)
{
	struct mbox_mail m;
	char *text = malloc(n + 200);
	size_t at = (size_t)snprintf(text, n + 200, "%s", FROM);
	int fd;

	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		text[at++] = lines && i % 1000 == 999 ? '\n' : 'x';
	at += (size_t)snprintf(text + at, 150, "\n\n%sA: 2\n", FROM2);
	fd = file_of(str_of(text, at));
	assert_int_equal(mbox_start(mbox, fd), 0);
	assert_int_equal(mbox_next(mbox, &m), 1);
	assert_int_equal(m.truncated, n + 2 > VERDICT_MAIL_MAX);
	if (m.truncated)
		assert_int_equal(m.bytes.n, VERDICT_MAIL_MAX);
	else
		assert_int_equal(m.bytes.n, n + 1);
	assert_memory_equal(m.bytes.p, text + strlen(FROM), m.bytes.n);
	assert_int_equal(mbox_next(mbox, &m), 1);
	assert_int_equal(m.bytes.n, 5);
	assert_int_equal(mbox_next(mbox, &m), 0);
	close(fd);
	free(text);
}

static void streams(void **state)
{
	(void)state;
	for (size_t n = 65400; n < 65600; n += 7) {
		check_size(n, false);
		check_size(n, true);
	}
	check_size(VERDICT_MAIL_MAX - 2, true);
	check_size(VERDICT_MAIL_MAX, true);
	check_size(VERDICT_MAIL_MAX + 70000, false);
}

static void takes_one_whole(void **state)
{
	static const struct str text = STR(FROM "A: 1\n\nx\n\n" FROM2 "y\n");
	struct mbox_mail m;
	int fd = file_of(text);

	(void)state;
	assert_int_equal(mbox_start(mbox, fd), 0);
	assert_true(mbox_is(mbox));
	assert_int_equal(mbox_whole(mbox, true, &m), 0);
	assert_int_equal(m.bytes.n, text.n);
	assert_int_equal(m.at, 1767607200);
	assert_true(mbox_has_more(m.bytes));
	close(fd);
}

static void knows_an_mbox(void **state)
{
	static const struct {
		struct str in;
		bool is, more;
	} cases[] = {
		{STR(""),			    true,  false},
		{STR("From x\n"),                    true,  false},
		{STR("From: x\n"),                   false, false},
		{STR(">From x\n"),                   false, false},
		{STR("A: 1\n\n" FROM),               false, false},
		{STR(FROM "A: 1\n\n" FROM2),         true,  true },
		{STR(FROM "A: 1\n\nFrom here on\n"), true,  false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int fd = file_of(cases[i].in);

		assert_int_equal(mbox_start(mbox, fd), 0);
		assert_int_equal(mbox_is(mbox), cases[i].is);
		assert_int_equal(mbox_has_more(cases[i].in), cases[i].more);
		close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits),
		cmocka_unit_test(reads_dates),
		cmocka_unit_test(gives_the_date_of_each),
		cmocka_unit_test(streams),
		cmocka_unit_test(takes_one_whole),
		cmocka_unit_test(knows_an_mbox),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
