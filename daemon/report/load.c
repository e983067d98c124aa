/* The command and the daemon ask for the same report. */
#include "conf.h"
#include "report.h"
#include "report/facts.h"
#include "report/typos.h"

/* What DNS says of the domains of spikes, before the causes are weighed. */
static void load_facts(
	struct arena *a, const struct conf *conf, struct report *r)
{
	struct dns *dns = facts_dns(conf, NULL);

	facts_of_spikes(dns, a, r);
	dns_free(dns);
}

int report_load(struct db *db, struct arena *a, const struct conf *conf,
	struct report *r)
{
	static int (*const parts[])(struct db * db, struct arena * a,
		struct report * r) = {report_rate_load, report_causes_load,
		report_incidents_load, report_list_load, report_review_load};

	r->required = (enum origin)conf->origin.require;
	if (report_numbers_load(db, a, r) ||
		typos_load(db, a, &conf->report.not_typos, r))
		return -1;
	load_facts(a, conf, r);
	r->rate_warn = conf->report.rate_warn;
	r->rate_bad = conf->report.rate_bad;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i](db, a, r))
			return -1;
	return 0;
}
