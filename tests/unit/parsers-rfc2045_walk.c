/* parsers/rfc2045_walk.c: the parts of a mail. */
#include <stdio.h>
#include <stdlib.h>

#include "slices.h"

#include "rfc2045.h"
#include "verdict.h"

/* One line a part in document order: "depth type/subtype 'body'"; bodies of
 * multiparts are left out. */
static void check_parts(const char *mail, const char *want)
{
	struct mime m;
	char got[4000] = "";
	size_t n = 0;

	mime_parse(&arena, fresh(mail), &m);
	for (size_t i = 0; i < m.n; i = mime_next(&m, i)) {
		const struct mime_part *p = &m.part[i];
		struct str body = p->body;

		if (media_is_multipart(p->type.media))
			body = str_from("...");
		n += (size_t)snprintf(got + n, sizeof(got) - n,
			"%d " STR_FMT "/" STR_FMT " '" STR_FMT "'\n", p->depth,
			STR_ARG(p->type.type), STR_ARG(p->type.subtype),
			STR_ARG(body));
	}
	if (strcmp(got, want) != 0)
		fail_msg("%s\ngives\n%s\nnot\n%s", mail, got, want);
}

#define MIXED "Content-Type: multipart/mixed; boundary="

static void walks_parts(void **state)
{
	(void)state;
	check_parts("Subject: a\n\nbody\n", "0 text/plain 'body\n'\n");
	/* RFC 2046, 5.1.1 */
	check_parts("From: Nathaniel Borenstein <nsb@bellcore.com>\n"
		    "MIME-Version: 1.0\n"
		    "Content-type: multipart/mixed; boundary=\"simple boundary"
		    "\"\n\n"
		    "This is the preamble.\n\n"
		    "--simple boundary\n\n"
		    "This is implicitly typed plain US-ASCII text.\n"
		    "It does NOT end with a linebreak.\n"
		    "--simple boundary\n"
		    "Content-type: text/plain; charset=us-ascii\n\n"
		    "It DOES end with a linebreak.\n\n"
		    "--simple boundary--\n\n"
		    "This is the epilogue.\n",
		"0 multipart/mixed '...'\n"
		"1 text/plain 'This is implicitly typed plain US-ASCII text.\n"
		"It does NOT end with a linebreak.'\n"
		"1 text/plain 'It DOES end with a linebreak.\n'\n");
	check_parts(MIXED "o\n\n--o\n"
			  "Content-Type: multipart/alternative; boundary=i\n\n"
			  "--i\n\nA\n--i\nContent-Type: text/html\n\nB\n--i--\n"
			  "--o\nContent-Type: message/rfc822\n\nTo: x\n\n"
			  "--i\n\nno\n--i--\n--o\n\nC\n--o--\n",
		"0 multipart/mixed '...'\n"
		"1 multipart/alternative '...'\n"
		"2 text/plain 'A'\n"
		"2 text/html 'B'\n"
		"1 message/rfc822 'To: x\n\n--i\n\nno\n--i--'\n"
		"1 text/plain 'C'\n");
	check_parts("Content-Type: multipart/digest; boundary=b\n\n--b\n\n"
		    "To: x\n--b\nContent-Type: text/plain\n\nA\n--b--",
		"0 multipart/digest '...'\n1 message/rfc822 'To: x'\n"
		"1 text/plain 'A'\n");
}

