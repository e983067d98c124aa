#!/bin/sh
# run.sh [SECONDS]: let each fuzz target look for so long (5 s, 60 in the long
# form): no crash, no promise broken, no input that takes 2 s. And each must
# find the bug that is planted in its twin (PLANT in the targets), which is
# how it is seen that they can fail. Corpora stay in $B/fuzz and grow.
#
# It ends with what the corpora reach of the parsers (reach.sh).
set -eu
cd "$(dirname "$0")/../.."
B=${B:-build}
LONG=${LONG:-}
seconds=${1:-5}
[ -n "$LONG" ] && [ $# -eq 0 ] && seconds=60
find_seconds=60
targets=
for f in tests/fuzz/target/*.c; do
	t=${f##*/}
	targets="$targets ${t%.c}"
done
[ -x "$B/fuzz/bin/mime" ] || {
	echo "the fuzzers are not there: run 'make fuzzers'"
	exit 1
}
python3 tests/fuzz/seeds.py "$B/fuzz"

# look PROGRAM SECONDS TARGET: one run; its log is PROGRAM.log. What is found
# goes to a new folder, so that planted bugs leave nothing behind.
look() {
	new=$1.new
	rm -rf "$new"
	mkdir -p "$new"
	timeout $(($2 + 60)) "$1" -max_total_time="$2" -timeout=2 \
		-max_len=8192 -rss_limit_mb=1024 -print_final_stats=1 \
		-dict="$B/fuzz/dict/$3" -artifact_prefix="$1-" \
		"$new" "$B/fuzz/corpus/$3" >"$1.log" 2>&1 </dev/null
}

# Two at a time: what is done to each target, on lines of a file.
each() {
	# shellcheck disable=SC2086
	printf '%s\n' $targets | xargs -P 2 -I TARGET "$0" --"$1" TARGET "$2"
}

case ${1:-} in
--clean)
	look "$B/fuzz/bin/$2" "$3" "$2" || {
		echo "$2: the fuzzer found something:"
		grep -aE 'ERROR|not so|SUMMARY|timeout|Test unit written' \
			"$B/fuzz/bin/$2.log"
		exit 1
	}
	mv "$B/fuzz/bin/$2.new"/* "$B/fuzz/corpus/$2/" 2>/dev/null || :
	awk -v target="$2" -v seeds="$(find "$B/fuzz/corpus/$2" -type f |
		wc -l)" '
	/inline 8-bit counters\)/ { gsub(/[(]/, ""); edges = $5 }
	/ cov: / { sub(/.* cov: /, ""); covered = $1 }
	/number_of_executed_units/ { runs = $2 }
	END {
		printf "%-8s %9d runs, 0 crashes, %5d inputs kept, " \
			"%5d of %5d edges\n", target, runs, seeds, covered, edges
	}' "$B/fuzz/bin/$2.log"
	exit 0
	;;
--planted)
	if look "$B/fuzz/planted/$2" "$3" "$2"; then
		echo "$2: the planted bug was not found in $3 s"
		exit 1
	fi
	grep -aq 'not so' "$B/fuzz/planted/$2.log" || {
		echo "$2: something else than the planted bug was found:"
		tail -20 "$B/fuzz/planted/$2.log"
		exit 1
	}
	awk -v target="$2" '/number_of_executed_units/ {
		printf "%-8s planted bug found after %d runs\n", target, $2
	}' "$B/fuzz/planted/$2.log"
	exit 0
	;;
esac

bad=0
each planted $find_seconds || bad=1
each clean "$seconds" || bad=1
tests/fuzz/reach.sh || bad=1
exit $bad
