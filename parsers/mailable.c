#include "mailable.h"

#include "address.h"
#include "utf8.h"

#define LOCAL_MAX   64u
#define ADDRESS_MAX 254u

static bool is_atom(unsigned char c)
{
	return ascii_is_alnum(c) || (c && strchr("!#$%&'+-/=^_`{|}~", c));
}

/* Where the quoted string that begins s ends, or 0: it is none. */
static size_t quoted_end(struct str s)
{
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == '"')
			return i + 1;
		if (s.p[i] == '\\')
			i++;
		if (i == s.n || s.p[i] < ' ' || s.p[i] > '~')
			return 0;
	}
	return 0;
}

/* Where the dot-atom that begins s ends, or 0: it is none. */
static size_t atom_end(struct str s)
{
	size_t i = 0;

	while (i < s.n && (is_atom((unsigned char)s.p[i]) ||
				  (s.p[i] == '.' && i && s.p[i - 1] != '.')))
		i++;
	return i && s.p[i - 1] == '.' ? 0 : i;
}

static size_t local_end(struct str s)
{
	size_t n = s.n && s.p[0] == '"' ? quoted_end(s) : atom_end(s);

	return n <= LOCAL_MAX ? n : 0;
}

static const char *local_error(struct str s)
{
	if (!utf8_is_ascii(str_sub(s, 0, str_chr(s, '@'))))
		return "must be in ASCII before the @, since not every server "
		       "takes others: give another address of that mailbox";
	return "must have letters, digits, single dots and any of "
	       "!#$%&'+-/=^_`{|}~ before the @, 64 at most, or a string in "
	       "quotes";
}

const char *mailable_error(struct str s)
{
	size_t n = local_end(s);
	struct str domain;

	if (str_chr(s, '@') == s.n)
		return "must be an address such as deliverability@example.com";
	if (!n || n == s.n || s.p[n] != '@')
		return local_error(s);
	domain = str_sub(s, n + 1, s.n);
	if (!utf8_is_ascii(domain))
		return "must have its domain in ASCII (xn--...)";
	if (!address_is_domain(domain))
		return "must have a domain such as example.com after the @";
	return s.n > ADDRESS_MAX ? "must not be longer than 254 bytes" : NULL;
}

/* A display name: words, or a quoted string. */
static bool is_name(struct str s)
{
	if (s.n && s.p[0] == '"')
		return quoted_end(s) == s.n;
	for (size_t i = 0; i < s.n; i++)
		if (!is_atom((unsigned char)s.p[i]) && s.p[i] != ' ')
			return false;
	return true;
}

const char *mailable_sender_error(struct str s)
{
	size_t n = s.n;

	if (local_end(s) == s.n && s.n)
		return NULL;
	if (!s.n || s.p[s.n - 1] != '>')
		return mailable_error(s);
	while (n && s.p[n - 1] != '<')
		n--;
	if (!n || !is_name(str_trim(str_sub(s, 0, n - 1))))
		return "must have a name in ASCII before the <, in quotes "
		       "where it is more than words";
	return mailable_error(str_sub(s, n, s.n - 1 - n));
}
