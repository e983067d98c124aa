/* Address lists, addresses in lines, and the identity of an address. */
#include "fuzz.h"

#include "address.h"
#include "rfc5322.h"
#include "text.h"
#include "utf8.h"

/* The key of a key is that key. */
static void check_key(struct harness *h, const struct address *first)
{
	struct address again;

	CHECK(utf8_is_valid(first->key) && first->key.n <= 254);
	CHECK(address_parse(h->context.ops, &h->arena, first->key, &again) ==
		ADDRESS_OK);
	CHECK(str_eq(first->key, again.key));
	CHECK(str_eq(first->domain, again.domain));
	CHECK(address_same_organisation(first->domain, again.domain));
	PLANT(first->flags & ADDRESS_QUOTED &&
		first->flags & ADDRESS_PERCENT_HACK);
}

static void parse(struct harness *h, struct str s)
{
	struct address a;
	enum address_error e = address_parse(h->context.ops, &h->arena, s, &a);

	CHECK(address_error_text(e));
	if (e == ADDRESS_OK)
		check_key(h, &a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct harness *h = fuzz_harness();
	struct str raw = {(const char *)data, n}, s;
	struct mailbox v[64];
	unsigned limits = 0;
	size_t found;

	found = rfc5322_addresses(&h->arena, raw, v, 64, &limits);
	CHECK(found <= 64);
	for (size_t i = 0; i < found; i++) {
		CHECK(v[i].addr.p);
		parse(h, v[i].addr);
	}
	s = rfc5322_first_address(raw);
	CHECK(!!s.p == !!found);
	s = text_address(raw);
	CHECK(!s.p || (s.p >= raw.p && s.p + s.n <= raw.p + raw.n));
	CHECK(!s.p || str_chr(s, '@') < s.n);
	parse(h, raw);
	parse(h, s);
	return 0;
}
