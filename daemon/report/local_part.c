/*
 * What fingers do on a keyboard without a word in mind: a row of it, the same
 * key, the same three keys again, no vowels. The bounds are set so that names
 * of many tongues pass: Hrdlicka, Szczepanski, Pierre and Strnad are people.
 */
#include "local_part.h"

#define MASHED      5    /* letters, before no vowels mean anything */
#define FEW_VOWELS  0.12 /* of the letters: less is no name */
#define ONE_ROW     7    /* letters of one row, of which words are made */
#define LEAST_AGAIN 6    /* letters: asdasd */

/* What people write who want to write nothing; digits behind it are ignored. */
static const char *const lazy[] = {"test", "testing", "tester", "none", "noone",
	"nobody", "noemail", "nomail", "no", "nope", "nein", "nada", "null",
	"na", "asdf", "asd", "asdfg", "sdf", "qwe", "qwer", "qwert", "qwerty",
	"qwertz", "azerty", "zxc", "zxcv", "yxcv", "abc", "abcd", "abcdef",
	"xyz", "xxx", "aaa", "foo", "foobar", "bar", "fake", "fakemail", "spam",
	"nospam", "example", "email", "mymail", "user", "username", "anonymous",
	"anon", "blah", "bla", "blabla", "dummy", "trash", "junk", "whatever",
	"hello123", "notreal", "donotreply"};

static bool is_lazy(struct str s)
{
	for (size_t i = 0; i < sizeof(lazy) / sizeof(*lazy); i++)
		if (str_ieqz(s, lazy[i]))
			return true;
	return false;
}

static bool is_vowel(char c)
{
	return memchr("aeiouy", c, 6) != NULL;
}

static bool all_in(struct str s, const char *set)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(set, s.p[i]))
			return false;
	return true;
}

/* The first n bytes again and again, to the end. */
static bool repeats(struct str s, size_t n)
{
	for (size_t i = n; i < s.n; i++)
		if (s.p[i] != s.p[i - n])
			return false;
	return true;
}

static bool is_mashed(struct str s)
{
	size_t vowels = 0;

	for (size_t i = 0; i < s.n; i++)
		vowels += is_vowel(s.p[i]);
	if (s.n >= MASHED && (double)vowels < FEW_VOWELS * (double)s.n)
		return true;
	if (s.n >= ONE_ROW && all_in(s, "qwertzuiop"))
		return true;
	return s.n >= MASHED && (all_in(s, "asdfghjkl") && vowels < 2);
}

/* Only digits, and those a row or the same. */
static bool is_counting(struct str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i] != s.p[i - 1] + 1 && s.p[i] != s.p[i - 1])
			return false;
	return s.n >= 3;
}

static bool is_malformed(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		bool at_end = !i || i + 1 == s.n;

		if (ascii_is_space((unsigned char)s.p[i]) || s.p[i] == ',' ||
			s.p[i] == ';')
			return true;
		if (s.p[i] == '.' && (at_end || s.p[i + 1] == '.'))
			return true;
	}
	return false;
}

enum local_part local_part_look(struct str local)
{
	struct str s = local;

	if (!s.n || is_malformed(s))
		return LOCAL_PART_MALFORMED;
	while (s.n && ascii_is_digit((unsigned char)s.p[s.n - 1]))
		s.n--;
	if (!s.n)
		return is_counting(local) ? LOCAL_PART_JUNK : LOCAL_PART_PLAIN;
	if (is_lazy(s))
		return LOCAL_PART_JUNK;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alpha((unsigned char)s.p[i]))
			return LOCAL_PART_PLAIN; /* made of parts: a name */
	if ((s.n >= 3 && repeats(s, 1)) ||
		(s.n >= LEAST_AGAIN && (repeats(s, 2) || repeats(s, 3))))
		return LOCAL_PART_JUNK;
	return is_mashed(s) ? LOCAL_PART_JUNK : LOCAL_PART_PLAIN;
}

bool local_part_no_domain(struct str domain)
{
	return str_chr(domain, '.') == domain.n;
}
