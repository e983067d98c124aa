/* Delivery status notifications (RFC 3464) and complaints (RFC 5965). */
#ifndef REPORT_H
#define REPORT_H

#include "work.h"

/* Judge the fields of a report; false when they name no recipient. */
bool report_judge(struct work *w, struct str body);

/* Judge the mail's feedback report. */
void report_judge_feedback(struct work *w);

#endif
