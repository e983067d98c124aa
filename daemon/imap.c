/*
 * The life of a session: connect, TLS, select, the exchange of one command
 * for one answer, and what each way to fail means. What libetpan would do by
 * itself and should not (its own sockets, TLS, IDLE, LOGIN in clear after a
 * failed STARTTLS) is not called; see stream.c for the network side.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "imap_private.h"

#define ANSWER_BYTES 262144u /* of a command that lists nothing */
#define LITERAL_MAX  65536u  /* in such an answer */
#define LOGIN_S      30
#define LOGOUT_S     2

/* --- the driver: libetpan reads and writes through the stream --- */

static ssize_t driver_read(mailstream_low *low, void *buf, size_t n)
{
	return stream_read(low->data, buf, n);
}

static ssize_t driver_write(mailstream_low *low, const void *buf, size_t n)
{
	return stream_write(low->data, buf, n);
}

static int driver_close(mailstream_low *low)
{
	(void)low; /* the stream is the session's */
	return 0;
}

static int driver_fd(mailstream_low *low)
{
	(void)low; /* nobody but the stream may wait on it */
	return -1;
}

static void driver_free(mailstream_low *low)
{
	free(low);
}

static mailstream_low_driver driver = {
	.mailstream_read = driver_read,
	.mailstream_write = driver_write,
	.mailstream_close = driver_close,
	.mailstream_get_fd = driver_fd,
	.mailstream_free = driver_free,
};

/* --- one command, one answer --- */

int imap_setup(void)
{
	return imap_any_register();
}

void imap_begin(struct imap *im, int64_t seconds, uint64_t bytes)
{
	struct stream_limits l = {
		.total_ms = seconds * 1000,
		.idle_ms = seconds * 1000,
		.bytes = bytes ? bytes : ANSWER_BYTES,
		.literal = LITERAL_MAX,
	};

	stream_begin(im->stream, &l);
}

void imap_lose(struct imap *im, const char *text)
{
	const char *bye = stream_bye(im->stream);

	im->in_order = false;
	im->poisoned = stream_fault(im->stream) == STREAM_REFUSED;
	if (stream_fault(im->stream) == STREAM_FINE) {
		im->poisoned = true;
		stream_kill(im->stream, STREAM_REFUSED, text);
	}
	if (*bye)
		snprintf(im->why, sizeof(im->why), "the server said BYE:%s",
			bye);
	else
		snprintf(im->why, sizeof(im->why), "%s",
			stream_error(im->stream));
	if (*bye)
		im->poisoned = false;
}

enum imap_rc imap_lost(const struct imap *im)
{
	switch (stream_fault(im->stream)) {
	case STREAM_CERTIFICATE:
	case STREAM_PLAINTEXT:
	case STREAM_CONFIG:
	case STREAM_TLS:
		return IMAP_CONF_BAD;
	default:
		return IMAP_CONN_BAD;
	}
}

bool imap_is_poisoned(const struct imap *im)
{
	return im->poisoned;
}

const char *imap_error(const struct imap *im)
{
	return im->why;
}

/* Keep the response code and the words of a NO or BAD. */
static void keep_words(struct imap *im, const char *verdict)
{
	const struct mailimap_response_info *info = im->lib->imap_response_info;
	const char *text = im->lib->imap_response;
	size_t i = 0;

	im->code[0] = '\0';
	if (info && info->rsp_trycreate)
		snprintf(im->code, sizeof(im->code), "TRYCREATE");
	else if (info && info->rsp_atom)
		snprintf(im->code, sizeof(im->code), "%s", info->rsp_atom);
	for (; im->code[i]; i++)
		im->code[i] = (char)toupper((unsigned char)im->code[i]);
	snprintf(im->why, sizeof(im->why), "the server said %s%s%s%s %s",
		verdict, im->code[0] ? " [" : "", im->code,
		im->code[0] ? "]" : "", text ? text : "");
}

enum imap_answer imap_judge(struct imap *im, int r, int no)
{
	if (r == MAILIMAP_NO_ERROR)
		return IMAP_YES;
	if (r == no) {
		keep_words(im, "NO");
		return IMAP_NO;
	}
	if (r == MAILIMAP_ERROR_PROTOCOL) {
		char text[sizeof(im->why)];

		keep_words(im, "BAD, or answered what was not asked:");
		snprintf(text, sizeof(text), "%s", im->why);
		imap_lose(im, text);
		im->poisoned = false;
		return IMAP_LOST;
	}
	imap_lose(im, r == MAILIMAP_ERROR_MEMORY
			      ? "out of memory"
			      : "the answer of the server was not understood");
	return IMAP_LOST;
}

