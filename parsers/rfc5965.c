/*
 * Feedback reports: a few fields, and a word for the kind of complaint. A kind
 * that is not known counts as abuse: a person complained (RFC 5965 3.5).
 */
#include "rfc5965.h"

#include "rfc3464.h"
#include "rfc5322.h"

enum verdict_reason rfc5965_reason(struct str type)
{
	static const struct {
		const char *type;
		enum verdict_reason reason;
	} rows[] = {
		{"abuse",            REASON_ABUSE       },
		{"fraud",            REASON_FRAUD       },
		{"phishing",         REASON_FRAUD       },
		{"opt-out",          REASON_UNSUBSCRIBE },
		{"opt-out-list",     REASON_UNSUBSCRIBE },
		{"unsubscribe",      REASON_UNSUBSCRIBE },
		{"not-spam",         REASON_NOT_SPAM    },
		{"virus",            REASON_VIRUS_REPORT},
		{"auth-failure",     REASON_AUTH_REPORT },
		{"dkim",             REASON_AUTH_REPORT },
		{"dmarc",            REASON_AUTH_REPORT },
		{"identity-problem", REASON_AUTH_REPORT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (str_ieqz(type, rows[i].type))
			return rows[i].reason;
	return REASON_ABUSE;
}

static void add_recipient(struct arena *a, struct feedback *f, struct str value)
{
	struct str address = rfc3464_address(a, value);

	if (address.n && f->n < RFC5965_RECIPIENTS_MAX)
		f->recipient[f->n++] = address;
}

void rfc5965_parse(struct arena *a, struct str body, struct feedback *out)
{
	struct str rest = body;
	struct header h;

	*out = (struct feedback){.reason = REASON_ABUSE, .raw = body};
	while (headers_next(&rest, &h)) {
		struct str name = str_trim(h.name);
		struct str value = rfc5322_unfold(a, h.value);

		if (str_ieqz(name, "feedback-type") && !out->type.p) {
			out->type = value;
			out->reason = rfc5965_reason(value);
		} else if (str_ieqz(name, "original-rcpt-to") ||
			   str_ieqz(name, "removal-recipient")) {
			add_recipient(a, out, value);
		} else if (str_ieqz(name, "reporting-mta")) {
			out->reporting_mta = rfc3464_host(value);
		} else if (str_ieqz(name, "original-mail-from")) {
			out->mail_from = value;
		} else if (str_ieqz(name, "arrival-date") ||
			   str_ieqz(name, "received-date")) {
			if (!rfc5322_date(value, &out->arrival_date))
				out->arrival_date = 0;
		}
	}
}
