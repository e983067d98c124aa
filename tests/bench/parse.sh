#!/bin/sh
# What `parse` does in a second, beside the floor: a program that only reads
# the same files. One core, everything in memory, medians of pairs of runs.
# Mails: the corpus of real ones, where it is, else our golden ones.
#
# parse.sh [GOAL]: with a GOAL (such as 0.33) it fails where the ratio is less.
set -eu
cd "$(dirname "$0")/../.."
B=${B:-build}
goal=${1:-0}
pairs=9
real=../shared/corpus/dev
work=$(mktemp -d "${TMPDIR:-/tmp}/bouncewatch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
for f in "$B/bouncewatch" "$B/bench/floor" "$B/bench/stopwatch" \
	"$B/bench/judge" "$B/bench/delta"; do
	[ -x "$f" ] || {
		echo "'$f' is not there: run 'make all tools'"
		exit 1
	}
done

set -- "$real"/*.eml
what="real mails"
[ -f "$1" ] || {
	set -- tests/corpus/*/*.eml
	what="golden mails"
}
"$B/bench/allocations" "$@" >"$work/allocations"
n=$#
files=$*
i=1
while [ $i -lt 40 ]; do
	# shellcheck disable=SC2086
	set -- "$@" $files
	i=$((i + 1))
done
bytes=$("$B/bench/floor" "$@" | cut -d ' ' -f 1)

median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# Milliseconds and KiB of `parse` over the files: the median of 9 runs.
timed() {
	for _ in 1 2 3 4 5 6 7 8 9; do
		"$B/bench/stopwatch" "$B/bouncewatch" parse --format=jsonl "$@"
	done | median | awk '{ printf "%.1f", 1000 * $1 }'
}

for _ in $(seq $pairs); do
	"$B/bench/stopwatch" "$B/bench/floor" "$@" >>"$work/floor"
	"$B/bench/stopwatch" "$B/bouncewatch" parse --format=jsonl "$@" \
		>>"$work/parse"
done
paste "$work/floor" "$work/parse" | awk '{ print $1 / $3 }' |
	median >"$work/ratio"

python3 tests/hostile/generate.py "$work/mails" 200000 dsn-blocks
for kb in 250 500 1000 4000 16000; do
	python3 tests/hostile/generate.py "$work/$kb" $((kb * 1000)) mail-200mb
	sizes="${sizes:+$sizes, }$kb kB $(timed "$work/$kb/mail-200mb.eml")"
done
small=tests/corpus/qmail/user-unknown.eml

cat <<END
$n $what of $((bytes / $# )) bytes, 40 times over, on one core
floor            $(awk '{ print $1 }' "$work/floor" | median |
	awk -v n=$# '{ printf "%d messages/s", n / $1 }')
parse            $(awk '{ print $1 }' "$work/parse" | median |
	awk -v n=$# -v b="$bytes" '{ printf "%d messages/s, %d MB/s", n / $1,
		b / $1 / 1e6 }')
ratio            $(cat "$work/ratio")
peak memory      $(awk '{ print $2 }' "$work/parse" | median |
	awk '{ printf "%.1f MiB", $1 / 1024 }')
allocations      $(cat "$work/allocations") a message, once warm
start-up         $(timed $small) ms (a mail of $(wc -c <$small) bytes)
long mails       $sizes ms (with the start-up; 1 MiB is parsed)
1,000 recipients $(timed "$work/mails/dsn-blocks.eml") ms
END
"$B/bench/judge" "$work/judge.db"
"$B/bench/delta" "$work/delta.db" 300000
awk -v goal="$goal" '{ exit $1 < goal }' "$work/ratio"
