/* parsers/replay.c: what was judged once is judged the same from its evidence,
 * for every golden mail; and what the evidence looks like. */
#include "slices.h"

#include <glob.h>
#include <stdio.h>

#include "replay.h"
#include "rules.h"
#include "verdict.h"

static const struct verdict_context context = {
	.rules = &rules_builtin,
	.now = 1767225600,
};

static bool is_refusal(const struct verdict *v)
{
	return v->class == CLASS_HARD || v->class == CLASS_SOFT ||
	       v->class == CLASS_BLOCK;
}

static struct str read_file(const char *path)
{
	static char buf[VERDICT_MAIL_MAX];
	FILE *f = fopen(path, "re");
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	return str_of(buf, n);
}

struct count {
	size_t same, other;
};

static void replay_mail(const char *path, struct count *count)
{
	struct verdict_list list;

	arena_reset(&arena, 0);
	verdict_parse(&context, &arena, read_file(path), &list);
	for (size_t i = 0; i < list.n; i++) {
		const struct verdict *v = &list.v[i];
		struct judgement j;

		if (!is_refusal(v))
			continue;
		assert_true(v->evidence.n <= REPLAY_EVIDENCE_MAX);
		if (replay_judge(&context, &arena, v->evidence, false, &j) &&
			j.reason == v->reason && j.weak == v->weak) {
			count->same++;
			continue;
		}
		count->other++;
		if (getenv("VERBOSE"))
			print_message("%s: %s, not %s\n" STR_FMT "\n\n", path,
				reason_word(j.reason), reason_word(v->reason),
				STR_ARG(v->evidence));
	}
}

/* The mails of MAILS, or the golden ones. */
static void judges_the_same_again(void **state)
{
	const char *pattern = getenv("MAILS");
	struct count count = {0, 0};
	glob_t found;

	(void)state;
	assert_int_equal(glob(pattern ? pattern : "tests/corpus/*/*.eml", 0,
				 NULL, &found),
		0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		replay_mail(found.gl_pathv[i], &count);
	globfree(&found);
	print_message(
		"replayed: %zu the same, %zu not\n", count.same, count.other);
	assert_true(count.same > 100);
	/* 99 of 100: a subject that alone told the reason is not kept. */
	assert_true(count.other * 100 <= count.same);
}

static struct str evidence_of(const char *mail)
{
	struct verdict_list list;

	verdict_parse(&context, &arena, str_from(mail), &list);
	assert_int_equal(list.n, 1);
	return list.v[0].evidence;
}

#define BOUNCE                                                                 \
	"From: MAILER-DAEMON@mx.example.org\n"                                 \
	"Subject: Undelivered Mail Returned to Sender\n"

static void keeps_the_fields(void **state)
{
	(void)state;
	assert_true(str_eq(
		evidence_of(BOUNCE
			"Content-Type: multipart/report; boundary=b\n\n"
			"--b\n\nIn reply to MAIL FROM command.\n--b\n"
			"Content-Type: message/delivery-status\n\n"
			"Reporting-MTA: dns; mx.example.org\n\n"
			"Final-Recipient: rfc822; a@b.example\n"
			"Action: failed\nStatus: 5.1.1\n"
			"Diagnostic-Code: smtp; 550 5.1.1 User unknown\n\n"
			"--b--\n"),
		(struct str)STR(
			"Phase: mail\n"
			"Reporting-MTA: dns; mx.example.org\n"
			"Final-Recipient: rfc822; a@b.example\n"
			"Action: failed\nStatus: 5.1.1\n"
			"Diagnostic-Code: smtp; 550 5.1.1 User unknown")));
}

/* The fields say little: the text decided, and is kept. */
static void keeps_the_text_that_decided(void **state)
{
	static const struct str text = STR("<a@b.example>: mailbox is full");
	struct str s;

	(void)state;
	s = evidence_of(BOUNCE "Content-Type: multipart/report; boundary=b\n\n"
			       "--b\n\nDelivery failed:\n\n"
			       "<a@b.example>: mailbox is full\n\n--b\n"
			       "Content-Type: message/delivery-status\n\n"
			       "Reporting-MTA: dns; mx.example.org\n\n"
			       "Final-Recipient: rfc822; a@b.example\n"
			       "Action: failed\nStatus: 5.0.0\n\n--b--\n");
	assert_true(str_starts(s, (struct str)STR("Reporting-MTA:")));
	assert_true(str_find(s, (struct str)STR("\n--\n")) < s.n);
	assert_true(str_find(s, text) < s.n);
}

static void nothing_gives_nothing(void **state)
{
	struct judgement j;

	(void)state;
	assert_false(replay_judge(&context, &arena, STR_NULL, false, &j));
	assert_false(replay_judge(&context, &arena,
		(struct str)STR("Final-Recipient: rfc822; a@b.example\n\n"
				"Final-Recipient: rfc822; c@b.example\n"),
		false, &j));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(judges_the_same_again),
		ARENA_TEST(keeps_the_fields),
		ARENA_TEST(keeps_the_text_that_decided),
		ARENA_TEST(nothing_gives_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
