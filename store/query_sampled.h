/* What is known of one address of a sample (private to query_sample.c). */
#ifndef QUERY_SAMPLED_H
#define QUERY_SAMPLED_H

#include "query_sample.h"
#include "rows.h"

struct query_sampled_ids {
	int64_t address, provider, stream;
	int64_t from; /* of the time: what lies before it is history */
	enum origin required;
};

/* Fill in all of *out but what is of its bounces, of which .at is known. Its
 * strings are of rows, which are reset before. */
int query_sampled_read(struct db *db, struct rows *rows,
	const struct query_sampled_ids *ids, struct query_sampled *out)
	__attribute__((warn_unused_result));

#endif