enum imap_answer imap_answer(struct imap *im)
{
	struct mailimap_response *response = NULL;
	int type;
	int r = mailimap_parse_response(im->lib, &response);

	if (r != MAILIMAP_NO_ERROR)
		return imap_judge(im, r, MAILIMAP_NO_ERROR);
	type = response->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state
		       ->rsp_type;
	mailimap_response_free(response);
	if (type == MAILIMAP_RESP_COND_STATE_OK)
		return IMAP_YES;
	keep_words(im, "NO");
	return IMAP_NO;
}

bool imap_send(struct imap *im, const char *text)
{
	mailstream *out = im->lib->imap_stream;
	size_t n = strlen(text);

	return mailimap_send_current_tag(im->lib) == MAILIMAP_NO_ERROR &&
	       mailstream_write(out, text, n) == (ssize_t)n;
}

bool imap_send_line(struct imap *im, const char *text)
{
	mailstream *out = im->lib->imap_stream;

	return imap_send(im, text) && mailstream_write(out, "\r\n", 2) == 2 &&
	       mailstream_flush(out) == 0;
}

enum imap_answer imap_command(struct imap *im, const char *text)
{
	if (!imap_send_line(im, text) || !mailimap_read_line(im->lib)) {
		imap_lose(im, "unable to send a command");
		return IMAP_LOST;
	}
	return imap_answer(im);
}

bool imap_is_passing(const struct imap *im)
{
	static const char *const codes[] = {"UNAVAILABLE", "INUSE", "LIMIT",
		"SERVERBUG", "CONTACTADMIN", "OVERQUOTA", "THROTTLED"};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (strcmp(im->code, codes[i]) == 0)
			return true;
	return false;
}

/* --- connect --- */

/* Every FETCH answer comes here; nothing of it is kept by libetpan. */
static void take_mail(struct mailimap_msg_att *att, void *arg)
{
	struct imap *im = arg;

	if (im->on_mail)
		im->on_mail(im->on_mail_arg, att);
}

static void no_progress(size_t now, size_t all, void *arg)
{
	(void)now;
	(void)all;
	(void)arg;
}

struct imap *imap_new(const struct imap_settings *settings)
{
	struct imap *im = calloc(1, sizeof(*im));
	struct stream_settings s = {
		.host = settings->host,
		.port = settings->port,
		.ca_file = settings->ca_file,
		.label = settings->label,
		.wake = settings->wake,
	};

	if (!im)
		return NULL;
	im->settings = *settings;
	im->stream = stream_new(&s);
	im->lib = mailimap_new(0, NULL);
	if (!im->stream || !im->lib) {
		imap_free(im);
		return NULL;
	}
	/* libetpan calls the handler only where there is a progress callback,
	 * and keeps the whole answer in memory otherwise. */
	mailimap_set_progress_callback(im->lib, no_progress, no_progress, NULL);
	mailimap_set_msg_att_handler(im->lib, take_mail, im);
	return im;
}

void imap_free(struct imap *im)
{
	if (!im)
		return;
	if (im->stream) {
		if (!im->in_order)
			stream_kill(im->stream, STREAM_STOPPED, "closed");
		imap_begin(im, LOGOUT_S, 0);
	}
	im->on_mail = NULL;
	if (im->lib)
		mailimap_free(im->lib); /* sends LOGOUT */
	stream_free(im->stream);
	free(im);
}

static const struct {
	const char *name;
	enum imap_can can;
} extensions[] = {
	{"IDLE",          IMAP_CAN_IDLE     },
	{"MOVE",          IMAP_CAN_MOVE     },
	{"UIDPLUS",       IMAP_CAN_UIDPLUS  },
	{"NAMESPACE",     IMAP_CAN_NAMESPACE},
	{"SASL-IR",       IMAP_CAN_SASL_IR  },
	{"STARTTLS",      IMAP_CAN_STARTTLS },
	{"LOGINDISABLED", IMAP_NO_LOGIN     },
};

/* Always asked for anew: what was said before TLS or login means nothing. */
static enum imap_answer ask_capabilities(struct imap *im)
{
	if (im->lib->imap_connection_info)
		mailimap_connection_info_free(im->lib->imap_connection_info);
	im->lib->imap_connection_info = mailimap_connection_info_new();
	return imap_command(im, "CAPABILITY");
}