/* RFC 2046, 5.1.4 */
static void walks_alternatives(void **state)
{
	(void)state;
	check_parts("From: Nathaniel Borenstein <nsb@bellcore.com>\n"
		    "To: Ned Freed <ned@innosoft.com>\n"
		    "Date: Mon, 22 Mar 1993 09:41:09 -0800 (PST)\n"
		    "Subject: Formatted text mail\n"
		    "MIME-Version: 1.0\n"
		    "Content-Type: multipart/alternative; boundary=boundary42\n"
		    "\n"
		    "--boundary42\n"
		    "Content-Type: text/plain; charset=us-ascii\n\n"
		    "  ... plain text version of message goes here ...\n\n"
		    "--boundary42\n"
		    "Content-Type: text/enriched\n\n"
		    "  ... RFC 1896 text/enriched version of same message\n"
		    "      goes here ...\n\n"
		    "--boundary42\n"
		    "Content-Type: application/x-whatever\n\n"
		    "  ... fanciest version of same message goes here ...\n\n"
		    "--boundary42--\n",
		"0 multipart/alternative '...'\n"
		"1 text/plain '  ... plain text version of message goes here "
		"...\n'\n"
		"1 text/enriched '  ... RFC 1896 text/enriched version of same "
		"message\n      goes here ...\n'\n"
		"1 application/x-whatever '  ... fanciest version of same "
		"message goes here ...\n'\n");
}

/* RFC 2046, 5.1.5 */
static void walks_a_digest(void **state)
{
	(void)state;
	check_parts("From: Moderator-Address\n"
		    "To: Recipient-List\n"
		    "Date: Mon, 22 Mar 1994 13:34:51 +0000\n"
		    "Subject: Internet Digest, volume 42\n"
		    "MIME-Version: 1.0\n"
		    "Content-Type: multipart/mixed;\n"
		    "              boundary=\"---- main boundary ----\"\n\n"
		    "------ main boundary ----\n\n"
		    "  ...Introductory text or table of contents...\n\n"
		    "------ main boundary ----\n"
		    "Content-Type: multipart/digest;\n"
		    "              boundary=\"---- next message ----\"\n\n"
		    "------ next message ----\n\n"
		    "From: someone-else\n"
		    "Subject: my opinion\n\n"
		    "  ...body goes here ...\n\n"
		    "------ next message ----\n\n"
		    "From: someone-else-again\n"
		    "Subject: my different opinion\n\n"
		    "  ... another body goes here ...\n\n"
		    "------ next message ------\n\n"
		    "------ main boundary ------\n",
		"0 multipart/mixed '...'\n"
		"1 text/plain '  ...Introductory text or table of contents..."
		"\n'\n"
		"1 multipart/digest '...'\n"
		"2 message/rfc822 'From: someone-else\nSubject: my opinion\n\n"
		"  ...body goes here ...\n'\n"
		"2 message/rfc822 'From: someone-else-again\nSubject: my "
		"different opinion\n\n  ... another body goes here ...\n'\n");
}

/* RFC 2049, appendix A */
static void walks_a_complex_mail(void **state)
{
	(void)state;
	check_parts("MIME-Version: 1.0\n"
		    "From: Nathaniel Borenstein <nsb@nsb.fv.com>\n"
		    "To: Ned Freed <ned@innosoft.com>\n"
		    "Date: Fri, 07 Oct 1994 16:15:05 -0700 (PDT)\n"
		    "Subject: A multipart example\n"
		    "Content-Type: multipart/mixed;\n"
		    "              boundary=unique-boundary-1\n\n"
		    "This is the preamble area of a multipart message.\n\n"
		    "--unique-boundary-1\n\n"
		    "  ... Some text appears here ...\n\n"
		    "--unique-boundary-1\n"
		    "Content-type: text/plain; charset=US-ASCII\n\n"
		    "This could have been part of the previous part.\n\n"
		    "--unique-boundary-1\n"
		    "Content-Type: multipart/parallel; "
		    "boundary=unique-boundary-2\n\n"
		    "--unique-boundary-2\n"
		    "Content-Type: audio/basic\n"
		    "Content-Transfer-Encoding: base64\n\n"
		    "  ... audio\n\n"
		    "--unique-boundary-2\n"
		    "Content-Type: image/jpeg\n"
		    "Content-Transfer-Encoding: base64\n\n"
		    "  ... image\n\n"
		    "--unique-boundary-2--\n\n"
		    "--unique-boundary-1\n"
		    "Content-type: text/enriched\n\n"
		    "Isn't it\n\n"
		    "--unique-boundary-1\n"
		    "Content-Type: message/rfc822\n\n"
		    "From: (mailbox in US-ASCII)\n"
		    "Subject: (subject in US-ASCII)\n"
		    "Content-Type: Text/plain; charset=ISO-8859-1\n"
		    "Content-Transfer-Encoding: Quoted-printable\n\n"
		    "  ... Additional text\n\n"
		    "--unique-boundary-1--\n",
		"0 multipart/mixed '...'\n"
		"1 text/plain '  ... Some text appears here ...\n'\n"
		"1 text/plain 'This could have been part of the previous part."
		"\n'\n"
		"1 multipart/parallel '...'\n"
		"2 audio/basic '  ... audio\n'\n"
		"2 image/jpeg '  ... image\n'\n"
		"1 text/enriched 'Isn't it\n'\n"
		"1 message/rfc822 'From: (mailbox in US-ASCII)\n"
		"Subject: (subject in US-ASCII)\n"
		"Content-Type: Text/plain; charset=ISO-8859-1\n"
		"Content-Transfer-Encoding: Quoted-printable\n\n"
		"  ... Additional text\n'\n");
}

