/*
 * people N SEED COUNT: a CSV of COUNT addresses on stdout, in an order that is
 * random; one of ten is of the first N people of the world, whom `fill` has
 * suppressed, the others are strangers of the same domains.
 */
#include <err.h>
#include <inttypes.h>
#include <stdlib.h>

#include "world.h"

/* Whom nobody else asks for: fill and mails begin at 0. */
#define STRANGERS (UINT64_C(1) << (WORLD_BITS - 1))

int main(int argc, char **argv)
{
	uint64_t n, seed, count, person, strange = 0;
	char address[WORLD_ADDRESS];

	if (argc != 4)
		errx(64, "usage: people N SEED COUNT");
	n = strtoull(argv[1], NULL, 10);
	seed = strtoull(argv[2], NULL, 10);
	count = strtoull(argv[3], NULL, 10);
	puts("email,id,name");
	for (uint64_t i = 0; i < count; i++) {
		uint64_t random = world_random(seed, 40, i);

		person =
			random % 10 ? STRANGERS + strange++ : (random >> 8) % n;
		world_address(seed, person, address);
		printf("%s,%" PRIu64 ",\"Somebody, %" PRIu64 "\"\n", address, i,
			random % 1000);
	}
	if (fflush(stdout) || ferror(stdout))
		err(74, "unable to write");
	return 0;
}
