#!/bin/sh
# reach.sh: what the corpora of the fuzz targets reach of parsers/: lines, and
# branches as gcc counts them (the edges of the program). Goal: 85 % of the
# branches of all files together.
set -eu
cd "$(dirname "$0")/../.."
B=${B:-build}
goal=85
names=$(for f in tests/fuzz/target/*.c; do basename "$f" .c; done)
C=$B/fuzz-reach
# shellcheck disable=SC2046,SC2086
make -s B="$C" CC=gcc HARDEN= HARDEN_LD= CFLAGS='-O0 -g --coverage' \
	LDFLAGS=--coverage $(printf "$C/replay/%s " $names) >/dev/null
find "$C" -name '*.gcda' -delete
for t in $names; do
	find "$B/fuzz/corpus/$t" -type f -print0 |
		xargs -0 -n 2000 "$C/replay/$t"
done
tests/coverage.sh "$C" parsers | awk -v goal=$goal '
{ print }
END {
	printf "# note: the fuzz corpora reach %.1f %% of the lines and %.1f " \
		"%% of the branches of parsers/ (goal: %d)\n", $1, $6, goal
	exit $6 < goal
}'
