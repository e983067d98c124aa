/*
 * Who answered stands in a field of the report, or, where there is no report,
 * in a sentence. A name is told from other words by its dots and its last
 * label, and by what stands beside it.
 */
#include "hosts.h"

static const bool name_char[256] = {
	['A' ... 'Z'] = true,
	['a' ... 'z'] = true,
	['0' ... '9'] = true,
	['-' ... '/'] = true,
	['_'] = true,
	['@'] = true,
};

/* Two labels or more, the last one of letters. */
static bool is_host(struct str s)
{
	size_t letters = 0;

	while (letters < s.n &&
		ascii_is_alpha((unsigned char)s.p[s.n - 1 - letters]))
		letters++;
	return letters >= 2 && letters + 1 < s.n && s.n < 254 &&
	       s.p[s.n - 1 - letters] == '.' &&
	       ascii_is_alnum((unsigned char)s.p[0]) &&
	       str_chr(s, '@') == s.n && str_chr(s, '/') == s.n;
}

/* "blocked mail from mx.example.org": that is we. */
static bool is_sender(struct str before)
{
	/* The last one only before a bracket: "Client host [mx.example.org]".
	 */
	static const char *const words[] = {"from", "for", "helo", "ehlo",
		"client", "sender", "domain", "host"};
	size_t n = sizeof(words) / sizeof(*words);
	size_t end, from;

	if (!before.n || before.p[before.n - 1] != '[')
		n--;

	while (before.n && strchr(" \t\n([<'\":", before.p[before.n - 1]))
		before.n--;
	for (end = from = before.n;
		from && ascii_is_alpha((unsigned char)before.p[from - 1]) &&
		end - from < 8;)
		from--;
	for (size_t i = 0; i < n; i++)
		if (str_ieqz(str_sub(before, from, end - from), words[i]))
			return true;
	return false;
}

bool hosts_next(struct str *rest, struct str *host)
{
	struct str text = *rest;
	size_t i = 0;

	while (i < text.n) {
		/* No name is without a dot, and most words are. */
		size_t from = i + str_chr(str_sub(text, i, text.n), '.');
		size_t begin = i;

		for (i = from;
			i < text.n && name_char[(unsigned char)text.p[i]];)
			i++;
		while (from > begin &&
			name_char[(unsigned char)text.p[from - 1]])
			from--;
		*host = str_sub(text, from, i - from);
		while (host->n && strchr(".-/", host->p[host->n - 1]))
			host->n--;
		if (is_host(*host) && !is_sender(str_sub(text, 0, from))) {
			*rest = str_sub(*rest, i, rest->n);
			return true;
		}
	}
	*rest = str_sub(*rest, rest->n, 0);
	return false;
}

struct str hosts_name(struct str remote_mta)
{
	struct str host;

	return hosts_next(&remote_mta, &host) ? host : STR_NULL;
}
