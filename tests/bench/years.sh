#!/bin/bash
# A report on ten years of events, beside the goal: its seconds and its memory,
# medians of five. The database is made by tests/bench/years and kept in
# $B/bench.
#
# years.sh [EVENTS [SEED]]: so many events (30,000,000); with fewer than three
# million it is the form for `make check`, where others are at work at the same
# time: measured in processor time, of which the least counts, with half a second
# to begin with.
#
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
N=${1:-30000000}
SEED=${2:-1}
small=$((N < 3000000))
bench=$B/bench
db=$bench/years-$N-$SEED.db
bw=$B/bouncewatch
for f in "$bw" "$bench"/{years,stopwatch}; do
	[ -x "$f" ] || {
		echo "1..0 # SKIP '$f' is not there: run 'make all tools'"
		exit 0
	}
done
work=$(mktemp -d "$bench/run.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export LC_ALL=C BOUNCEWATCH_CONFIG=$work/conf.yaml
printf 'database: %s\nown: ["*@news.example.com"]\n' "$PWD/$db" >"$BOUNCEWATCH_CONFIG"

# row NUMBER NAME MEASURED UNIT GOAL
row() {
	awk -v n="$1" -v what="$2" -v is="$3" -v unit="$4" -v goal="$5" 'BEGIN {
		bad = is == "" || is > goal
		printf "%sok %d - %s: %s %s (at most %s): %.2f\n",
			bad ? "not " : "", n, what, is, unit, goal, is / goal
		exit bad }'
}

echo "1..3"
status=0
"$bench/years" "$db" "$N" "$SEED" || exit 1
# Its last week is as all others are: a report, and nothing that stands out.
if "$bw" report --to=2025-12-28 >"$work/report" 2>"$work/err" &&
	grep -q 'othing stands out' "$work/report"; then
	echo "ok 1 - nothing stands out in a week of $N events"
else
	sed 's/^/# /' "$work/err" "$work/report"
	echo "not ok 1 - nothing stands out in a week of $N events"
	status=1
fi
for _ in 1 2 3 4 5; do
	"$bench/stopwatch" -w "$bw" report --to=2025-12-28
done >"$work/watch"
typical() {
	awk -v c="$1" '{ print $c }' "$work/watch" | sort -n |
		sed -n "$((small ? 1 : 3))p"
}
# The small form has as many domains, whose names are looked at for slips: that
# takes as long, however few the events.
row 2 "report, ten years of $N events" "$(typical $((small ? 3 : 1)))" \
	"$([ $small = 0 ] && echo s || echo "s of a processor")" \
	"$(awk -v n="$N" -v small=$small \
		'BEGIN { print small * 0.45 + 5 * n / 30000000 }')" || status=1
row 3 "its memory" "$(sort -k2 -n "$work/watch" | tail -n 1 |
	awk '{ printf "%.1f", $2 / 1024 }')" MiB \
	$((small ? 32 : 64)) || status=1
exit $status
