/*
 * replay FILE...: a fuzz target without a fuzzer, for compilers that bring
 * none and to see what a corpus reaches.
 */
#include <err.h>
#include <stdlib.h>

#include "fuzz.h"

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		struct str s = harness_read(argv[i]);
		uint8_t *p = malloc(s.n ? s.n : 1);

		if (!p)
			errx(1, "out of memory");
		memcpy(p, s.p, s.n);
		LLVMFuzzerTestOneInput(p, s.n);
		free(p);
		free((char *)s.p);
	}
	return 0;
}
