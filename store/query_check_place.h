/*
 * Where the keys that are asked for stand in the index, about: enough to put
 * them in its order. Each of its pages is then read once and stays in the
 * cache while it is needed, and two threads have different pages. That order is
 * only for speed: a few leading bytes are compared, no more.
 */
#ifndef QUERY_CHECK_PLACE_H
#define QUERY_CHECK_PLACE_H

#include <stddef.h>
#include <stdint.h>

#include "str.h"

struct query_check_place {
	uint64_t local;  /* leading bytes of the local part; or an id */
	uint32_t domain; /* low bits of its id */
	uint32_t i;      /* whose it is */
};

/* For .local. */
uint64_t query_check_place_local(struct str key);

/*
 * In order of domain and local part, as far as leading bytes tell; or of .local
 * as an id alone. spare has room for n, too; returns where they are then, p or
 * spare.
 */
struct query_check_place *query_check_place_sort(
	struct query_check_place *p, struct query_check_place *spare, size_t n);
struct query_check_place *query_check_place_sort_ids(
	struct query_check_place *p, struct query_check_place *spare, size_t n);

/*
 * Those of n that come before the middle to the front of `to`, the others to
 * its end; how many are in front. to has room for n.
 */
size_t query_check_place_halve(const struct query_check_place *p, size_t n,
	struct query_check_place *to);

#endif
