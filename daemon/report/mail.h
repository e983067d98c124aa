/*
 * The report as a mail: text and HTML as alternatives (RFC 2046 5.1.4), both
 * quoted-printable. And the report in any of its forms, in memory.
 */
#ifndef REPORT_MAIL_H
#define REPORT_MAIL_H

#include "conf.h"
#include "report.h"

/* The numbers are those of the words of report.command_format. */
enum report_form {
	REPORT_TEXT,
	REPORT_HTML,
	REPORT_JSONL,
	REPORT_FORMS, /* those that report_form_write() knows */
	REPORT_MAIL = REPORT_FORMS
};

/* The end of a file's name: "txt". */
const char *report_form_suffix(enum report_form form);
void report_form_write(
	enum report_form form, const struct report *r, struct out *o);

struct report_letter {
	const struct conf_list *to;
	const char *from;
	const char *id; /* what its Message-ID begins with */
};

/* Write the mail, lines ending in LF, as sendmail takes them. -1: errno. */
int report_mail_write(const struct report *r, const struct report_letter *l,
	struct out *o) __attribute__((warn_unused_result));

/* A form, or with l a mail, in memory of malloc. -1: errno. */
int report_slurp(enum report_form form, const struct report *r,
	const struct report_letter *l, struct str *out)
	__attribute__((warn_unused_result));

/* What its subject says: "bouncewatch: nothing unusual, week of 16 Nov 2026".
 */
#define REPORT_SUBJECT 256
const char *report_mail_subject(
	const struct report *r, char buf[REPORT_SUBJECT]);

#endif
