/* Delivery status notifications (RFC 3464) and complaints (RFC 5965). */
#ifndef DELIVERY_H
#define DELIVERY_H

#include "work.h"

/* Judge the fields of a report in the text; false: they name no recipient. */
bool delivery_judge(struct work *w, struct str body);

/* Judge all reports of the mail; false when none names a recipient. */
bool delivery_judge_parts(struct work *w);

/* Judge the mail's feedback report. */
void delivery_judge_feedback(struct work *w);

#endif
