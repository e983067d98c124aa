/* parsers/rfc2045*.c: content types, transfer encodings, the MIME walk. */
#include <stdio.h>
#include <stdlib.h>

#include "test.h"

#include "rfc2045.h"
#include "verdict.h"

static struct arena arena;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void check_str(struct str got, const char *want, const char *what)
{
	if (!want && !got.p)
		return;
	if (!want || !got.p || !str_eq(got, str_from(want)))
		fail_msg("%s: got '" STR_FMT "' (%s), not '%s'", what,
			STR_ARG(got), got.p ? "there" : "absent",
			want ? want : "(absent)");
}

static struct str repeat(
	const char *head, const char *unit, size_t n, const char *tail)
{
	size_t a = strlen(head), u = strlen(unit), z = strlen(tail);
	char *p = malloc(a + n * u + z + 1);

	assert_non_null(p);
	memcpy(p, head, a);
	for (size_t i = 0; i < n; i++)
		memcpy(p + a + i * u, unit, u);
	memcpy(p + a + n * u, tail, z + 1);
	return str_of(p, a + n * u + z);
}

/* --- types ---------------------------------------------------------------- */

static void reads_types(void **state)
{
	static const struct {
		const char *raw;
		enum media media;
		const char *type, *subtype;
	} rows[] = {
		{"text/plain; charset=us-ascii",          MEDIA_TEXT_PLAIN,              "text",
                 "plain"												 },
		{"Multipart/REPORT;\n report-type=x",     MEDIA_MULTIPART_REPORT,
                 "Multipart",									   "REPORT"         },
		{" (a) message (b(c)) / rfc822 (d); x=y", MEDIA_MESSAGE_RFC822,
                 "message",									     "rfc822"         },
		{"text/x-amp-html",                       MEDIA_TEXT,                    "text",        "x-amp-html"     },
		{"multipart/signed",                      MEDIA_MULTIPART,               "multipart",   "signed"         },
		{"application/zip",                       MEDIA_OTHER,                   "application", "zip"            },
		{"message/delivery-status",               MEDIA_MESSAGE_DELIVERY_STATUS,
                 "message",									     "delivery-status"},
		{"message/delivery-statu",                MEDIA_OTHER,                   "message",
                 "delivery-statu"											},
		{"text/plain charset=x",                  MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"text",				  MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"test/plain",                            MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"textp/lain",                            MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"",				      MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"/",				     MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{";;",				    MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"(never closed text/html",               MEDIA_TEXT_PLAIN,              "text",        "plain"          },
	};
	struct content_type t;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		rfc2045_content_type(
			str_from(rows[i].raw), MEDIA_TEXT_PLAIN, &t);
		assert_int_equal(t.media, rows[i].media);
		check_str(t.type, rows[i].type, rows[i].raw);
		check_str(t.subtype, rows[i].subtype, rows[i].raw);
	}
	rfc2045_content_type(STR_NULL, MEDIA_MESSAGE_RFC822, &t);
	assert_int_equal(t.media, MEDIA_MESSAGE_RFC822);
	check_str(t.subtype, "rfc822", "digest");
	assert_true(media_is_multipart(MEDIA_MULTIPART));
	assert_true(media_is_multipart(MEDIA_MULTIPART_DIGEST));
	assert_false(media_is_multipart(MEDIA_MESSAGE_RFC822));
	assert_true(media_is_message(MEDIA_MESSAGE_GLOBAL));
	assert_false(media_is_message(MEDIA_TEXT_RFC822_HEADERS));
}

