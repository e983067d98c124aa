/*
 * The conditions of a rule beside its phrases: codes, hosts, the provider, the
 * phase.
 */
#include "rules_private.h"

/* "5.1.1", "x.2.2" (4 or 5), "5.7.*": digits, 'x', and '*' for the rest. */
static bool status_matches(struct str pattern, const char *status)
{
	const char *s = status;

	for (size_t i = 0; i < pattern.n; i++, s++) {
		char c = pattern.p[i];

		if (c == '*')
			return true;
		if (c == 'x' ? *s != '4' && *s != '5' : *s != c)
			return false;
	}
	return !*s;
}

static bool any_status(const struct rule *r, struct status status)
{
	char buf[16];

	if (!r->status_n)
		return true;
	if (!status.class)
		return false;
	status_format(status, buf);
	for (unsigned i = 0; i < r->status_n; i++)
		if (status_matches(r->status[i], buf))
			return true;
	return false;
}

static bool any_smtp(const struct rule *r, int smtp)
{
	char digits[4] = {(char)('0' + smtp / 100 % 10),
		(char)('0' + smtp / 10 % 10), (char)('0' + smtp % 10), 0};

	for (unsigned i = 0; smtp && i < r->smtp_n; i++) {
		const char *p = r->smtp[i].p;

		if (p[0] == digits[0] && (p[1] == 'x' || p[1] == digits[1]) &&
			(p[2] == 'x' || p[2] == digits[2]))
			return true;
	}
	return !r->smtp_n;
}

bool rules_any_host(const struct str *globs, unsigned n, struct str host)
{
	for (unsigned i = 0; host.n && i < n; i++)
		if (str_glob(host, globs[i]))
			return true;
	return false;
}

static bool any_provider(const struct rule *r, struct str provider)
{
	for (unsigned i = 0; i < r->provider_n; i++)
		if (str_ieq(r->provider[i], provider))
			return true;
	return !r->provider_n;
}

bool rules_facts_match(const struct rule *r, const struct rule_facts *f)
{
	if ((r->rank == RULE_VAGUE) != f->vague)
		return false;
	if (r->reason == REASON_EXPIRED ? f->pending : f->expiry)
		return false;
	if (r->phases && !(r->phases & f->phase))
		return false;
	if (r->host_n && !rules_any_host(r->host, r->host_n, f->remote_mta) &&
		!rules_any_host(r->host, r->host_n, f->reporting_mta))
		return false;
	return any_status(r, f->status) && any_smtp(r, f->smtp) &&
	       any_provider(r, f->provider);
}
