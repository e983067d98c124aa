#!/bin/bash
# What the database is and does, beside the goals: size, recording, check,
# export, deltas. Ratios are of one run on one machine, figures are medians of
# five. The database is made by tests/bench/fill and kept in $B/bench.
#
# store.sh [N [SEED]]: N addresses (10,000,000); with fewer than a million it is
# the form for `make check`, where others are at work at the same time: what is
# a speed is then measured in processor time, and of its runs the best counts,
# for a neighbour takes and never gives.
#
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
N=${1:-10000000}
SEED=${2:-1}
small=$((N < 1000000))
mails=$((small ? 5000 : 250000))
rows=$((small ? N : 1000000))
runs=${RUNS:-$((small ? 3 : 5))}
bench=$B/bench
db=$bench/$N-$SEED.db
bw=$B/bouncewatch
tests=0 failed=0
for f in "$bw" "$bench"/{fill,mails,people,stopwatch}; do
	[ -x "$f" ] || {
		echo "1..0 # SKIP '$f' is not there: run 'make all tools'"
		exit 0
	}
done
work=$(mktemp -d "$bench/run.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
export LC_ALL=C BOUNCEWATCH_CONFIG=$work/conf.yaml
printf 'database: %s\nown: ["*@news.example.com"]\n' "$PWD/$work/db" \
	>"$BOUNCEWATCH_CONFIG"

# What counts of several: their median; in the small form the least.
typical() {
	sort -n | awk -v small=$small '{ v[NR] = $1 }
		END { print v[small ? 1 : int((NR + 1) / 2)] }'
}
say() { [ ! -t 2 ] || echo "$*" >&2; }

# row NAME MEASURED UNIT GOAL SENSE: SENSE is "least" or "most"
row() {
	local good=1
	tests=$((tests + 1))
	awk -v is="$2" -v goal="$4" -v sense="$5" 'BEGIN {
		exit is == "" || (sense == "most" ? is > goal : is < goal) }' ||
		good=0
	awk -v n=$tests -v good=$good -v what="$1" -v is="$2" -v unit="$3" \
		-v goal="$4" -v sense="$5" 'BEGIN {
		printf "%sok %d - %s: %s %s (at %s %s): %.2f\n",
			good ? "" : "not ", n, what, is, unit, sense, goal,
			is / goal }'
	[ $good = 1 ] || failed=$((failed + 1))
}

# missing NAME: a command that this program does not have
missing() {
	tests=$((tests + 1)) failed=$((failed + 1))
	echo "not ok $tests - $1: not yet"
}

# watch COLUMN COMMAND...: what counts of the runs. Columns: 1 seconds, 2 KiB,
# 3 seconds of processor time
watch() {
	local column=$1
	shift
	for ((i = 0; i < runs; i++)); do
		"$bench/stopwatch" -w "$@"
	done >"$work/watch"
	awk -v c="$column" '{ print $c }' "$work/watch" | typical
}

# Seconds: of the clock, or where others are at work, too, of the processor.
time_column=$((small ? 3 : 1))

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a / b }'; }

# --- size -------------------------------------------------------------------
sizes() {
	local what is goal
	say "fill $db $N $SEED"
	"$bench/fill" "$db" "$N" "$SEED" >"$work/sizes"
	sed 's/^/# /' "$work/sizes"
	while read -r what is goal; do
		row "$([ "$what" = FIRST ] && echo "an address with its first" \
			"event" || echo "a later event")" "$is" bytes "$goal" most
	done < <(grep -E '^(FIRST|LATER) ' "$db.made")
}

# --- recording ----------------------------------------------------------------
# Each run has mails of its own.
first=$N

more_mails() {
	"$bench/mails" "$mails" "$SEED" "$first" >"$work/mbox"
	first=$((first + mails))
}

# record: seconds of one ingest into $work/db
record() {
	more_mails
	"$bench/stopwatch" -w "$bw" ingest -q "$work/mbox" |
		awk -v c="$time_column" '{ print $c }'
}

# Bounces a second, of seconds.
speed() { awk -v n="$mails" -v s="$1" 'BEGIN { printf "%.0f", n / s }'; }

# In processor time two threads have twice as much of it, so a goal in bounces
# a second of a clock is half of it there.
speed_goal() { echo $((small ? $1 / 2 : $1)); }

