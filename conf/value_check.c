/*
 * What a text of each type may be. These texts end up in IMAP commands, in
 * mail headers, on command lines and in the database: none may carry a line
 * break along, and the usual slips (a port in the host, a colon behind a
 * header's name) get an answer of their own.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "mailable.h"
#include "value.h"
#include "value_check.h"

/* What fits into a login command, with room to spare. */
#define SECRET_MAX 4096u

static bool has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* Whether all of text is letters, digits and characters of more. */
static bool is_made_of(const char *text, const char *more)
{
	for (; *text; text++)
		if (!ascii_is_alnum((unsigned char)*text) &&
			!strchr(more, *text))
			return false;
	return true;
}

const char *value_check_text(const char *text)
{
	return has_control(text) ? "must not contain control characters" : NULL;
}

const char *value_check_name(const char *text)
{
	const char *p;

	if (strlen(text) > 32)
		return "must not be longer than 32 characters";
	for (p = text; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			return "must be in lower case";
	if (!is_made_of(text, "_-"))
		return "may hold a to z, 0 to 9, '_' and '-' only";
	return NULL;
}

const char *value_check_host(const char *text)
{
	const char *colon = strchr(text, ':');

	if (strstr(text, "://"))
		return "must be a host name, not a URL";
	if (strchr(text, '[') || strchr(text, ']'))
		return "takes an IPv6 address without brackets";
	if (colon && !strchr(colon + 1, ':'))
		return "must not contain a port: write it as 'port: 993'";
	if (!is_ascii(text))
		return "must be written in ASCII (xn--...)";
	if (!is_made_of(text, colon ? ":.%-_" : ".-_") || *text == '-' ||
		strlen(text) > 255)
		return "must be a host name or an IP address";
	return NULL;
}

const char *value_check_secret(const char *text)
{
	if (strlen(text) > SECRET_MAX)
		return "must not be longer than 4096 bytes";
	return strpbrk(text, "\r\n") ? "must be one line" : NULL;
}

const char *value_check_path(const char *text)
{
	if (text[0] == '~')
		return "must be written in full: '~' is not expanded";
	return value_check_text(text);
}

const char *value_check_folder(const char *text)
{
	return value_check_text(text);
}

const char *value_check_header(const char *text)
{
	size_t n = strlen(text);
	const char *p;

	if (text[n - 1] == ':')
		return "takes names of headers without the colon";
	for (p = text; *p; p++)
		if (*p <= ' ' || *p >= 0x7f || *p == ':')
			return "must hold names of headers such as List-Id";
	return NULL;
}

const char *value_check_pattern(const char *text)
{
	const char *at = strrchr(text, '@');

	if (!at || at == text || !at[1])
		return "must hold addresses or patterns such as "
		       "*@news.example.com";
	if (has_control(text) || strchr(text, ' '))
		return "must not contain spaces or control characters";
	if (!is_ascii(at))
		return "must have its domain in ASCII (xn--...)";
	return NULL;
}

/* Bytes that must be as they stand. */
static size_t fixed_bytes(const char *glob)
{
	size_t n = 0;

	for (; *glob; glob++)
		n += *glob != '*' && *glob != '?' && *glob != ' ';
	return n;
}

const char *value_check_glob(const char *text)
{
	if (has_control(text) || strchr(text, ' '))
		return "must not contain spaces or control characters";
	if (strpbrk(text, "<>"))
		return "must not contain < or >";
	if (fixed_bytes(text) < 4)
		return "must hold something that nobody else's mail has: four "
		       "characters besides * and ?";
	return NULL;
}

const char *value_check_mark(const char *text)
{
	const char *colon = strchr(text, ':');

	if (!colon || colon == text || has_control(text) ||
		strcspn(text, " ") < (size_t)(colon - text))
		return "must hold a header and what it must be like, such as "
		       "\"X-Mailer: Example Mail *\"";
	if (fixed_bytes(colon + 1) < 4)
		return "must hold something that nobody else's mail has: four "
		       "characters besides * and ?";
	return NULL;
}

const char *value_check_address(const char *text)
{
	return mailable_error(str_from(text));
}

const char *value_check_sender(const char *text)
{
	return mailable_sender_error(str_from(text));
}

const char *value_check_domain(const char *text)
{
	if (strchr(text, '@'))
		return "takes domains only, without what stands before the @";
	if (!is_ascii(text))
		return "must be written in ASCII (xn--...)";
	for (const char *p = text; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			return "must be in lower case";
	if (!is_made_of(text, ".-_") || *text == '.' || strlen(text) > 255)
		return "must hold domains such as example.com";
	return NULL;
}

/* Whether text is a port number, with nothing behind it. */
static bool is_port(const char *text)
{
	char *end;
	unsigned long port = strtoul(text, &end, 10);

	return *text >= '0' && *text <= '9' && !*end && port > 0 &&
	       port < 65536;
}

const char *value_check_server(const char *text)
{
	static const char must[] =
		"must be an IP address, or one with a port: 192.0.2.1:5353, "
		"[2001:db8::1]:5353";
	bool six = *text == '[';
	size_t n = strcspn(text + six, six ? "]" : ":");
	const char *behind = text + six + n;
	unsigned char address[16];
	char host[64];

	if (inet_pton(AF_INET6, text, address) == 1)
		return NULL;
	if (n >= sizeof(host) || (six && *behind++ != ']'))
		return must;
	memcpy(host, text + six, n);
	host[n] = '\0';
	if (inet_pton(six ? AF_INET6 : AF_INET, host, address) != 1 ||
		(*behind && (*behind != ':' || !is_port(behind + 1))))
		return must;
	return NULL;
}

const char *value_check_keyword(const char *text)
{
	static const char *const system[] = {
		"\\Seen", "\\Answered", "\\Flagged"};
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(system) / sizeof(system[0]); i++)
		if (strcmp(text, system[i]) == 0)
			return NULL;
	for (p = text; *p; p++)
		if (*p <= ' ' || *p >= 0x7f || strchr("(){%*\"\\]", *p))
			return "takes \\Seen, \\Answered, \\Flagged or a "
			       "keyword such as $Bounce behind 'flag'";
	return NULL;
}

bool value_same_folder(const char *a, const char *b)
{
	static const char inbox[] = "INBOX";

	return strcmp(a, b) == 0 ||
	       (str_ieqz(str_from(a), inbox) && str_ieqz(str_from(b), inbox));
}