static void walks_broken_parts(void **state)
{
	(void)state;
	/* a child that is never closed ends with its parent */
	check_parts(MIXED "o\n\n--o\n" MIXED "i\n\n--i\n\nA\n--o\n\nB\n--i\n"
			  "--o--\n",
		"0 multipart/mixed '...'\n1 multipart/mixed '...'\n"
		"2 text/plain 'A'\n1 text/plain 'B\n--i'\n");
	/* a child that uses its parent's boundary */
	check_parts(MIXED "b\n\n--b\n" MIXED "b\n\n--b\n\nA\n--b--\n--b--\n",
		"0 multipart/mixed '...'\n1 multipart/mixed '...'\n"
		"2 text/plain ''\n1 text/plain 'A'\n");
	/* one boundary begins like the other */
	check_parts(MIXED "b\n\n--bb\n\n--b\n\nA\n--b1\n\n--b--x\n--b --\nB",
		"0 multipart/mixed '...'\n"
		"1 text/plain 'A\n--b1\n\n--b--x\n--b --\nB'\n");
	/* blanks around it, and nothing closes it */
	check_parts(MIXED "\"b \"\n\n--b \t\n\nA\n--b\n\nB",
		"0 multipart/mixed '...'\n1 text/plain 'A'\n"
		"1 text/plain 'B'\n");
	/* empty parts */
	check_parts(MIXED "b\n\n--b\n--b\n\n--b\n\n\n--b--\n--b\n\nlate",
		"0 multipart/mixed '...'\n1 text/plain ''\n1 text/plain ''\n"
		"1 text/plain ''\n");
	check_parts(MIXED "b\n\n--b", "0 multipart/mixed '...'\n"
				      "1 text/plain ''\n");
	check_parts(MIXED "b\n\n--b--", "0 multipart/mixed '...'\n"
					"1 text/plain '--b--'\n");
	/* never used, empty, not stated: the body as it is */
	check_parts(MIXED "b\n\ntext\n", "0 multipart/mixed '...'\n"
					 "1 text/plain 'text\n'\n");
	check_parts(MIXED "\"\"\n\n--\n\ntext\n",
		"0 multipart/mixed '...'\n1 text/plain '--\n\ntext\n'\n");
	check_parts("Content-Type: multipart/mixed\n\n",
		"0 multipart/mixed '...'\n1 text/plain ''\n");
	/* but another line shows what it is */
	check_parts("Content-Type: multipart/mixed\n\npre\n--x y\n"
		    "Content-Type: text/html\n\nA\n--x y--\n",
		"0 multipart/mixed '...'\n1 text/html 'A'\n");
	check_parts(MIXED "b\n\n--\n--c\ncontent-type: text/html\n\nA\n--c\n\n"
			  "B\n--c--\n",
		"0 multipart/mixed '...'\n1 text/html 'A'\n"
		"1 text/plain 'B'\n");
	/* the first delimiter stands where the blank line should */
	check_parts(MIXED "b\n--b\nContent-Type: text/html\n\nA\n--b--\n",
		"0 multipart/mixed '...'\n1 text/html 'A'\n");
	check_parts("", "0 text/plain ''\n");
}

