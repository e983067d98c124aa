/* One look at each byte: exports are long. */
#include "export_fit.h"

#include "utf8.h"

/* What a byte tells of its address. RFC 5321 lets these stand in quotes only;
 * our keys have quotes where they are needed, and nowhere else. */
static const unsigned char kinds[256] = {
	[0 ... 0x1f] = EXPORT_CONTROL,
	[0x7f] = EXPORT_CONTROL,
	[' '] = EXPORT_QUOTED,
	['"'] = EXPORT_QUOTED,
	['('] = EXPORT_QUOTED,
	[')'] = EXPORT_QUOTED,
	[','] = EXPORT_QUOTED,
	[';'] = EXPORT_QUOTED,
	['<'] = EXPORT_QUOTED,
	['>'] = EXPORT_QUOTED,
	['\\'] = EXPORT_QUOTED,
	[0x80 ... 0xff] = EXPORT_NOT_ASCII,
};

unsigned export_fit_of(struct str address)
{
	unsigned fit = 0;

	for (size_t i = 0; i < address.n; i++)
		fit |= kinds[(unsigned char)address.p[i]];
	if ((fit & EXPORT_NOT_ASCII) && !utf8_is_valid(address))
		fit |= EXPORT_BAD_UTF8;
	if (address.n && *address.p == '#')
		fit |= EXPORT_HASH;
	if (address.n > EXPORT_ADDRESS_MAX)
		fit |= EXPORT_LONG;
	return fit;
}

const char *export_fit_text(enum export_fit what)
{
	switch (what) {
	case EXPORT_CONTROL:
		return "addresses with control bytes";
	case EXPORT_BAD_UTF8:
		return "addresses that are not UTF-8";
	case EXPORT_NOT_ASCII:
		return "addresses with other letters than those of ASCII";
	case EXPORT_QUOTED:
		return "addresses that need quotes";
	case EXPORT_HASH:
		return "addresses that begin with #";
	case EXPORT_LONG:
		return "addresses that are too long to be any";
	}
	return "?";
}
