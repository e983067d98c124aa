/* A session over a stream made of a transcript: what is understood of a good
 * one, and that libetpan survives many thousand broken ones behind the guard.
 * (This file's stream_*() take the place of daemon/stream.c.) */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "imap.h"
#include "stream.h"
#include "test.h"

/* --- the stream --- */

struct stream {
	struct guard guard;
	enum stream_fault fault;
	char why[200];
	unsigned turns; /* lines of ours that are still to be answered */
	char sent[4096];
	size_t sent_n;
};

/* Where the server waits for our next line. */
#define TURN "\036"

static char transcript[65536];
static size_t transcript_n, read_at;
static struct stream *last; /* for what was sent over it */
static uint64_t seed;

static unsigned chance(unsigned n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % n;
}

struct stream *stream_new(const struct stream_settings *settings)
{
	struct stream *s = calloc(1, sizeof(*s));

	(void)settings;
	if (s)
		guard_init(&s->guard, NULL, NULL);
	last = s;
	return s;
}

void stream_free(struct stream *s)
{
	free(s);
}

void stream_begin(struct stream *s, const struct stream_limits *limits)
{
	guard_begin(&s->guard, limits->bytes, limits->literal);
}

int stream_connect(struct stream *s)
{
	(void)s;
	return 0;
}

int stream_start_tls(struct stream *s)
{
	(void)s;
	return -1;
}

int stream_require_loopback(struct stream *s)
{
	(void)s;
	return 0;
}

void stream_kill(struct stream *s, enum stream_fault fault, const char *why)
{
	if (s->fault)
		return;
	s->fault = fault;
	snprintf(s->why, sizeof(s->why), "%s", why);
}

/* What the server says now: to its next turn, in pieces of any size. */
static size_t said(struct stream *s, size_t n)
{
	size_t k = 1 + chance(chance(3) ? 4096 : 7);
	const char *end;

	while (read_at < transcript_n && transcript[read_at] == *TURN &&
		s->turns > 0) {
		s->turns--;
		read_at++;
	}
	end = memchr(transcript + read_at, *TURN, transcript_n - read_at);
	if (!end)
		end = transcript + transcript_n;
	if (k > n)
		k = n;
	if (k > (size_t)(end - transcript) - read_at)
		k = (size_t)(end - transcript) - read_at;
	return k;
}

ssize_t stream_read(struct stream *s, void *buf, size_t n)
{
	size_t k = said(s, n);

	if (k == 0)
		stream_kill(s, STREAM_NETWORK, "the end");
	if (s->fault)
		return -1;
	memcpy(buf, transcript + read_at, k);
	read_at += k;
	if (guard_feed(&s->guard, buf, k) < 0) {
		stream_kill(s, STREAM_REFUSED, guard_why(&s->guard));
		return -1;
	}
	return (ssize_t)k;
}

ssize_t stream_write(struct stream *s, const void *buf, size_t n)
{
	if (s->fault)
		return -1;
	s->turns += n > 0 && ((const char *)buf)[n - 1] == '\n';
	if (n < sizeof(s->sent) - s->sent_n) {
		memcpy(s->sent + s->sent_n, buf, n);
		s->sent_n += n;
	}
	return (ssize_t)n;
}

enum stream_event stream_wait(struct stream *s, int64_t ms)
{
	(void)s;
	(void)ms;
	return STREAM_DATA;
}

void stream_secret(struct stream *s, bool on)
{
	(void)s;
	(void)on;
}

void stream_namespaces(struct stream *s, bool on)
{
	s->guard.namespaces = on;
}

enum stream_fault stream_fault(const struct stream *s)
{
	return s->fault;
}

const char *stream_error(const struct stream *s)
{
	return s->why;
}

const char *stream_bye(const struct stream *s)
{
	(void)s;
	return "";
}

/* --- a session --- */