static void keeps_what_is_around_parts(void **state)
{
	struct mime m;

	(void)state;
	mime_parse(&arena,
		str_from(MIXED "b\n\npre\namble\n--b\n"
			       "Content-Disposition: attachment; filename=x\n"
			       "Content-Description: (text)\n"
			       "Content-Transfer-Encoding: BASE64\n\nQQ==\n"
			       "--b-- \nepi\nlogue\n"),
		&m);
	check_str(m.part[0].preamble, "pre\namble", "preamble");
	check_str(m.part[0].epilogue, "epi\nlogue\n", "epilogue");
	assert_true(m.part[0].closed);
	assert_ptr_equal(m.part[0].headers, &m.headers);
	check_str(m.part[1].disposition, "attachment; filename=x", "");
	check_str(m.part[1].description, "(text)", "description");
	assert_int_equal(m.part[1].encoding, ENCODING_BASE64);
	assert_null(m.part[1].headers);
	assert_null(m.part[1].preamble.p);
	assert_int_equal(m.limits, 0);
	mime_parse(&arena, str_from(MIXED "b\n\n--b\n\nA\n"), &m);
	check_str(m.part[0].preamble, "", "preamble");
	assert_null(m.part[0].epilogue.p);
	assert_false(m.part[0].closed);
	mime_parse(&arena, str_from(MIXED "b\n\ntext"), &m);
	check_str(m.part[1].head, "", "head of a text without delimiters");
}

#define REPORT                                                                 \
	"Content-Type: multipart/report; boundary=r\n\n--r\n\ntext\n--r\n"

static void opens_messages(void **state)
{
	struct mime m;
	size_t child;

	(void)state;
	mime_parse(&arena,
		str_from(REPORT
			"Content-Type: message/rfc822\n\n"
			"From x Mon\nTo: a@b\n" MIXED "i\n\n--i\n\nA\n--i\n"
			"\nB\n--i--\n--r\nContent-Type: text/rfc822-headers\n"
			"Content-Transfer-Encoding: quoted-printable\n\n"
			"To: c=40d\nContent-Type: multipart/mixed; "
			"boundary=3Di\n--r--\n"),
		&m);
	assert_int_equal(m.n, 4);
	child = mime_open_message(&m, 2);
	assert_int_equal(child, 4);
	assert_int_equal(m.n, 7);
	check_str(m.part[4].headers->first[HEADER_TO], "a@b", "To");
	assert_int_equal(m.part[4].type.media, MEDIA_MULTIPART_MIXED);
	assert_int_equal(m.part[4].parent, 2);
	assert_int_equal(m.part[4].depth, 2);
	check_str(m.part[5].body, "A", "first inner part");
	check_str(m.part[6].body, "B", "second inner part");
	assert_int_equal(mime_open_message(&m, 2), child);
	assert_int_equal(m.n, 7);
	child = mime_open_message(&m, 3);
	assert_int_equal(child, 7);
	check_str(m.part[7].headers->first[HEADER_TO], "c@d", "encoded To");
	assert_int_equal(m.n, 8);
	assert_int_equal(mime_open_message(&m, 1), 0);
	assert_int_equal(mime_open_message(&m, 0), 0);
	assert_int_equal(m.limits, 0);
	/* document order */
	assert_int_equal(mime_next(&m, 2), 4);
	assert_int_equal(mime_next(&m, 6), 3);
	assert_int_equal(mime_next(&m, 3), 7);
	assert_int_equal(mime_next(&m, 7), m.n);
}

