/* parsers/rfc2045.c and rfc2045_decode.c: types, parameters, encodings. */
#include <stdio.h>
#include <stdlib.h>

#include "slices.h"

#include "rfc2045.h"
#include "verdict.h"

/* --- types ---------------------------------------------------------------- */

static void reads_types(void **state)
{
	static const struct {
		const char *raw;
		enum media media;
		const char *type, *subtype;
	} rows[] = {
		{"text/plain; charset=us-ascii",              MEDIA_TEXT_PLAIN,              "text",
                 "plain"												     },
		{"Multipart/REPORT;\n report-type=x",         MEDIA_MULTIPART_REPORT,
                 "Multipart",									       "REPORT"         },
		{" (a) message (b(c)) / rfc822 (d); x=y",     MEDIA_MESSAGE_RFC822,
                 "message",										 "rfc822"         },
		{"text/x-amp-html",                           MEDIA_TEXT,                    "text",        "x-amp-html"     },
		{"multipart/signed",                          MEDIA_MULTIPART,               "multipart",   "signed"         },
		{"application/zip",                           MEDIA_OTHER,                   "application", "zip"            },
		{"message/delivery-status",                   MEDIA_MESSAGE_DELIVERY_STATUS,
                 "message",										 "delivery-status"},
		{"message/delivery-statu",                    MEDIA_OTHER,                   "message",
                 "delivery-statu"											    },
		{"text/plain; charset=us-ascii (Plain text)", MEDIA_TEXT_PLAIN,
                 "text",										    "plain"          }, /* RFC 2045, 5.1 */
		{"message/external-body; access-type=URL;\n"
		 " URL*0=\"ftp://\"",        MEDIA_OTHER,                   "message",     "external-body"  },
		{"text/plain charset=x",                      MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"text",				      MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"test/plain",				MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"textp/lain",				MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"",					  MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"/",					 MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{";;",					MEDIA_TEXT_PLAIN,              "text",        "plain"          },
		{"(never closed text/html",                   MEDIA_TEXT_PLAIN,              "text",        "plain"          },
	};
	struct content_type t;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		rfc2045_content_type(fresh(rows[i].raw), MEDIA_TEXT_PLAIN, &t);
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
		{"; boundary=gc0p4Jq0M2Yt08j34c0p",                      "gc0p4Jq0M2Yt08j34c0p"                 },
		{"; boundary=\"gc0pJq0M:08jU534c0p\"",                   "gc0pJq0M:08jU534c0p"                  },
 /* RFC 2046, 5.1.1: without the quotes, not valid, and plain
  enough */
		{"; boundary=gc0pJq0M:08jU534c0p",                       "gc0pJq0M:08jU534c0p"                  },
		{"; boundary*1=b; boundary*0=a",                         "ab"                                   },
		{"; boundary*0=a; boundary*2=c",                         "a"                                    },
		{"; boundary*1=b",				       NULL                                   },
		{"; boundary*0=a; boundary*0=x; boundary*1=b",           "ab"                                   },
		{"; boundary*=%41%4g%4",                                 "A%4g%4"                               },
		{"; boundary*=''%41",                                    "A"                                    },
		{"; boundary*=%40%0a%a0",                                "@\n\xa0"                              },
		{"; boundary*1=b; bbbbbbbb=x; boundary*0=a",             "ab"                                   },
		{"; boundary*=a'%41",                                    "a'A"                                  },
		{"; boundary*x=a; boundary=b",                           "b"                                    },
	};

	unsigned limits = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		check_str(rfc2045_param(&arena, fresh(rows[i].params),
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
			rfc2045_encoding(fresh(rows[i].raw)), rows[i].e);
	assert_int_equal(rfc2045_encoding(STR_NULL), ENCODING_7BIT);
}

/* --- decoding ------------------------------------------------------------- */

static void check_decode(enum encoding e, const char *in, const char *want)
{
	unsigned limits = 0;

	check_str(
		rfc2045_decode(&arena, e, fresh(in), RFC2045_TEXT_MAX, &limits),
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
	got = rfc2045_decode(&arena, ENCODING_8BIT, qp, qp.n, &limits);
	assert_int_equal(got.n, qp.n);
	assert_int_equal(limits, 0);
	arena_shrink(10);
	got = rfc2045_decode(&arena, ENCODING_QP, qp, 1000, &limits);
	check_str(got, "", "no memory");
	assert_int_equal(limits, LIMIT_MEMORY);
	slice_free(qp);
	slice_free(base64);
}

static void read_parameters(struct str s)
{
	unsigned limits = 0;

	rfc2045_param(&arena, s, "x", &limits);
	rfc2045_decode(&arena, ENCODING_QP, s, RFC2045_TEXT_MAX, &limits);
	rfc2045_decode(&arena, ENCODING_BASE64, s, RFC2045_TEXT_MAX, &limits);
}

static void stays_linear(void **state)
{
	static const char *const units[] = {"(", ";", "=", "\"", ";a=\"\\", "a",
		" ", ";x*=a'", ";x=\"\\\"", "x*0=", "=\n", "= ", "Zg=="};

	(void)state;
	check_linear(
		"", units, sizeof(units) / sizeof(*units), "", read_parameters);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		ARENA_TEST(reads_types),
		ARENA_TEST(knows_every_media_row),
		ARENA_TEST(reads_parameters),
		ARENA_TEST(limits_parameters),
		ARENA_TEST(reads_encodings),
		ARENA_TEST(decodes_quoted_printable),
		ARENA_TEST(decodes_base64),
		ARENA_TEST(decodes_all_bytes),
		ARENA_TEST(limits_decoding),
		ARENA_TEST(stays_linear),
	};

	return cmocka_run_group_tests_name(
		"parsers-rfc2045", tests, NULL, NULL);
}
