/* The stream against a server in a thread: deadlines, EOF, stop, the guard.
 * TLS is tried by tests/imap with real certificates. */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "stream.h"
#include "test.h"

/* Accepts one connection, sends text in pieces with pauses, and waits. */
struct server {
	int listener, port;
	pthread_t thread;
	const char *text;
	size_t piece;
	int pause_ms;
	bool close;
};

static void *serve(void *arg)
{
	struct server *s = arg;
	int fd = accept(s->listener, NULL, NULL);
	size_t n = s->text ? strlen(s->text) : 0;
	char c;

	for (size_t i = 0; i < n; i += s->piece) {
		size_t k = n - i < s->piece ? n - i : s->piece;

		if (send(fd, s->text + i, k, MSG_NOSIGNAL) < 0)
			break;
		poll(NULL, 0, s->pause_ms);
	}
	while (!s->close && recv(fd, &c, 1, 0) > 0)
		;
	close(fd);
	return NULL;
}

static struct wake wake;

static struct stream *connect_to(struct server *s)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	struct stream_settings settings = {
		.host = "127.0.0.1",
		.label = "test",
		.wake = &wake,
	};
	struct stream_limits limits = {5000, 5000, 1000, 1000};
	socklen_t n = sizeof(a);
	struct stream *stream;

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(s->listener, (void *)&a, sizeof(a)), 0);
	assert_int_equal(listen(s->listener, 1), 0);
	assert_int_equal(getsockname(s->listener, (void *)&a, &n), 0);
	if (!s->piece)
		s->piece = 65536;
	assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
	settings.port = ntohs(a.sin_port);
	stream = stream_new(&settings);
	assert_non_null(stream);
	stream_begin(stream, &limits);
	assert_int_equal(stream_connect(stream), 0);
	return stream;
}

static void end(struct server *s, struct stream *stream)
{
	stream_free(stream);
	pthread_join(s->thread, NULL);
	close(s->listener);
}

/* Read until it fails; how many bytes came. */
static size_t read_all(struct stream *s)
{
	char buf[100];
	size_t n = 0;
	ssize_t k;

	while ((k = stream_read(s, buf, sizeof(buf))) > 0)
		n += (size_t)k;
	return n;
}

static void test_eof_is_an_error_that_stays(void **state)
{
	struct server s = {
		.text = "* OK hello\r\n* BYE and out\r\n", .close = true};
	struct stream *stream = connect_to(&s);
	char c;

	(void)state;
	assert_int_equal(read_all(stream), 27);
	assert_int_equal(stream_fault(stream), STREAM_NETWORK);
	assert_string_equal(
		stream_error(stream), "the server closed the connection");
	assert_string_equal(stream_bye(stream), " and out ");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(stream_read(stream, &c, 1), -1);
		assert_int_equal(stream_write(stream, "x", 1), -1);
	}
	assert_int_equal(stream_wait(stream, 5000), STREAM_DATA);
	end(&s, stream);
}

static void test_silence(void **state)
{
	struct server s = {.text = NULL};
	struct stream *stream = connect_to(&s);
	struct stream_limits limits = {5000, 100, 1000, 1000};
	int64_t began = clock_ms();

	(void)state;
	stream_begin(stream, &limits);
	assert_int_equal(read_all(stream), 0);
	assert_int_equal(stream_fault(stream), STREAM_TIMEOUT);
	assert_in_range(clock_ms() - began, 100, 4000);
	/* A new command does not bring it back to life. */
	stream_begin(stream, &limits);
	assert_int_equal(read_all(stream), 0);
	assert_in_range(clock_ms() - began, 100, 4000);
	end(&s, stream);
}

static void test_drops(void **state)
{
	struct server s = {.text = "* OK one byte at a time, never silent for "
				   "long, and for ever\r\n",
		.piece = 1,
		.pause_ms = 20};
	struct stream *stream = connect_to(&s);
	/* Without the first it would end by the second, behind the text. */
	struct stream_limits limits = {300, 4000, 1000, 1000};
	int64_t began = clock_ms();

	(void)state;
	stream_begin(stream, &limits);
	assert_in_range(read_all(stream), 1, 30);
	assert_int_equal(stream_fault(stream), STREAM_TIMEOUT);
	assert_in_range(clock_ms() - began, 300, 4000);
	end(&s, stream);
}

