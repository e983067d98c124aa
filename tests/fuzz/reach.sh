#!/bin/sh
# reach.sh: what the corpora of the fuzz targets reach of parsers/: lines, and
# branches as gcc counts them (the edges of the program). Goal: 85 % of the
# branches of all files together, or 80 % after the short form, which is little
# more than the seeds. The build is that of `make coverage`.
#
# Shown to fail: without the corpora of text and dsn, 48.0 %.
set -eu
cd "$(dirname "$0")/../.."
B=${B:-build}
goal=80
[ -z "${LONG:-}" ] || goal=85
names=$(for f in tests/fuzz/target/*.c; do basename "$f" .c; done)
C=$B/cov
[ -x "$C/replay/mime" ] || {
	echo "nothing to replay with is there: run 'make covered'"
	exit 1
}
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
