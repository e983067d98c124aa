/* One pass, by memchr from CR to CR: most mails have them at each line or not
 * at all. */
#include "newline.h"

/* Write what a run of n CRs stands for; behind it is an LF or not. */
static char *put_run(char *to, size_t n, bool before_lf)
{
	if (before_lf)
		n = 1;
	while (n--)
		*to++ = '\n';
	return to;
}

struct str newline_normalise(struct arena *a, struct str mail)
{
	const char *p = mail.p, *end = mail.p + mail.n;
	const char *cr = mail.n ? memchr(p, '\r', mail.n) : NULL;
	char *begin, *to;

	if (!cr)
		return mail;
	to = begin = arena_alloc(a, mail.n);
	if (!begin)
		return mail;
	while (cr) {
		size_t run = 1;

		memcpy(to, p, (size_t)(cr - p));
		to += cr - p;
		while (cr + run < end && cr[run] == '\r')
			run++;
		p = cr + run;
		to = put_run(to, run, p < end && *p == '\n');
		p += p < end && *p == '\n';
		cr = p < end ? memchr(p, '\r', (size_t)(end - p)) : NULL;
	}
	if (p < end)
		memcpy(to, p, (size_t)(end - p));
	to += end - p;
	return str_of(begin, (size_t)(to - begin));
}
