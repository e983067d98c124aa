BENCH := "tests/bench/store.sh 100000" tests/bench/typos.sh "tests/bench/years.sh 300000"

# What the figures are measured with is no suite.
bench: all tools ## speed and size beside their goals, with ten million addresses
	@B=$(B) tests/bench/bench.sh

.PHONY: bench