static void test_too_much(void **state)
{
	struct server s = {.text = "* OK 0123456789\r\n* OK 0123456789\r\n"};
	struct stream *stream = connect_to(&s);
	struct stream_limits limits = {5000, 5000, 20, 1000};

	(void)state;
	stream_begin(stream, &limits);
	(void)read_all(stream);
	assert_int_equal(stream_fault(stream), STREAM_REFUSED);
	assert_string_equal(stream_error(stream),
		"refused what the server sent: bytes in one answer above 20");
	end(&s, stream);
}

static void *poke_and_stop(void *arg)
{
	(void)arg;
	poll(NULL, 0, 100);
	wake_poke(&wake);
	poll(NULL, 0, 1000);
	wake_stop(&wake);
	return NULL;
}

static void test_poke_and_stop(void **state)
{
	struct server s = {.text = NULL};
	struct stream *stream = connect_to(&s);
	int64_t began = clock_ms();
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, poke_and_stop, NULL), 0);
	/* A poke ends a wait for news, not a wait for an answer. */
	assert_int_equal(stream_wait(stream, 5000), STREAM_WOKEN);
	assert_in_range(clock_ms() - began, 90, 1000);
	assert_int_equal(read_all(stream), 0);
	assert_int_equal(stream_fault(stream), STREAM_STOPPED);
	assert_in_range(clock_ms() - began, 1100 + WAKE_GRACE_MS - 100,
		1100 + WAKE_GRACE_MS + 3000);
	pthread_join(thread, NULL);
	end(&s, stream);
	wake_release(&wake);
	assert_int_equal(wake_init(&wake), 0);
}

static void test_wait(void **state)
{
	struct server s = {.text = "* 1 EXISTS\r\n", .pause_ms = 300};
	struct stream *stream = connect_to(&s);
	char buf[100];

	(void)state;
	assert_int_equal(stream_wait(stream, 5000), STREAM_DATA);
	assert_int_equal(stream_read(stream, buf, sizeof(buf)), 12);
	assert_int_equal(stream_wait(stream, 50), STREAM_QUIET);
	assert_int_equal(stream_require_loopback(stream), 0);
	assert_false(stream_has_tls(stream));
	end(&s, stream);
}

static void test_the_first_reason_stays(void **state)
{
	struct server s = {.text = NULL};
	struct stream *stream = connect_to(&s);

	(void)state;
	stream_kill(stream, STREAM_REFUSED, "first");
	stream_kill(stream, STREAM_NETWORK, "second");
	assert_int_equal(read_all(stream), 0);
	assert_int_equal(stream_fault(stream), STREAM_REFUSED);
	assert_string_equal(stream_error(stream), "first");
	end(&s, stream);
}

static void connect_fails(const char *host, int port, const char *words)
{
	struct stream_settings settings = {
		.host = host,
		.port = port,
		.label = "test",
		.wake = &wake,
	};
	struct stream_limits limits = {2000, 2000, 1000, 1000};
	struct stream *stream = stream_new(&settings);

	assert_non_null(stream);
	stream_begin(stream, &limits);
	assert_int_equal(stream_connect(stream), -1);
	if (!strstr(stream_error(stream), words))
		fail_msg("no '%s' in '%s'", words, stream_error(stream));
	assert_int_equal(stream_require_loopback(stream), -1);
	assert_int_equal(stream_start_tls(stream), -1);
	stream_free(stream);
}

static void test_nobody_there(void **state)
{
	(void)state;
	connect_fails("127.0.0.1", 1, "127.0.0.1 port 1: Connection refused");
	connect_fails("no-such-host.invalid", 993, "'no-such-host.invalid'");
	connect_fails("", 993, "''");
	stream_free(NULL);
}

static int start(void **state)
{
	(void)state;
	return wake_init(&wake);
}

static int stop(void **state)
{
	(void)state;
	wake_release(&wake);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_eof_is_an_error_that_stays),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_drops),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_poke_and_stop),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_the_first_reason_stays),
		cmocka_unit_test(test_nobody_there),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
