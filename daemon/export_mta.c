/* The forms of an address that a mailer may have in memory. */
#include "export_mta.h"

#include <idn2.h>

#include "words.h"

#define TEXT "recipient is on the suppression list"

/* The address without its quotes and escapes, in buf; absent: it has none.
 * RFC 5321: a backslash before any byte stands for that byte. */
static struct str without_quotes(struct str address, char *buf, size_t size)
{
	const char *at = address.n ? memrchr(address.p, '@', address.n) : NULL;
	size_t end = at ? (size_t)(at - address.p) : 0, n = 0;

	if (end < 2 || *address.p != '"' || address.n > size)
		return STR_NULL;
	for (size_t i = 1; i + 1 < end; i++) {
		if (address.p[i] == '\\' && i + 2 < end)
			i++;
		buf[n++] = address.p[i];
	}
	memcpy(buf + n, at, address.n - end);
	return str_of(buf, n + address.n - end);
}

/* The address with U-labels, in buf; absent: it has none. */
static struct str with_letters(struct str address, char *buf, size_t size)
{
	const char *at = address.n ? memrchr(address.p, '@', address.n) : NULL;
	size_t local = at ? (size_t)(at + 1 - address.p) : 0, n;
	char domain[EXPORT_ADDRESS_MAX + 1];
	char *letters = NULL;
	struct str out = STR_NULL;

	if (!at || address.n >= sizeof(domain) ||
		!memmem(at, address.n - local + 1, "xn--", 4))
		return STR_NULL;
	memcpy(domain, at + 1, address.n - local);
	domain[address.n - local] = '\0';
	if (idn2_to_unicode_8z8z(domain, &letters, 0) == IDN2_OK &&
		strcmp(letters, domain) != 0) {
		n = strlen(letters);
		if (local + n <= size) {
			memcpy(buf, address.p, local);
			memcpy(buf + local, letters, n);
			out = str_of(buf, local + n);
		}
	}
	idn2_free(letters);
	return out;
}

static void put(struct export_run *r, struct str key,
	const struct export_mta *t, const char *reason)
{
	if (!key.n)
		return;
	t->key(r->out, key);
	if (reason) {
		out_z(r->out, t->reply);
		out_z(r->out, TEXT " (");
		out_z(r->out, reason);
		out_char(r->out, ')');
	}
	out_char(r->out, '\n');
}

void export_mta_row(struct export_run *r, const struct query_suppression *s,
	const struct export_mta *t, bool removal)
{
	const char *reason = removal ? NULL : reason_word(s->reason);
	char buf[EXPORT_ADDRESS_MAX], letters[4 * EXPORT_ADDRESS_MAX];
	struct str bare = without_quotes(s->address, buf, sizeof(buf));

	if (bare.n && t->may_be_bare && !t->may_be_bare(bare))
		bare = STR_NULL;
	put(r, s->address, t, reason);
	put(r, bare, t, reason);
	put(r, with_letters(s->address, letters, sizeof(letters)), t, reason);
	put(r, with_letters(bare, letters, sizeof(letters)), t, reason);
	r->entries++;
}
