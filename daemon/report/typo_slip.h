/*
 * What a hand has to do wrong to make one name of another. Pure.
 */
#ifndef TYPO_SLIP_H
#define TYPO_SLIP_H

#include <stdbool.h>

#include "str.h"

#define TYPO_SLIP_NAME_MAX 40u /* bytes of a name that is compared */

enum typo_slip {
#define SLIP(NAME, fails, users, what) TYPO_##NAME,
#include "report/typo_slips.def"
	TYPO_SLIPS,
	TYPO_NONE = TYPO_SLIPS
};

/*
 * The slip that makes wrong of right, of names without their top-level domain:
 * one of letters, TYPO_TWO, or TYPO_NONE: they are the same (but for digits:
 * corp01 and corp10 are two names of one who counts), or too far apart.
 */
enum typo_slip typo_slip_of(struct str wrong, struct str right);

/*
 * How many letters speak for a slip between the two: those of the label of
 * right that has it ("members.example": 7), of several the shortest; of all
 * labels where a dot is in it; right as a whole where they are the same.
 */
size_t typo_slip_letters(struct str wrong, struct str right);

/* Whether so many letters are enough for a slip to be believed; domain_fails:
 * see typo_slips.def. */
bool typo_slip_is_enough(enum typo_slip s, size_t letters, bool domain_fails);

/* "two letters exchanged" */
const char *typo_slip_text(enum typo_slip s);

#endif
