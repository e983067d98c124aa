/* What the files mail*.c share. */
#ifndef MAIL_PRIVATE_H
#define MAIL_PRIVATE_H

#include "mail.h"

/* The part that the judged mail begins with. */
size_t mail_top(const struct mail *m);

/* Whether a part is text for people, plain or HTML. */
bool mail_is_text(enum media media, bool html);

/* A delimiter that ends the mail closes it, whosever it is. */
void mail_find_end(struct mail *m);

#endif
