/* The command and the daemon ask for the same report. */
#include "conf.h"
#include "report.h"

int report_load(struct db *db, struct arena *a, const struct conf *conf,
	struct report *r)
{
	static int (*const parts[])(struct db * db, struct arena * a,
		struct report * r) = {report_numbers_load, report_rate_load,
		report_incidents_load, report_list_load, report_review_load};

	r->required = (enum origin)conf->origin.require;
	r->rate_warn = 2;
	r->rate_bad = 5;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i](db, a, r))
			return -1;
	return 0;
}