static const char good[] =
	"* OK [CAPABILITY IMAP4rev1] hi\r\n" TURN
	"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS NAMESPACE SASL-IR\r\n"
	"1 OK x\r\n" TURN "2 OK in\r\n" TURN
	"* CAPABILITY IMAP4rev1 IDLE MOVE UIDPLUS NAMESPACE\r\n"
	"3 OK x\r\n" TURN "* FLAGS (\\Answered \\Seen)\r\n"
	"* OK [PERMANENTFLAGS (\\Answered \\Seen $a)] f\r\n"
	"* 3 EXISTS\r\n"
	"* 0 RECENT\r\n"
	"* OK [UIDVALIDITY 7] v\r\n"
	"* OK [UIDNEXT 4] n\r\n"
	"4 OK [READ-WRITE] s\r\n" TURN "* 1 FETCH (UID 1 RFC822.SIZE 3 "
	"INTERNALDATE \"02-Mar-2026 10:00:00 +0130\")\r\n"
	"* 2 FETCH (UID 3 RFC822.SIZE 4)\r\n"
	"* 3 FETCH (FLAGS (\\Seen))\r\n"
	"5 OK d\r\n" TURN "* 1 FETCH (UID 1 BODY[] {3}\r\nabc)\r\n"
	"* 2 FETCH (UID 3 BODY[] \"d\\\"ef\")\r\n"
	"6 OK d\r\n" TURN "+ idling\r\n"
	"* 4 EXISTS\r\n" TURN "7 OK d\r\n" TURN "8 OK noop\r\n" TURN
	"* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n"
	"9 OK ns\r\n" TURN "* OK [COPYUID 7 1 1] m\r\n"
	"* 1 EXPUNGE\r\n"
	"10 OK moved\r\n" TURN "11 OK copied\r\n" TURN "12 OK flagged\r\n" TURN
	"* 2 FETCH (UID 3)\r\n"
	"13 OK present\r\n" TURN "* BYE\r\n"
	"14 OK out\r\n";

static const uint32_t uids[] = {1, 2, 3};

struct seen {
	struct imap_list list;
	char bodies[64];
	unsigned mails;
	bool news, keeps;
	uint32_t present[3];
	size_t present_n;
	int steps; /* that went well */
};

static int take(void *arg, size_t i, struct str bytes)
{
	struct seen *s = arg;
	size_t used = strlen(s->bodies);

	snprintf(s->bodies + used, sizeof(s->bodies) - used, "%zu=%.*s;", i,
		(int)bytes.n, bytes.p);
	s->mails++;
	return 0;
}

static bool look(struct imap *im, struct seen *s)
{
	struct imap_fetch f = {.fn = take, .arg = s, .bytes = 10};

	if (imap_list(im, 1, &s->list) != IMAP_OK || s->list.n == 0)
		return false;
	s->steps++;
	f.uids = s->list.uid;
	f.n = imap_fits(s->list.uid, s->list.n);
	if (imap_fetch(im, &f) > IMAP_BOX_BAD)
		return false;
	s->steps++;
	if (imap_idle(im, 10, &s->news) > IMAP_BOX_BAD)
		return false;
	s->steps++;
	return true;
}

static void act(struct imap *im, struct seen *s)
{
	bool news;

	if (imap_noop(im, &news) != IMAP_OK)
		return;
	s->steps++;
	s->keeps = imap_keeps_flag(im, "$a");
	if (imap_move(im, uids, 1, "Bounces") > IMAP_BOX_BAD)
		return;
	s->steps++;
	if (imap_copy(im, uids, 2, "B\xc3\xa4") > IMAP_BOX_BAD)
		return;
	s->steps++;
	if (imap_flag(im, uids, 3, "\\Seen") > IMAP_BOX_BAD)
		return;
	s->steps++;
	memcpy(s->present, uids, sizeof(uids));
	s->present_n = 3;
	if (imap_present(im, s->present, &s->present_n) == IMAP_OK)
		s->steps++;
}