/* As mailimap_has_extension(), which dies of an empty list. */
static bool has_extension(const struct imap *im, const char *name)
{
	const struct mailimap_connection_info *info =
		im->lib->imap_connection_info;
	clist *list = info && info->imap_capability
			      ? info->imap_capability->cap_list
			      : NULL;

	if (!list)
		return false;
	for (clistiter *i = clist_begin(list); i; i = clist_next(i)) {
		const struct mailimap_capability *c = clist_content(i);

		if (c->cap_type == MAILIMAP_CAPABILITY_NAME &&
			c->cap_data.cap_name &&
			strcasecmp(c->cap_data.cap_name, name) == 0)
			return true;
	}
	return false;
}

enum imap_answer imap_learn(struct imap *im)
{
	enum imap_answer a = ask_capabilities(im);

	im->can = 0;
	if (a != IMAP_YES)
		return a;
	for (size_t i = 0; i < sizeof(extensions) / sizeof(*extensions); i++)
		if (has_extension(im, extensions[i].name))
			im->can |= extensions[i].can;
	return IMAP_YES;
}

bool imap_can(const struct imap *im, enum imap_can what)
{
	return (im->can & (unsigned)what) != 0;
}

/* The session ends because of a decision, not of a broken line. */
static enum imap_rc give_up(
	struct imap *im, enum stream_fault fault, const char *why)
{
	stream_kill(im->stream, fault, why);
	snprintf(im->why, sizeof(im->why), "%s", why);
	im->in_order = false;
	return imap_lost(im);
}

static enum imap_rc read_greeting(struct imap *im)
{
	mailstream_low *low = mailstream_low_new(im->stream, &driver);
	mailstream *in = low ? mailstream_new(low, 16384) : NULL;
	int r;

	if (!in) {
		free(low);
		return give_up(im, STREAM_NETWORK, "out of memory");
	}
	r = mailimap_connect(im->lib, in);
	if (r == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return IMAP_OK;
	if (r == MAILIMAP_NO_ERROR_AUTHENTICATED &&
		im->settings.tls == TLS_STARTTLS)
		return give_up(im, STREAM_TLS,
			"the server greets with PREAUTH, which rules out "
			"STARTTLS: somebody may be in between");
	if (r == MAILIMAP_NO_ERROR_AUTHENTICATED)
		return IMAP_OK;
	imap_lose(im, "the greeting of the server was not understood");
	return imap_lost(im);
}

static enum imap_rc start_tls(struct imap *im)
{
	if (imap_learn(im) != IMAP_YES)
		return imap_lost(im);
	if (!imap_can(im, IMAP_CAN_STARTTLS))
		return give_up(im, STREAM_TLS,
			"the server offers no STARTTLS: somebody may be in "
			"between; does it want tls: implicit?");
	switch (imap_command(im, "STARTTLS")) {
	case IMAP_LOST:
		return imap_lost(im);
	case IMAP_NO:
		return give_up(im, STREAM_TLS,
			"the server offers STARTTLS and then refuses it");
	case IMAP_YES:
		break;
	}
	/* What was sent before the handshake is nobody's word. */
	if (im->lib->imap_stream->read_buffer_len > 0)
		return give_up(im, STREAM_TLS,
			"data before the TLS handshake: somebody is in "
			"between");
	if (stream_start_tls(im->stream) < 0) {
		imap_lose(im, "TLS failed");
		return imap_lost(im);
	}
	return IMAP_OK;
}

enum imap_rc imap_connect(struct imap *im)
{
	enum conf_tls tls = im->settings.tls;
	enum imap_rc rc;

	imap_begin(im, LOGIN_S, 0);
	if (stream_connect(im->stream) < 0 ||
		(tls == TLS_NONE && stream_require_loopback(im->stream) < 0) ||
		(tls == TLS_IMPLICIT && stream_start_tls(im->stream) < 0)) {
		imap_lose(im, "unable to connect");
		return imap_lost(im);
	}
	rc = read_greeting(im);
	if (rc == IMAP_OK && tls == TLS_STARTTLS)
		rc = start_tls(im);
	if (rc != IMAP_OK)
		return rc;
	if (imap_learn(im) != IMAP_YES) {
		imap_lose(im, im->why);
		return imap_lost(im);
	}
	im->in_order = true;
	return IMAP_OK;
}
