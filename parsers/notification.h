/*
 * Notifications of Amazon SES, as its notification service mails them: JSON in
 * a text part, whole or as a string within JSON. Only as much of JSON is read
 * as finding the named strings takes; nesting costs nothing.
 */
#ifndef NOTIFICATION_H
#define NOTIFICATION_H

#include "work.h"

/* Judge the text of the mail; false when it is no such notification. */
bool notification_judge(struct work *w, struct str text);

#endif