/* Everything a session does, as far as the transcript lets it. */
static void run(struct seen *s, char *sent, size_t sent_n)
{
	struct imap_settings settings = {
		.host = "x",
		.tls = TLS_NONE,
		.user = "alice",
		.auth = AUTH_PLAIN,
		.label = "test",
	};
	struct imap *im = imap_new(&settings);
	struct imap_box box;

	assert_non_null(im);
	read_at = 0;
	if (imap_connect(im) == IMAP_OK &&
		imap_login(im, "secret") == IMAP_OK &&
		imap_select(im, "INBOX", false, &box) == IMAP_OK && look(im, s))
		act(im, s);
	snprintf(sent, sent_n, "%.*s", (int)last->sent_n, last->sent);
	imap_free(im);
}

static void test_a_good_session(void **state)
{
	char sent[4096];
	struct seen s = {0};

	(void)state;
	transcript_n = sizeof(good) - 1;
	memcpy(transcript, good, transcript_n);
	run(&s, sent, sizeof(sent));
	assert_int_equal(s.steps, 8);
	assert_int_equal(s.list.n, 2);
	assert_int_equal(s.list.uid[1], 3);
	assert_int_equal(s.list.size[1], 4);
	assert_int_equal(s.list.date[0], 1772440200); /* 08:30 UTC */
	assert_int_equal(s.list.date[1], 0);
	assert_string_equal(s.bodies, "0=abc;1=d\"ef;");
	assert_true(s.news);
	assert_true(s.keeps);
	assert_int_equal(s.present_n, 1);
	assert_int_equal(s.present[0], 3);
	assert_string_equal(sent,
		"1 CAPABILITY\r\n"
		"2 AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==\r\n"
		"3 CAPABILITY\r\n"
		"4 SELECT INBOX\r\n"
		"5 UID FETCH 1:* (UID RFC822.SIZE INTERNALDATE)\r\n"
		"6 UID FETCH 1,3 (UID BODY.PEEK[])\r\n"
		"7 IDLE\r\nDONE\r\n"
		"8 NOOP\r\n"
		"9 NAMESPACE\r\n"
		"10 UID MOVE 1 \"INBOX.Bounces\"\r\n"
		"11 UID COPY 1:2 \"INBOX.B&AOQ-\"\r\n"
		"12 UID STORE 1:3 +FLAGS.SILENT (\\Seen)\r\n"
		"13 UID FETCH 1:3 (UID)\r\n");
	imap_list_release(&s.list);
}

/* --- broken ones --- */

