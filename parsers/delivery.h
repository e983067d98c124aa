/* Delivery status notifications (RFC 3464) and complaints (RFC 5965). */
#ifndef DELIVERY_H
#define DELIVERY_H

#include "work.h"

/*
 * Judge the fields of a report, which is that part of the mail, or stands in
 * its text (0); false when they name no recipient.
 */
bool delivery_judge(struct work *w, struct str body, size_t part);

/* Judge all reports of the mail; false when the first names no recipient. */
bool delivery_judge_parts(struct work *w);

/* Judge the mail's feedback report. */
void delivery_judge_feedback(struct work *w);

#endif
