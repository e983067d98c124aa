#include "address.h"

/* The gravest first. */
static const struct {
	unsigned flag;
	const char *word, *text;
} doubts[ADDRESS_DOUBTS] = {
	[ADDRESS_NO_DOUBT] = {0,                    "none",         "is not in doubt"},
	[ADDRESS_DOUBT_SCRIPT] = {ADDRESS_MIXED_SCRIPT, "mixed-script",
			      "mixes letters of scripts that look alike, and can be taken "
		"for another address"						},
	[ADDRESS_DOUBT_PERCENT] = {ADDRESS_PERCENT_HACK, "percent-hack",
			      "has a % before the @: some servers send it on to the host "
		"behind that"							},
	[ADDRESS_DOUBT_BANG] = {ADDRESS_BANG_PATH,    "bang-path",
			      "has a ! before the @: some servers send it on to the host "
		"before that"							},
};

enum address_doubt address_doubt(unsigned flags)
{
	for (int d = ADDRESS_NO_DOUBT + 1; d < ADDRESS_DOUBTS; d++)
		if (flags & doubts[d].flag)
			return (enum address_doubt)d;
	return ADDRESS_NO_DOUBT;
}

const char *address_doubt_word(enum address_doubt d)
{
	return doubts[d].word;
}

const char *address_doubt_text(enum address_doubt d)
{
	return doubts[d].text;
}
