/* Delivery status notifications (RFC 3464) and complaints (RFC 5965). */
#ifndef DELIVERY_H
#define DELIVERY_H

#include "work.h"

/* Judge the fields of a report; false when they name no recipient. */
bool delivery_judge(struct work *w, struct str body);

/* Judge the mail's feedback report. */
void delivery_judge_feedback(struct work *w);

#endif
