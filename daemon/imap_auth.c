/*
 * Logging in, by hand: libetpan would quote a password with CR LF in it into
 * a second command, send bytes above 127 in a quoted string, pull in the SASL
 * plugins of the system, and throw away what a server says about a token.
 * While a secret is on the wire the trace is blind, and our own copies of it
 * are wiped.
 */
#include <stdio.h>
#include <string.h>

#include "imap_private.h"

#define LOGIN_S    30
#define SECRET_MAX 4096u

static const char *const mechanisms[] = {
	[AUTH_LOGIN] = NULL,
	[AUTH_PLAIN] = "PLAIN",
	[AUTH_XOAUTH2] = "XOAUTH2",
};

/* n bytes of base64 to out, which holds 4 * (n + 2) / 3 + 1. */
static void encode_base64(const char *p, size_t n, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)(unsigned char)p[i] << 16;

		if (i + 1 < n)
			v |= (uint32_t)(unsigned char)p[i + 1] << 8;
		if (i + 2 < n)
			v |= (unsigned char)p[i + 2];
		*out++ = digits[v >> 18];
		*out++ = digits[v >> 12 & 63];
		*out++ = i + 1 < n ? digits[v >> 6 & 63] : '=';
		*out++ = i + 2 < n ? digits[v & 63] : '=';
	}
	*out = '\0';
}

static bool write_all(struct imap *im, const char *p, size_t n)
{
	return mailstream_write(im->lib->imap_stream, p, n) == (ssize_t)n;
}

static bool flush(struct imap *im)
{
	return mailstream_flush(im->lib->imap_stream) == 0;
}

/*
 * The next line that is not untagged: '+' for a continuation, 't' for the
 * tagged answer, 0 when the session is lost.
 */
static char next_line(struct imap *im)
{
	const char *line;

	do {
		line = mailimap_read_line(im->lib);
	} while (line && line[0] == '*');
	if (!line)
		return 0;
	return line[0] == '+' ? '+' : 't';
}

static bool is_plain_ascii(const char *z)
{
	for (; *z; z++)
		if (*z < ' ' || *z > '~')
			return false;
	return true;
}

/* z as a quoted string, or as a literal where that is not allowed. */
static bool send_string(struct imap *im, const char *z)
{
	char head[32];

	if (!is_plain_ascii(z)) {
		snprintf(head, sizeof(head), "{%zu}\r\n", strlen(z));
		return write_all(im, head, strlen(head)) && flush(im) &&
		       next_line(im) == '+' && write_all(im, z, strlen(z));
	}
	if (!write_all(im, "\"", 1))
		return false;
	for (; *z; z++)
		if (((*z == '"' || *z == '\\') && !write_all(im, "\\", 1)) ||
			!write_all(im, z, 1))
			return false;
	return write_all(im, "\"", 1);
}

static enum imap_answer login(struct imap *im, const char *secret)
{
	if (imap_send(im, "LOGIN ") && send_string(im, im->settings.user) &&
		write_all(im, " ", 1) && send_string(im, secret) &&
		write_all(im, "\r\n", 2) && flush(im) &&
		mailimap_read_line(im->lib))
		return imap_answer(im);
	imap_lose(im, "the server did not take the login");
	return IMAP_LOST;
}

/*
 * What the server says about a refused token comes as a challenge; an empty
 * line fetches its final answer. Nothing of it can be a secret of ours.
 */
static enum imap_answer finish_authenticate(struct imap *im)
{
	for (int i = 0; i < 4; i++) {
		switch (next_line(im)) {
		case 't':
			return imap_answer(im);
		case '+':
			if (write_all(im, "\r\n", 2) && flush(im))
				continue;
		}
		break;
	}
	imap_lose(im, "the server did not end the authentication");
	return IMAP_LOST;
}

/* message: the initial response, in base64. */
static enum imap_answer authenticate(
	struct imap *im, const char *mechanism, const char *message)
{
	char command[64];
	bool at_once = imap_can(im, IMAP_CAN_SASL_IR);

	snprintf(command, sizeof(command), "AUTHENTICATE %s%s", mechanism,
		at_once ? " " : "\r\n");
	if (!imap_send(im, command))
		goto lost;
	if (!at_once) {
		char next = flush(im) ? next_line(im) : 0;

		if (next == 't')
			return imap_answer(im);
		if (next != '+')
			goto lost;
	}
	if (write_all(im, message, strlen(message)) &&
		write_all(im, "\r\n", 2) && flush(im))
		return finish_authenticate(im);
lost:
	imap_lose(im, "the server did not take the authentication");
	return IMAP_LOST;
}

static enum imap_answer authenticate_with(struct imap *im, const char *secret)
{
	char raw[SECRET_MAX + 1024], message[sizeof(raw) / 3 * 4 + 8];
	const char *user = im->settings.user;
	enum imap_answer a;
	int n;

	if (im->settings.auth == AUTH_PLAIN)
		n = snprintf(raw, sizeof(raw), "%c%s%c%s", 0, user, 0, secret);
	else
		n = snprintf(raw, sizeof(raw),
			"user=%s\001auth=Bearer %s\001\001", user, secret);
	if (n < 0 || (size_t)n >= sizeof(raw)) {
		imap_lose(im, "the user name is too long");
		return IMAP_LOST;
	}
	encode_base64(raw, (size_t)n, message);
	a = authenticate(im, mechanisms[im->settings.auth], message);
	explicit_bzero(raw, sizeof(raw));
	explicit_bzero(message, sizeof(message));
	return a;
}

/* CR and LF would end the command and begin another. */
static bool is_safe(const char *z)
{
	return !strpbrk(z, "\r\n");
}

static enum imap_rc refuse(struct imap *im, const char *why)
{
	snprintf(im->why, sizeof(im->why), "%s", why);
	return IMAP_CONF_BAD;
}

static enum imap_rc check_login(struct imap *im, const char *secret)
{
	if (!is_safe(im->settings.user) || !is_safe(secret))
		return refuse(im, "the user name or the secret has a line "
				  "break in it");
	if (strlen(secret) > SECRET_MAX)
		return refuse(im, "the secret is longer than 4096 bytes");
	if (!*secret)
		return refuse(im, "the secret is empty");
	if (im->settings.auth == AUTH_LOGIN && imap_can(im, IMAP_NO_LOGIN))
		return refuse(im, "the server allows no LOGIN here "
				  "(LOGINDISABLED); try auth: plain");
	return IMAP_OK;
}

enum imap_rc imap_login(struct imap *im, const char *secret)
{
	mailstream *out = im->lib->imap_stream;
	enum imap_rc rc = check_login(im, secret);
	enum imap_answer a;

	if (rc != IMAP_OK)
		return rc;
	if (im->lib->imap_state == MAILIMAP_STATE_AUTHENTICATED)
		return IMAP_OK; /* PREAUTH */
	imap_begin(im, LOGIN_S, 0);
	stream_secret(im->stream, true);
	if (im->settings.auth == AUTH_LOGIN)
		a = login(im, secret);
	else
		a = authenticate_with(im, secret);
	stream_secret(im->stream, false);
	explicit_bzero(out->write_buffer, out->buffer_max_size);
	if (a == IMAP_LOST)
		return imap_lost(im);
	if (a == IMAP_NO)
		return imap_is_passing(im) ? IMAP_CONN_BAD : IMAP_AUTH_BAD;
	im->lib->imap_state = MAILIMAP_STATE_AUTHENTICATED;
	if (imap_learn(im) == IMAP_LOST)
		return imap_lost(im);
	return IMAP_OK;
}
