/* Quotes of RFC 5321: a backslash before any byte stands for that byte. */
#include "export_mta.h"

struct str export_mta_bare(struct str address, char *buf, size_t size)
{
	const char *at = address.n ? memrchr(address.p, '@', address.n) : NULL;
	size_t end = at ? (size_t)(at - address.p) : 0, n = 0;

	if (end < 2 || *address.p != '"' || address.n > size)
		return STR_NULL;
	for (size_t i = 1; i + 1 < end; i++) {
		if (address.p[i] == '\\' && i + 2 < end)
			i++;
		buf[n++] = address.p[i];
	}
	memcpy(buf + n, at, address.n - end);
	return str_of(buf, n + address.n - end);
}
