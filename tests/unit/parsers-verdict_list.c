/* parsers/verdict_list.c: verdicts that travel. */
#include "slices.h"

#include "verdict.h"

static void values_have_words(void **state)
{
	static const char *const limits[LIMIT_COUNT] = {"message", "depth",
		"parts", "header", "recipients", "text", "tokens", "memory"};

	(void)state;
	assert_string_equal(origin_word(ORIGIN_UNVERIFIED), "unverified");
	assert_string_equal(origin_word(ORIGIN_SIGNED), "signed");
	assert_string_equal(origin_word((enum origin)3), "?");
	/* RFC 3464 2.3.3 */
	assert_string_equal(action_word(ACTION_NONE), "");
	assert_string_equal(action_word(ACTION_FAILED), "failed");
	assert_string_equal(action_word(ACTION_DELAYED), "delayed");
	assert_string_equal(action_word(ACTION_DELIVERED), "delivered");
	assert_string_equal(action_word(ACTION_RELAYED), "relayed");
	assert_string_equal(action_word(ACTION_EXPANDED), "expanded");
	assert_string_equal(action_word((enum action)6), "?");
	for (unsigned i = 0; i < LIMIT_COUNT; i++)
		assert_string_equal(limit_word(1u << i), limits[i]);
	assert_string_equal(limit_word(0), "?");
	assert_string_equal(limit_word(1u << LIMIT_COUNT), "?");
}

/* RFC 3463 2: class "." subject "." detail, of at most three digits. */
static void formats_codes(void **state)
{
	char buf[16];

	(void)state;
	assert_string_equal(
		status_format((struct status){5, 1, 1}, buf), "5.1.1");
	assert_string_equal(
		status_format((struct status){4, 7, 509}, buf), "4.7.509");
	assert_string_equal(
		status_format((struct status){2, 0, 0}, buf), "2.0.0");
	assert_string_equal(status_format((struct status){0, 1, 1}, buf), "");
	/* never longer than its buffer */
	status_format((struct status){255, 65535, 65535}, buf);
	assert_true(strlen(buf) < sizeof(buf));
}

/* What a mail is filed under asks for most. */
static void has_one_class(void **state)
{
	static const struct {
		enum verdict_class of[3], class;
	} rows[] = {
		{{CLASS_SOFT, CLASS_HARD, CLASS_DELAY},      CLASS_HARD     },
		{{CLASS_DELAY, CLASS_SUCCESS, CLASS_SOFT},   CLASS_SOFT     },
		{{CLASS_BLOCK, CLASS_COMPLAINT, CLASS_NONE}, CLASS_COMPLAINT},
		{{CLASS_REPLY, CLASS_NONE, CLASS_NONE},      CLASS_REPLY    },
		{{CLASS_UNKNOWN, CLASS_REPLY, CLASS_DELAY},  CLASS_UNKNOWN  },
		{{CLASS_NONE, CLASS_NONE, CLASS_NONE},       CLASS_NONE     },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct verdict v[3] = {{.class = rows[i].of[0]},
			{.class = rows[i].of[1]}, {.class = rows[i].of[2]}};
		struct verdict_list list = {.v = v, .n = 3};

		assert_int_equal(verdict_list_class(&list), rows[i].class);
	}
	assert_int_equal(
		verdict_list_class(&(struct verdict_list){.n = 0}), CLASS_NONE);
}

static struct str text(char *buf, const char *z)
{
	size_t n = strlen(z);

	memcpy(buf, z, n);
	return str_of(buf, n);
}

/* A copy is whole when what it was made of is gone. */
static void copies_are_their_own(void **state)
{
	char recipient[16], rule[16], subject[16];
	struct verdict v[2] = {
		{.class = CLASS_HARD,
                 .smtp = 550,
                 .recipient = text(recipient, "a@b.example"),
                 .rule = text(rule, "some-rule")},
		{.class = CLASS_SOFT}
        };
	struct verdict_list list = {.v = v,
		.n = 2,
		.arrived_at = 7,
		.limits = LIMIT_TEXT,
		.subject = text(subject, "hello")};
	struct verdict_list copy;

	(void)state;
	list.digest_parts[0] = list.subject;
	assert_true(verdict_list_dup(&arena, &list, &copy));
	memset(recipient, 'x', sizeof(recipient));
	memset(rule, 'x', sizeof(rule));
	memset(subject, 'x', sizeof(subject));
	memset(v, 0, sizeof(v));
	assert_int_equal(copy.n, 2);
	assert_int_equal(copy.limits, LIMIT_TEXT);
	assert_int_equal(copy.arrived_at, 7);
	check_str(copy.subject, "hello", "subject");
	check_str(copy.v[0].recipient, "a@b.example", "recipient");
	check_str(copy.v[0].rule, "some-rule", "rule");
	assert_int_equal(copy.v[0].smtp, 550);
	check_str(copy.v[1].recipient, NULL, "absent");
	assert_int_equal(copy.v[1].class, CLASS_SOFT);
	/* its bytes go with the mail */
	assert_null(copy.digest_parts[0].p);
}

static void copies_need_memory(void **state)
{
	struct verdict v = {.recipient = STR("a@b.example")};
	struct verdict_list list = {.v = &v, .n = 1}, copy;
	size_t limit = 1;

	(void)state;
	for (;; limit += 16) {
		arena_shrink(limit);
		if (verdict_list_dup(&arena, &list, &copy))
			break;
		assert_true(limit < 4096);
	}
	check_str(copy.v[0].recipient, "a@b.example", "recipient");
	assert_true(limit >= sizeof(v) / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(values_have_words),
		ARENA_TEST(formats_codes),
		ARENA_TEST(has_one_class),
		ARENA_TEST(copies_are_their_own),
		ARENA_TEST(copies_need_memory),
	};

	return cmocka_run_group_tests_name(
		"parsers-verdict_list", tests, NULL, NULL);
}
