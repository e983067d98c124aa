/*
 * Names of hosts in the words of a mail system: "host mx.example.org
 * [192.0.2.1] said", "while talking to mx.example.org.:".
 */
#ifndef HOSTS_H
#define HOSTS_H

#include "str.h"

/* So much of what was said is looked at. */
#define HOSTS_TEXT_MAX 2048u

/*
 * The next name in *rest, which moves behind it; false: no more. What belongs
 * to an address or a URL, and who is named as the sender, is left out.
 */
bool hosts_next(struct str *rest, struct str *host);

/* The name in a Remote-MTA field, or absent: it has none, or an address. */
struct str hosts_name(struct str remote_mta);

#endif
