/*
 * Only domains that a report has something to say of are asked for: what
 * leaves the machine is told in bouncewatch.yaml(5), and is no more than that.
 */
#include "report/facts.h"

#include <stdio.h>

static const char *const words[] = {
	[DNS_NO_DOMAIN] = "does not exist",
	[DNS_NO_HOST] = "has no MX and no address: no mail can go there",
	[DNS_NULL_MX] = "has a null MX: it takes no mail",
	[DNS_ADDRESS] = "has no MX, but an address, where mail goes then",
	[DNS_MX] = "has its mail at ",
};

struct dns *facts_dns(const struct conf *c, struct wake *wake)
{
	const struct dns_settings s = {
		.server = c->report.dns_server, .wake = wake};

	return c->report.dns ? dns_new(&s) : NULL;
}

static struct str put_words(struct arena *a, const struct dns_answer *d)
{
	char text[1024];
	size_t n = (size_t)snprintf(text, sizeof(text), "%s", words[d->says]);

	for (size_t i = 0; i < d->hosts_n && n < sizeof(text); i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s" STR_FMT,
			i ? ", " : "", STR_ARG(d->hosts[i]));
	return arena_dup(
		a, str_of(text, n < sizeof(text) ? n : sizeof(text) - 1));
}

static bool is_there(const struct report *r, struct str domain)
{
	for (size_t i = 0; i < r->facts_n; i++)
		if (str_eq(r->facts[i].domain, domain))
			return true;
	return false;
}

void facts_add(struct dns *dns, struct arena *a, struct report *r,
	const struct str *domains, size_t n)
{
	if (!dns)
		return;
	dns_ask(dns, domains, n);
	for (size_t i = 0; i < n && r->facts_n < REPORT_FACTS; i++) {
		struct dns_answer d = dns_get(dns, domains[i]);
		struct report_fact f;

		if (d.says == DNS_NOT_KNOWN || is_there(r, domains[i]))
			continue;
		f.domain = arena_dup(a, domains[i]);
		f.fact = put_words(a, &d);
		f.takes_no_mail = d.says == DNS_NO_DOMAIN ||
				  d.says == DNS_NO_HOST ||
				  d.says == DNS_NULL_MX;
		if (f.domain.p && f.fact.p)
			r->facts[r->facts_n++] = f;
	}
}

void facts_of_spikes(struct dns *dns, struct arena *a, struct report *r)
{
	facts_add(dns, a, r, r->lifted, r->lifted_n);
}