static const char *const words[] = {"(", ")", "\"", "\\", "{3}\r\nabc",
	"{0}\r\n", "{5}", "\r\n", "* ", "+ ", "1 OK ", "* OK ", "* NO ",
	"* BYE ", "[ALERT]", "[PARSE] x", "[PERMANENTFLAGS (\\Seen \\*)] ",
	"[PERMANENTFLAGS (", "[BADCHARSET (", "[CAPABILITY IMAP4rev1 X]",
	"[UIDNEXT 5]", "[UNSEEN 3]", "[UIDVALIDITY 9]", "[COPYUID 7 1:3 4:6] ",
	"[APPENDUID 7 1] ", "[HIGHESTMODSEQ 99] ", "[CLOSED] ", "[NOMODSEQ] ",
	"[MODIFIED 1,2] ", "[ANNOTATEMORE TOOBIG] ", "[TRYCREATE] ",
	"[READ-ONLY] ", "NIL", "ENVELOPE ", "BODYSTRUCTURE ", "BODY ",
	"BODY[] ", "BODY[HEADER.FIELDS (A B)] ", "BODY[1.2.MIME] ",
	"BODY[]<5> ", "RFC822 ", "RFC822.HEADER ", "RFC822.TEXT ",
	"RFC822.SIZE 3 ", "INTERNALDATE \"02-Mar-2026 10:00:00 +0000\" ",
	"INTERNALDATE ", "FLAGS (\\Seen $a) ", "FLAGS (", "UID 3 ", "UID ",
	"X-GM-LABELS (a \\Inbox) ", "X-GM-MSGID 1 ", "X-GM-THRID 2 ",
	"MODSEQ (7) ",
	"(\"text\" \"plain\" (\"charset\" \"x\") NIL NIL \"7bit\" 3 4)",
	"(\"a\" \"b\" NIL NIL NIL \"c\" 1)", "* 1 FETCH (", "* 3 EXISTS\r\n",
	"* 1 RECENT\r\n", "* 1 EXPUNGE\r\n",
	"* LIST (\\HasNoChildren) \"/\" INBOX\r\n", "* LSUB () NIL x\r\n",
	"* XLIST (\\Inbox) \"/\" \"I\"\r\n",
	"* STATUS x (MESSAGES 3 UIDNEXT 4 X 5)\r\n", "* SEARCH 1 2 3\r\n",
	"* SORT 1 2\r\n", "* ESEARCH (TAG \"1\") UID ALL 1:3\r\n",
	"* FLAGS (\\Seen)\r\n", "* CAPABILITY\r\n",
	"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n",
	"* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n",
	"* NAMESPACE ((\"\" \"/\" \"X\" (\"a\" \"b\"))) ((",
	"* ID (\"a\" \"b\")\r\n", "* ID NIL\r\n", "* ENABLED X\r\n",
	"* VANISHED 1:3\r\n", "* VANISHED (EARLIER) 1\r\n",
	"* QUOTA \"\" (STORAGE 1 2)\r\n", "* QUOTAROOT INBOX \"\"\r\n",
	"* ACL INBOX a lrs\r\n", "* LISTRIGHTS x y z\r\n",
	"* MYRIGHTS x lr\r\n", "* ANNOTATION \"x\" \"/c\" (\"v\" \"w\")\r\n",
	"4294967295", "99999999999999999999", "-1", " ", "\t", "\x80", "<", "]",
	"[", "%", "*", "~{3}", "AUTH="};

/* Put n bytes at a place, and take some away there. */
static void splice(size_t at, size_t gone, const char *p, size_t n)
{
	if (gone > transcript_n - at)
		gone = transcript_n - at;
	memmove(transcript + at + n, transcript + at + gone,
		transcript_n - at - gone);
	memcpy(transcript + at, p, n);
	transcript_n = transcript_n - gone + n;
}

static void break_it(void)
{
	char more[1024];
	size_t at = chance((unsigned)transcript_n + 1), n = 0;
	const char *end = NULL;

	/* In places where something new may begin, above all. */
	if (chance(3) == 0)
		end = memchr(transcript + at, '\n', transcript_n - at);
	if (end)
		at = (size_t)(end - transcript) + 1;
	for (unsigned i = chance(8); i > 0; i--) {
		const char *w = words[chance(sizeof(words) / sizeof(*words))];

		if (n + strlen(w) < sizeof(more)) {
			memcpy(more + n, w, strlen(w));
			n += strlen(w);
		}
	}
	splice(at, chance(4) ? 0 : chance(20), more, n);
}

/* Rounds of a fixed row of chances: the same each time it is run. */
static void test_broken_sessions(void **state)
{
	unsigned long rounds = getenv("LONG") ? 1000000 : 30000, mails = 0;
	char sent[4096];

	(void)state;
	for (unsigned long i = 0; i < rounds; i++) {
		struct seen s = {0};

		seed = i * 7919 + 1;
		transcript_n = sizeof(good) - 1;
		memcpy(transcript, good, transcript_n);
		for (unsigned k = 1 + chance(6); k > 0; k--)
			break_it();
		run(&s, sent, sizeof(sent));
		assert_true(s.mails <= 3000);
		mails += s.mails;
		imap_list_release(&s.list);
	}
	/* Most are broken late enough to give a mail. */
	assert_true(mails > rounds / 10);
}

static int start(void **state)
{
	(void)state;
	return imap_setup();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_good_session),
		cmocka_unit_test(test_broken_sessions),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
