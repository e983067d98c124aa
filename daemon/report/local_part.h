/*
 * Whether a local part looks like what people write into a form to get past
 * it, or like nothing that an address can be. A guess about many, never a
 * verdict about one: there are people called asdf. Pure.
 */
#ifndef LOCAL_PART_H
#define LOCAL_PART_H

#include "str.h"

enum local_part {
	LOCAL_PART_PLAIN,
	LOCAL_PART_JUNK,     /* asdf, test123, aaaa, sdfgsdfg */
	LOCAL_PART_MALFORMED /* dots side by side or at an end, white space */
};

/* Of a canonical key, letters folded. */
enum local_part local_part_look(struct str local);

/* Whether a domain is none that mail can go to: without a dot. */
bool local_part_no_domain(struct str domain);

#endif
