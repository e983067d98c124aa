/* The hash that is left of an address where the law asks to forget it. */
#include "purged.h"

#include <string.h>

#include <gnutls/crypto.h>

struct str purged_name(struct str key, char buf[PURGED_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	const size_t prefix = sizeof(PURGED_PREFIX) - 1;
	unsigned char hash[32] = {0};
	char *to = buf + prefix;

	/* It cannot fail: no memory is asked for, the algorithm is there. */
	(void)gnutls_hash_fast(
		GNUTLS_DIG_SHA256, key.p ? key.p : "", key.n, hash);
	memcpy(buf, PURGED_PREFIX, prefix);
	for (size_t i = 0; i < sizeof(hash); i++) {
		*to++ = digits[hash[i] >> 4];
		*to++ = digits[hash[i] & 15];
	}
	*to = '\0';
	return str_of(buf, PURGED_SIZE - 1);
}

bool purged_is(struct str address)
{
	return address.n == PURGED_SIZE - 1 &&
	       str_starts(address, (struct str)STR(PURGED_PREFIX)) &&
	       !memchr(address.p, '@', address.n);
}
