/*
 * Encoded words, charsets and HTML: whatever comes in, UTF-8 comes out. The
 * first line of the input is the name of a charset, the rest is in it.
 */
#include "fuzz.h"

#include "html.h"
#include "match.h"
#include "rfc2047.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct harness *h = fuzz_harness();
	const struct verdict_ops *ops = h->context.ops;
	struct str raw = {(const char *)data, n}, rest = raw, name, s;
	struct str euro = STR("\xe2\x82\xac");
	unsigned limits = 0;

	s = rfc2047_decode(&h->arena, ops, raw, &limits);
	CHECK(s.n <= RFC2047_MAX && utf8_is_valid(s));
	PLANT(str_find(s, euro) < s.n && str_find(raw, euro) == n);
	s = html_text(&h->arena, raw);
	CHECK(s.n <= n);
	s = utf8_clean(&h->arena, raw);
	CHECK(utf8_is_valid(s) && s.n <= 3 * n);
	CHECK(match_fold(&h->arena, s).n <= s.n);
	if (!str_line(&rest, &name))
		return 0;
	s = ops->to_utf8(ops->arg, &h->arena, name, rest);
	CHECK(utf8_is_valid(s));
	if (utf8_is_valid(rest))
		CHECK(utf8_is_valid(ops->to_nfc(ops->arg, &h->arena, rest)));
	s = ops->to_ascii(ops->arg, &h->arena, name);
	for (size_t i = 0; i < s.n; i++)
		CHECK((unsigned char)s.p[i] < 0x80);
	return 0;
}
