/* The fields of delivery status and feedback reports. */
#include "fuzz.h"

#include "replay.h"
#include "rfc3463.h"
#include "rfc3464.h"
#include "rfc5322.h"
#include "rfc5965.h"

static void check_recipient(const struct dsn_recipient *r, struct str body)
{
	CHECK(!r->status.class || r->status.class == 2 ||
		r->status.class == 4 || r->status.class == 5);
	CHECK(r->status.subject < 10 && r->status.detail < 1000);
	CHECK(r->raw.p >= body.p && r->raw.p + r->raw.n <= body.p + body.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct harness *h = fuzz_harness();
	struct str body = {(const char *)data, n};
	struct rfc3463_reply reply;
	struct feedback feedback;
	struct judgement judged;
	struct dsn dsn;

	rfc3464_parse(&h->arena, body, &dsn);
	CHECK(dsn.n <= RFC3464_RECIPIENTS_MAX);
	for (size_t i = 0; i < dsn.n; i++) {
		check_recipient(&dsn.r[i], body);
		rfc3463_scan(dsn.r[i].diagnostic, &reply);
		CHECK(reply.smtp == 0 ||
			(reply.smtp >= 200 && reply.smtp < 600));
		CHECK(reply.at <= dsn.r[i].diagnostic.n);
		PLANT(i == 2 && dsn.r[i].action == ACTION_RELAYED);
	}
	if (replay_judge(&h->context, &h->arena, body, n % 2, &judged))
		CHECK(judged.reason < REASON_COUNT);
	rfc3464_find(body);
	rfc3464_address(&h->arena, body);
	rfc5965_parse(&h->arena, body, &feedback);
	CHECK(feedback.n <= RFC5965_RECIPIENTS_MAX);
	return 0;
}