recording() {
	local unit="bounces/s"
	[ $small = 0 ] || unit="bounces/s of one processor"
	say "recording into an empty database"
	for ((k = 0; k < runs; k++)); do
		rm -f "$work"/db*
		record
	done >"$work/seconds"
	row "recording into an empty database" \
		"$(speed "$(typical <"$work/seconds")")" "$unit" \
		"$(speed_goal 25000)" least
	say "recording into one of $N addresses"
	rm -f "$work"/db*
	cp "$db" "$work/db"
	for ((k = 0; k < runs; k++)); do
		record
	done >"$work/seconds"
	alone=$(speed "$(typical <"$work/seconds")")
	row "recording where $N are" "$alone" "$unit" \
		"$(speed_goal 12000)" least
}

# --- an export while it records -----------------------------------------------
# Ends with the one under way, which would be beside what is measured next.
exports() {
	local one
	trap 'kill $one; wait $one; exit' TERM
	while :; do
		"$bw" export plain >/dev/null &
		one=$!
		wait $one || return
		echo one
	done >"$work/exports"
}

wal_watch() {
	while :; do
		stat -c %s "$work/db-wal" 2>/dev/null
		sleep 0.1
	done >"$work/wal"
}

together() {
	local exporter watcher
	[ $small = 0 ] || return 0
	say "recording beside an export"
	exports &
	exporter=$!
	wal_watch &
	watcher=$!
	for ((k = 0; k < runs; k++)); do
		record
	done >"$work/seconds"
	kill $exporter $watcher
	wait $exporter $watcher 2>/dev/null
	echo "# meanwhile $(wc -l <"$work/exports") exports were whole"
	row "recording beside an export of $N" \
		"$(ratio "$(speed "$(typical <"$work/seconds")")" "$alone")" \
		"of its speed alone" 0.8 least
	row "the WAL meanwhile" "$(sort -n "$work/wal" | tail -n 1 |
		awk '{ printf "%.0f", $1 / 1048576 }')" MiB 128 most
}

# --- reading -----------------------------------------------------------------
checking() {
	local sorted checked
	say "check"
	"$bench/people" "$N" "$SEED" "$rows" >"$work/people.csv"
	sorted=$(watch $time_column sort -u "$work/people.csv")
	"$bw" help check | grep -q -- --csv || {
		missing "check --csv of $rows"
		return
	}
	checked=$(watch $time_column -s 1 "$bw" check --csv=email \
		"$work/people.csv" 2>"$work/err")
	row "check --csv of $rows, 10 % of them suppressed" \
		"$(ratio "$checked" "$sorted")" "of sort -u" \
		$((small ? 5 : 4)) most # it has two threads
	row "its memory" "$(sort -k2 -n "$work/watch" | tail -n 1 |
		awk '{ printf "%.1f", $2 / 1024 }')" MiB 256 most
}

check_one() {
	local one took runs=$runs
	one=$(sed -n '2{s/,.*//;p}' "$work/people.csv")
	# Of so few milliseconds a neighbour takes many.
	[ $small = 0 ] || runs=9
	took=$(watch $time_column -s 1 "$bw" check "$one")
	row "check of one address, cold process" \
		"$(awk -v s="$took" 'BEGIN { printf "%.2f", s * 1e3 }')" ms 5 most
}

exporting() {
	local ours theirs
	say "export"
	theirs=$(watch $time_column sqlite3 "$work/db" \
		'SELECT address FROM suppressed')
	ours=$(watch $time_column "$bw" export plain)
	row "export plain" "$(ratio "$ours" "$theirs")" \
		"of sqlite3's" 1.1 most
}

deltas() {
	say "delta"
	"$bw" export csv --since-last=bench -o "$work/all.csv" \
		--removals="$work/none.csv" 2>"$work/err" || {
		sed 's/^/# /' "$work/err"
		missing "export --since-last"
		return
	}
	for ((k = 0; k < runs; k++)); do
		for ((i = 0; i < 1000; i++)); do
			echo "changed$k.$i@example.org"
		done | "$bw" suppress --reason=bench --file=- >/dev/null 2>&1
		"$bench/stopwatch" -w "$bw" export csv --since-last=bench \
			-o "$work/delta.csv" --removals="$work/none.csv" 2>"$work/err" ||
			cat "$work/err" >&2
		[ "$(wc -l <"$work/delta.csv")" -eq 1001 ] ||
			echo "# the delta is not of 1000" >&2
	done | awk -v c=$time_column '{ printf "%.1f\n", $c * 1e3 }' |
		typical >"$work/delta"
	row "export --since-last of 1000 changes" "$(cat "$work/delta")" ms 50 most
}

echo "# store.sh $N $SEED: $mails mails a run, $rows rows, medians of $runs"
sizes
recording
together
# What was written so far is not to be in the way of what only reads.
sync -f "$work"
checking
check_one
exporting
deltas
echo "1..$tests"
[ $failed -eq 0 ]
