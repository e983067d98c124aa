/* store/evidence.c: what goes in comes out, and nothing else does harm. */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "evidence.h"

struct desk {
	struct evidence *ev;
	struct arena arena;
};

static int set_up(void **state)
{
	static struct desk d;

	d.ev = evidence_new();
	assert_non_null(d.ev);
	arena_init(&d.arena, 0);
	*state = &d;
	return 0;
}

static int tear_down(void **state)
{
	struct desk *d = *state;

	evidence_free(d->ev);
	evidence_free(NULL);
	arena_release(&d->arena);
	return 0;
}

static void round_trip(struct desk *d, struct str source, struct str lines)
{
	struct str packed = evidence_pack(d->ev, source, lines);
	struct str a, b;

	assert_true(evidence_unpack(&d->arena, packed, &a, &b));
	assert_true(str_eq(a, source));
	assert_true(str_eq(b, lines));
}

static void gives_back_what_it_got(void **state)
{
	static const char odd[] = "a\0b\xff\n\0";
	struct desk *d = *state;
	char noise[EVIDENCE_MAX];

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(i * i * 2654435761u >> 13);
	round_trip(d, str_from("news/INBOX uid 42"),
		str_from("Final-Recipient: rfc822; a@example.org\n"
			 "Action: failed\nStatus: 5.1.1\n"));
	round_trip(d, str_from(""), str_from(""));
	round_trip(d, str_from("x"), str_of(odd, sizeof(odd)));
	round_trip(d, str_from("noise"), str_of(noise, sizeof(noise)));
	for (size_t n = 0; n < 300; n++)
		round_trip(d, str_from("prefix"), str_of(noise, n));
}

static void makes_it_smaller(void **state)
{
	static const char lines[] =
		"Reporting-MTA: dns; mx.example.net\n"
		"Final-Recipient: rfc822; somebody@example.org\n"
		"Action: failed\nStatus: 5.1.1\n"
		"Remote-MTA: dns; mx.example.org\n"
		"Diagnostic-Code: smtp; 550 5.1.1 <somebody@example.org>: "
		"Recipient address rejected: User unknown in virtual mailbox "
		"table\n";
	struct desk *d = *state;
	struct str packed = evidence_pack(
		d->ev, str_from("news/INBOX uid 42"), str_from(lines));

	assert_true(packed.n < sizeof(lines) / 2);
	assert_int_equal(packed.p[0], 1);
}

static void cuts_what_is_too_long(void **state)
{
	struct desk *d = *state;
	char long_source[600], long_lines[EVIDENCE_MAX + 100];
	struct str source, lines;

	memset(long_source, 's', sizeof(long_source));
	memset(long_lines, 'l', sizeof(long_lines));
	assert_true(evidence_unpack(&d->arena,
		evidence_pack(d->ev, str_of(long_source, sizeof(long_source)),
			str_of(long_lines, sizeof(long_lines))),
		&source, &lines));
	assert_int_equal(source.n, EVIDENCE_SOURCE_MAX);
	assert_int_equal(lines.n, EVIDENCE_MAX);
	/* A NUL would end the source for its reader, too. */
	assert_true(evidence_unpack(&d->arena,
		evidence_pack(d->ev, str_of("a\0b", 3), str_from("c")), &source,
		&lines));
	assert_true(str_eq(source, str_from("a")));
	assert_true(str_eq(lines, str_from("c")));
}

static void refuses_what_is_damaged(void **state)
{
	static const char no_nul[] = "\0no end of the source";
	static const char other[] = "\7something new";
	struct desk *d = *state;
	struct str a = str_from("x"), b = a;
	char body[6000];
	struct str packed;

	assert_false(evidence_unpack(&d->arena, STR_NULL, &a, &b));
	assert_null(a.p);
	assert_null(b.p);
	assert_false(evidence_unpack(&d->arena, str_from(""), &a, &b));
	assert_false(evidence_unpack(
		&d->arena, str_of(no_nul, sizeof(no_nul) - 1), &a, &b));
	assert_false(evidence_unpack(
		&d->arena, str_of(other, sizeof(other)), &a, &b));
	assert_false(evidence_unpack(&d->arena, str_of("\1", 1), &a, &b));
	packed = evidence_pack(d->ev, str_from("source"),
		str_from("some lines that are somewhat longer"));
	memcpy(body, packed.p, packed.n);
	for (size_t n = 0; n < packed.n; n++)
		assert_false(
			evidence_unpack(&d->arena, str_of(body, n), &a, &b));
	/* Whatever a byte becomes: no more than the limit comes out. */
	for (size_t i = 0; i < packed.n * 256; i++) {
		body[i / 256] = (char)i;
		if (evidence_unpack(&d->arena, str_of(body, packed.n), &a, &b))
			assert_true(a.n + b.n <
				    EVIDENCE_SOURCE_MAX + EVIDENCE_MAX + 2);
		body[i / 256] = packed.p[i / 256];
		arena_reset(&d->arena, 0);
	}
	memset(body, 1, sizeof(body));
	(void)evidence_unpack(&d->arena, str_of(body, sizeof(body)), &a, &b);
}

/* What is on disk must be readable for ever: a packed row, byte for byte. */
static void reads_what_was_written_by_version_1(void **state)
{
	static const unsigned char row[] = {
		0x01,
		0xcb,
		0x4b,
		0x2d,
		0x2f,
		0x46,
		0xf2,
		0x9b,
		0x89,
		0x11,
		0x03,
		0x4e,
		0x1f,
		0x24,
		0x3a,
		0xa4,
		0x56,
		0x24,
		0xe6,
		0x16,
		0xe4,
		0xa4,
		0xea,
		0xe5,
		0x17,
		0xa5,
		0x73,
		0xe1,
		0x70,
		0x34,
		0xc4,
		0x29,
		0x00,
	};
	struct desk *d = *state;
	struct str source, lines;

	assert_true(evidence_unpack(&d->arena,
		str_of((const char *)row, sizeof(row)), &source, &lines));
	assert_true(str_eq(source, str_from("news/INBOX uid 42")));
	assert_true(str_eq(
		lines, str_from("Final-Recipient: rfc822; a@example.org\n"
				"Action: failed\nStatus: 5.1.1\n")));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(gives_back_what_it_got),
		TEST(makes_it_smaller),
		TEST(cuts_what_is_too_long),
		TEST(refuses_what_is_damaged),
		TEST(reads_what_was_written_by_version_1),
	};

	return cmocka_run_group_tests_name("store-evidence", tests, NULL, NULL);
}
