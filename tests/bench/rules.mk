bench: all tools ## messages a second, beside the speed of only reading them
	@B=$(B) tests/bench/bench.sh

.PHONY: bench