/* Which parts can be opened, and which of those are cut into parts. */
static void knows_what_can_be_opened(void **state)
{
	static const struct {
		const char *type;
		size_t parts;
	} rows[] = {
		{"message/rfc822",           3},
		{"message/global",           3},
		{"text/rfc822-headers",      2},
		{"message/rfc822-headers",   2},
		{"message/global-headers",   2},
		{"message/delivery-status",  1},
		{"text/plain",               1},
		{"application/octet-stream", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char mail[200];
		struct mime m;

		snprintf(mail, sizeof(mail),
			"Content-Type: %s\n\n" MIXED "i\n\n--i\n\nA\n--i--\n",
			rows[i].type);
		mime_parse(&arena, fresh(mail), &m);
		assert_int_equal(mime_open_message(&m, 0), rows[i].parts > 1);
		assert_int_equal(m.n, rows[i].parts);
	}
}

static void limits_depth(void **state)
{
	struct mime m;
	struct str mail;
	char *text = malloc(200 * 100), *p = text;
	size_t i, opened = 0;

	(void)state;
	assert_non_null(text);
	for (i = 0; i < 200; i++)
		p += snprintf(p, 100, MIXED "b%zu\n\n--b%zu\n", i, i);
	mime_parse(&arena, str_of(text, (size_t)(p - text)), &m);
	assert_int_equal(m.n, MIME_DEPTH_MAX + 1);
	assert_int_equal(m.limits, LIMIT_DEPTH);
	assert_true(m.part[MIME_DEPTH_MAX].opaque);
	assert_false(m.part[MIME_DEPTH_MAX - 1].opaque);
	free(text);

	mail = repeat("", "Content-Type: message/rfc822\n\n", 2000, "x");
	mime_parse(&arena, mail, &m);
	for (i = 0; (i = mime_open_message(&m, i)) != 0;)
		opened++;
	assert_int_equal(opened, MIME_DEPTH_MAX);
	assert_int_equal(m.limits, LIMIT_DEPTH);
	slice_free(mail);
}

static void limits_parts(void **state)
{
	struct mime m;
	struct str mail = repeat(MIXED "b\n\n", "--b\n\n", 998,
		"--b\nContent-Type: message/rfc822\n\nTo: x\n");

	(void)state;
	mime_parse(&arena, mail, &m);
	assert_int_equal(m.n, 1000);
	assert_int_equal(m.limits, 0);
	assert_int_equal(mime_open_message(&m, 999), 0);
	assert_int_equal(m.limits, LIMIT_PARTS);
	slice_free(mail);
	mail = repeat(MIXED "b\n\n", "--b\n\n", 100000, "--b--\n");
	mime_parse(&arena, mail, &m);
	assert_int_equal(m.n, 1000);
	assert_int_equal(m.part[0].children, 999);
	assert_int_equal(m.limits, LIMIT_PARTS);
	assert_true(m.part[0].opaque);
	assert_false(m.part[0].closed);
	slice_free(mail);
}

static void limits_boundaries(void **state)
{
	char b[RFC2045_BOUNDARY_MAX + 2], mail[1000];
	struct mime m;

	(void)state;
	for (size_t n = RFC2045_BOUNDARY_MAX; n < sizeof(b); n++) {
		bool over = n > RFC2045_BOUNDARY_MAX;

		memset(b, 'b', n);
		snprintf(mail, sizeof(mail), MIXED "%.*s\n\n--%.*s\n\nA",
			(int)n, b, (int)n, b);
		mime_parse(&arena, str_from(mail), &m);
		assert_int_equal(m.n, 2);
		assert_int_equal(m.limits, over ? LIMIT_HEADER : 0);
		if (!over)
			check_str(m.part[1].body, "A", "the longest boundary");
		else
			assert_true(str_starts(
				m.part[1].body, str_from("--bbbbb")));
	}
}

/* With any amount of memory there is a list, and it is sound. */
static void survives_little_memory(void **state)
{
	struct str mail = STR(MIXED "b\n\n--b\nContent-Type: message/rfc822\n"
				    "\nTo: x\n--b\n\nB\n--b\n\nC\n--b\n\nD\n"
				    "--b\n\nE\n--b\n\nF\n--b\n\nG\n--b\n\nH\n"
				    "--b\n\nI\n--b\n\nJ\n--b--\n");
	bool all = false;

	(void)state;
	for (size_t limit = 1; !all; limit += 16) {
		struct mime m;
		size_t n = 0;

		arena_shrink(limit);
		mime_parse(&arena, mail, &m);
		if (m.n > 1)
			mime_open_message(&m, 1);
		for (size_t i = 0; i < m.n; i = mime_next(&m, i))
			n++;
		assert_int_equal(n, m.n);
		all = n == 12;
		assert_int_equal(m.limits, all ? 0 : LIMIT_MEMORY);
	}
}

static bool within(struct str inner, struct str outer)
{
	return !inner.p ||
	       (inner.p >= outer.p && inner.p + inner.n <= outer.p + outer.n);
}

/* Random lines of the things that matter, under the sanitizers. */
static void stays_sound(void **state)
{
	static const char *const lines[] = {"--a", "--a--", "--b", "--b--", "",
		" ", "text", MIXED "a", MIXED "\"b\"",
		"Content-Type: message/rfc822", "Content-Type: multipart/x",
		"Content-Type:", "\tboundary=b", "--", "=", "\"", ":", "From x",
		"Content-Transfer-Encoding: base64", "X-Y: z", "\xff"};
	uint32_t seed = 1;
	char mail[2000];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct mime m;
		size_t n = 0, seen = 0;
		struct str all;

		for (int k = 0; k < 24; k++) {
			seed = seed * 1664525 + 1013904223;
			n += (size_t)snprintf(mail + n, sizeof(mail) - n,
				"%s\n",
				lines[(seed >> 16) %
					(sizeof(lines) / sizeof(*lines))]);
		}
		all = str_of(mail, n - (seed >> 31));
		mime_parse(&arena, all, &m);
		for (size_t i = 0; i < m.n; i++) {
			const struct mime_part *p = &m.part[i];

			assert_true(within(p->body, all));
			assert_true(within(p->head, all));
			assert_true(within(p->preamble, m.part[i].body));
			assert_true(within(p->epilogue, m.part[i].body));
			assert_true(i == 0 || p->parent < i);
			if (p->encoding != ENCODING_BASE64)
				mime_open_message(&m, i);
		}
		for (size_t i = 0; i < m.n; i = mime_next(&m, i))
			seen++;
		assert_int_equal(seen, m.n);
		arena_reset(&arena, 0);
	}
}

static void parse(struct str s)
{
	struct mime m;

	mime_parse(&arena, s, &m);
}

static void stays_linear(void **state)
{
	static const char *const units[] = {"--b", "\n--b", "\n--b ", "\n--",
		"\n--bc\n", "\n--c\ncontent-x\n", "\n \n", "\n\n", "a", "\n-"};

	(void)state;
	check_linear(MIXED "b\n\n", units, sizeof(units) / sizeof(*units), "",
		parse);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(walks_parts),
		ARENA_TEST(walks_alternatives),
		ARENA_TEST(walks_a_digest),
		ARENA_TEST(walks_a_complex_mail),
		ARENA_TEST(walks_broken_parts),
		ARENA_TEST(keeps_what_is_around_parts),
		ARENA_TEST(opens_messages),
		ARENA_TEST(knows_what_can_be_opened),
		ARENA_TEST(limits_depth),
		ARENA_TEST(limits_parts),
		ARENA_TEST(limits_boundaries),
		ARENA_TEST(survives_little_memory),
		ARENA_TEST(stays_sound),
		ARENA_TEST(stays_linear),
	};

	return cmocka_run_group_tests_name(
		"parsers-rfc2045_walk", tests, NULL, NULL);
}