static void knows_every_media_row(void **state)
{
	struct content_type t;

	(void)state;
#define MEDIA(NAME, type)                                                      \
	rfc2045_content_type(str_from(type), MEDIA_TEXT_PLAIN, &t);            \
	assert_int_equal(t.media, MEDIA_##NAME);                               \
	assert_int_equal(media_is_multipart(MEDIA_##NAME),                     \
		str_istarts(str_from(type), "multipart/"));
#include "media.def"
}

/* The parameter "boundary" of what stands after a type. */
static void reads_parameters(void **state)
{
	static const struct {
		const char *params, *value;
	} rows[] = {
		{"; boundary=abc",				       "abc"                                  },
		{";boundary = abc ; x=y",                                "abc"                                  },
		{"; x=y;\n\tBoundary=\"a b;c\"",                         "a b;c"                                },
		{"; boundary=\"a\\\"b\\\\c\"",                           "a\"b\\c"                              },
		{"; boundary=abc (a comment)",                           "abc"                                  },
		{"; (boundary=no) boundary=abc",                         "abc"                                  },
		{"boundary=abc",					 "abc"                                  },
		{"; boundary=----=_Part:1(2)/3",                         "----=_Part:1(2)/3"                    },
		{"; boundary=",					  ""				     },
		{"; boundary=\"\"",				      ""                                     },
		{"; boundary=\"abc",				     "abc"                                  },
		{"; boundary=\"abc; x=y",                                "abc"                                  },
		{"; boundary=\"abc\n x=y",                               "abc"                                  },
		{"; boundary=\"\\",				      "\\"                                   },
		{"; boundary",					   NULL				   },
		{"; boundaryx=abc",				      NULL                                   },
		{"; xboundary=abc",				      NULL                                   },
		{"; =; ==; boundary=abc",                                "abc"                                  },
		{"; x=\"boundary=no\"; boundary=abc",                    "abc"                                  },
		{"; boundary=one; boundary=two",                         "one"                                  },
 /* RFC 2231, 3 and 4 and 4.1 */
		{"; boundary*0=\"ftp://\";\n boundary*1=\"cs.utk.edu\"",
                 "ftp://cs.utk.edu"									     },
		{"; boundary*=us-ascii'en-us'This%20is%20%2A%2A%2Afun",
                 "This is ***fun"									       },
		{"; boundary*0*=us-ascii'en'This%20is%20even%20more%20;"
		 " boundary*1*=%2A%2A%2Afun%2A%2A%2A%20;"
		 " boundary*2=\"isn't it!\"",           "This is even more ***fun*** isn't it!"},
		{"; boundary*1=b; boundary*0=a",                         "ab"                                   },
		{"; boundary*0=a; boundary*2=c",                         "a"                                    },
		{"; boundary*1=b",				       NULL                                   },
		{"; boundary*0=a; boundary*0=x; boundary*1=b",           "ab"                                   },
		{"; boundary*=%41%4g%4",                                 "A%4g%4"                               },
		{"; boundary*=''%41",                                    "A"                                    },
		{"; boundary*=a'%41",                                    "a'A"                                  },
		{"; boundary*x=a; boundary=b",                           "b"                                    },
	};

	unsigned limits = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_str(rfc2045_param(&arena, str_from(rows[i].params),
				  "boundary", &limits),
			rows[i].value, rows[i].params);
	check_str(rfc2045_param(&arena, STR_NULL, "x", &limits), NULL, "none");
	assert_int_equal(limits, 0);
}

static void limits_parameters(void **state)
{
	char params[40000] = "";
	size_t n = 0;
	unsigned limits = 0;
	struct str got;

	(void)state;
	for (int i = 0; i < 128; i++)
		n += (size_t)snprintf(
			params + n, sizeof(params) - n, "; x*%d=a", i);
	got = rfc2045_param(&arena, str_of(params, n), "x", &limits);
	assert_int_equal(got.n, 128);
	assert_int_equal(limits, 0);
	for (int i = 128; i < 1000; i++)
		n += (size_t)snprintf(
			params + n, sizeof(params) - n, "; x*%d=a", i);
	got = rfc2045_param(&arena, str_of(params, n), "x", &limits);
	assert_int_equal(got.n, 128);
	assert_int_equal(limits, LIMIT_TOKENS);
	limits = 0;
	check_str(rfc2045_param(&arena, str_from("; x*0=a; x*99999999999=b"),
			  "x", &limits),
		"a", "an index too large");
	assert_int_equal(limits, LIMIT_TOKENS);
	limits = 0;
	check_str(rfc2045_param(&arena, str_of(params, n), "y", &limits), NULL,
		"another");
	assert_int_equal(limits, LIMIT_TOKENS);
}

static void reads_encodings(void **state)
{
	static const struct {
		const char *raw;
		enum encoding e;
	} rows[] = {
		{"7bit",               ENCODING_7BIT   },
		{"",                   ENCODING_7BIT   },
		{"8BIT",               ENCODING_8BIT   },
		{"8-bit",              ENCODING_8BIT   },
		{"binary",             ENCODING_BINARY },
		{" Quoted-Printable ", ENCODING_QP     },
		{"(x) base64 (y)",     ENCODING_BASE64 },
		{"base64;",            ENCODING_BASE64 },
		{"x-uuencode",         ENCODING_UNKNOWN},
		{"base644",            ENCODING_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(
			rfc2045_encoding(str_from(rows[i].raw)), rows[i].e);
	assert_int_equal(rfc2045_encoding(STR_NULL), ENCODING_7BIT);
}

/* --- decoding ------------------------------------------------------------- */

static void check_decode(enum encoding e, const char *in, const char *want)
{
	unsigned limits = 0;

	check_str(rfc2045_decode(
			  &arena, e, str_from(in), RFC2045_TEXT_MAX, &limits),
		want, in);
	assert_int_equal(limits, 0);
}

static void decodes_quoted_printable(void **state)
{
	const enum encoding qp = ENCODING_QP;

	(void)state;
	check_decode(qp, "", "");
	check_decode(qp, "plain\ntext", "plain\ntext");
	check_decode(qp,
		"Now's the time =\nfor all folk to come=\n to the aid of "
		"their country.\n",
		"Now's the time for all folk to come to the aid of their "
		"country.\n");
	check_decode(qp, "a=3Db=C3=bc\n", "a=b\xc3\xbc\n");
	check_decode(qp, "trailing \t\nblanks  ", "trailing\nblanks");
	check_decode(qp, "kept =20\nsoft= \t\nbreak", "kept  \nsoftbreak");
	check_decode(qp, "end=", "end");
	check_decode(qp, "end=4", "end=4");
	check_decode(qp, "=ZZ=4G= 41==41", "=ZZ=4G= 41=A");
	check_decode(qp, "a=0D=0Ab=0Dc", "a\nb\nc");
	check_decode(qp, "\n\n", "\n\n");
	check_decode(qp, "=\n=\nx", "x");
}

static void decodes_base64(void **state)
{
	const enum encoding b = ENCODING_BASE64;

	(void)state;
	/* RFC 4648, 10 */
	check_decode(b, "", "");
	check_decode(b, "Zg==", "f");
	check_decode(b, "Zm8=", "fo");
	check_decode(b, "Zm9v", "foo");
	check_decode(b, "Zm9vYg==", "foob");
	check_decode(b, "Zm9vYmE=", "fooba");
	check_decode(b, "Zm9vYmFy", "foobar");
	check_decode(b, "Zm9v\nYm\nFy\n", "foobar");
	check_decode(b, "Zm9vYg", "foob");
	check_decode(b, "Zm9vYmE", "fooba");
	check_decode(b, "Zm9vY", "foo");
	check_decode(b, "Zg==Zm8=", "ffo");
	check_decode(b, "Z!m-9*v", "foo");
	check_decode(b, "====", "");
	check_decode(b, "+/+/", "\xfb\xff\xbf");
	check_decode(b, "YQ0KYg1jDQ==", "a\nb\nc\n");
}

/* Every byte, by every path of the decoder. */
static void decodes_all_bytes(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklm"
				     "nopqrstuvwxyz0123456789+/";
	unsigned limits = 0;

	(void)state;
	for (int c = 0; c < 256; c++) {
		char text[8];
		struct str got;

		snprintf(text, sizeof(text), "=%02X", c);
		got = rfc2045_decode(
			&arena, ENCODING_QP, str_from(text), 9, &limits);
		assert_int_equal(got.n, 1);
		assert_int_equal((unsigned char)*got.p, c == '\r' ? '\n' : c);
		snprintf(text, sizeof(text), "AAA%c", c);
		if (c == 0 || !memchr(digits, c, 64))
			continue;
		got = rfc2045_decode(
			&arena, ENCODING_BASE64, str_of(text, 4), 9, &limits);
		assert_int_equal(got.n, 3);
		assert_int_equal(
			(unsigned char)got.p[2], strchr(digits, c) - digits);
	}
	check_str(rfc2045_decode(&arena, ENCODING_BASE64,
			  str_of("Z\0m9\xffv", 6), 9, &limits),
		"foo", "NUL and high bytes");
	assert_int_equal(limits, 0);
	/* CRLF in UTF-16 */
	assert_int_equal(rfc2045_decode(&arena, ENCODING_BASE64,
				 str_from("DQAKAA=="), 9, &limits)
				 .n,
		4);
}

static void limits_decoding(void **state)
{
	struct str qp = repeat("", "=41", 1000, ""), got;
	struct str base64 = repeat("", "Zm9v", 1000, "\n");
	unsigned limits = 0;

	(void)state;
	got = rfc2045_decode(&arena, ENCODING_QP, qp, 1000, &limits);
	assert_int_equal(got.n, 1000);
	assert_int_equal(limits, 0);
	got = rfc2045_decode(&arena, ENCODING_QP, qp, 999, &limits);
	assert_int_equal(got.n, 999);
	assert_int_equal(limits, LIMIT_TEXT);
	limits = 0;
	got = rfc2045_decode(&arena, ENCODING_BASE64, base64, 3000, &limits);
	assert_int_equal(got.n, 3000);
	assert_int_equal(limits, 0);
	got = rfc2045_decode(&arena, ENCODING_BASE64, base64, 2999, &limits);
	assert_int_equal(got.n, 2999);
	assert_int_equal(limits, LIMIT_TEXT);
	limits = 0;
	got = rfc2045_decode(&arena, ENCODING_8BIT, qp, 10, &limits);
	assert_ptr_equal(got.p, qp.p);
	assert_int_equal(got.n, 10);
	assert_int_equal(limits, LIMIT_TEXT);
	limits = 0;
	arena_release(&arena);
	arena_init(&arena, 10);
	got = rfc2045_decode(&arena, ENCODING_QP, qp, 1000, &limits);
	check_str(got, "", "no memory");
	assert_int_equal(limits, LIMIT_MEMORY);
	free((void *)qp.p);
	free((void *)base64.p);
}

/* --- the walk ------------------------------------------------------------- */

/* One line a part in document order: "depth type/subtype 'body'"; bodies of
 * multiparts are left out. */
static void check_parts(const char *mail, const char *want)
{
	struct mime m;
	char got[4000] = "";
	size_t n = 0;

	mime_parse(&arena, str_from(mail), &m);
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
	free((void *)mail.p);
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
	free((void *)mail.p);
	mail = repeat(MIXED "b\n\n", "--b\n\n", 100000, "--b--\n");
	mime_parse(&arena, mail, &m);
	assert_int_equal(m.n, 1000);
	assert_int_equal(m.part[0].children, 999);
	assert_int_equal(m.limits, LIMIT_PARTS);
	assert_true(m.part[0].opaque);
	assert_false(m.part[0].closed);
	free((void *)mail.p);
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

		arena_release(&arena);
		arena_init(&arena, limit);
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

/* Each would take minutes if a byte were looked at again and again. */
static void stays_linear(void **state)
{
	static const char *const units[] = {"--b", "\n--b", "\n--b ", "\n--",
		"\n--bc\n", "\n--c\ncontent-x\n", "\n \n", "\n\n", "a", "\n-"};
	struct mime m;

	(void)state;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		struct str mail = repeat(MIXED "b\n\n", units[i],
			1000000 / strlen(units[i]), "");

		mime_parse(&arena, mail, &m);
		free((void *)mail.p);
		arena_reset(&arena, 0);
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(reads_types),
		T(knows_every_media_row),
		T(reads_parameters),
		T(limits_parameters),
		T(reads_encodings),
		T(decodes_quoted_printable),
		T(decodes_base64),
		T(decodes_all_bytes),
		T(limits_decoding),
		T(walks_parts),
		T(walks_broken_parts),
		T(keeps_what_is_around_parts),
		T(opens_messages),
		T(limits_depth),
		T(limits_parts),
		T(limits_boundaries),
		T(survives_little_memory),
		T(stays_sound),
		T(stays_linear),
	};

	return cmocka_run_group_tests_name(
		"parsers-rfc2045", tests, NULL, NULL);
}
