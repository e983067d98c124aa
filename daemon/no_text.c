#include "no_text.h"

#include <string.h>

const char *no_text(const void *begin, size_t n)
{
	static const struct {
		const char *begins, *why;
	} rows[] = {
		{"\xff\xfe", "it is UTF-16: save it as UTF-8"               },
		{"\xfe\xff", "it is UTF-16: save it as UTF-8"               },
		{"PK\x03",   "it is packed or a spreadsheet: save it as CSV"},
		{"\x1f\x8b", "it is packed: unpack it first"                },
	};

	const unsigned char *p = begin;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t k = strlen(rows[i].begins);

		if (n >= k && !memcmp(p, rows[i].begins, k))
			return rows[i].why;
	}
	return n >= 4 && !p[0] == !p[2] && !p[1] == !p[3] && !p[0] != !p[1]
		       ? rows[0].why
		       : NULL;
}
