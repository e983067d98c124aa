/* parsers/trace.c: the lines of parse --explain. */
#include "slices.h"

#include "trace.h"

static void keeps_lines_in_order(void **state)
{
	struct trace trace = {.first = NULL};
	struct verdict_context ctx = {.trace = &trace};

	(void)state;
	trace_add(&ctx, &arena, "%s %d", "first", 1);
	trace_add(&ctx, &arena, "second");
	check_str(trace.first->text, "first 1", "first");
	check_str(trace.first->next->text, "second", "second");
	assert_ptr_equal(trace.last, trace.first->next);
	assert_null(trace.last->next);
	ctx.trace = NULL;
	trace_add(&ctx, &arena, "nobody asked");
	assert_null(trace.last->next);
}

static void cuts_long_lines(void **state)
{
	struct trace trace = {.first = NULL};
	struct verdict_context ctx = {.trace = &trace};
	struct str s = repeat("", "0123456789", 100, "");

	(void)state;
	trace_add(&ctx, &arena, STR_FMT, STR_ARG(s));
	assert_in_range(trace.first->text.n, 500, 511);
	assert_true(str_starts(s, trace.first->text));
	slice_free(s);
}

static void has_no_memory(void **state)
{
	struct trace trace = {.first = NULL};
	struct verdict_context ctx = {.trace = &trace};

	(void)state;
	arena_shrink(1);
	trace_add(&ctx, &arena, "a line");
	assert_null(trace.first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(keeps_lines_in_order),
		ARENA_TEST(cuts_long_lines),
		ARENA_TEST(has_no_memory),
	};

	return cmocka_run_group_tests_name("parsers-trace", tests, NULL, NULL);
}
