#!/bin/bash
# [JOBS=N] [BESIDE=SUITE] run.sh SUITE...: run the suites, N at a time (as many
# as there are processors), count, and end with "N passed, N failed". Each is
# told when it ends. Suites share nothing: folders and ports are their own, and
# what is to be fast is measured in time of the processor.
#
# BESIDE is one more that mostly waits: it is begun first, and is no job.
#
# A SUITE is a shell command line, run from the top of the tree with B (the
# build folder) in its environment and nothing on stdin. What it prints counts
# as TAP (cmocka is asked for it); a suite without a TAP line is one test that
# passes with exit status 0, is skipped with 77 and fails otherwise. What a
# suite said, but for what went well, is shown when something in it failed, and
# its tests that failed are named again before the last line; all of it is kept
# in $B/check/.
set -u
cd "$(dirname "$0")/.." || exit 1
B=${B:-build}
limit=${SUITE_SECONDS:-300}
logs=$B/check
mkdir -p "$logs" || exit 1
export B CMOCKA_MESSAGE_OUTPUT=TAP
passed=0 failed=0 skipped=0
again= # what failed, to be said once more at the end

# Prints "passed failed skipped" for the TAP on stdin and exit status $1. More
# tests planned than seen means that the suite died on the way; a suite whose
# tests are all fine must also end well.
count_tap() {
	awk -v status="$1" '
	/^1\.\.[0-9]+/ {
		tap = 1
		n = substr($1, 4) + 0
		planned += n
		if (n == 0)
			skipped++
	}
	# cmocka says "not ok 9 # SKIP" of what it skips.
	/^(not )?ok([ \t]|$)/ {
		tap = 1
		seen++
		if (toupper($0) ~ /# *SKIP/)
			skipped++
		else if (/^not/)
			failed++
		else
			passed++
	}
	/^Bail out!/ { tap = 1; failed++ }
	END {
		if (!tap) {
			passed = status == 0
			skipped = status == 77
			failed = !passed && !skipped
		} else if (planned > seen) {
			failed += planned - seen
		} else if (status != 0 && !failed) {
			failed++
		}
		print passed + 0, failed + 0, skipped + 0
	}'
}

now() { date +%s%3N; }

# A suite is a process group of its own: what stops us does not reach it, and
# it may have a server running. It writes down itself when it ended: we may look
# much later.
declare -A name began
stop() {
	[ ${#name[@]} -eq 0 ] || kill -TERM "${!name[@]}" 2>/dev/null
	wait
	exit 130
}
trap stop HUP INT TERM

log_of() { printf '%s/%s.log' "$logs" "$(printf '%s' "$1" |
	tr -c 'A-Za-z0-9.\n' '-')"; }

start() {
	local log
	log=$(log_of "$1")
	rm -f "$log.end"
	# shellcheck disable=SC2016
	timeout -k 20 "$limit" sh -c \
		'sh -c "$0"; status=$?; date +%s%3N >"$1"; exit $status' \
		"$1" "$log.end" >"$log" 2>&1 </dev/null &
	name[$!]=$1 began[$!]=$(now)
}

# The tests of suite $1 that failed, and what each said, in a few lines; the end
# of what it said when it named none. The last page of a log is what is kept of
# a run elsewhere.
what_failed() {
	echo "FAILED: $1 (exit status $2)"
	if grep -q '^not ok ' "$3"; then
		grep -A 6 '^not ok ' "$3" | grep -v '^ok ' | head -n 20
	else
		tail -n 10 "$3"
	fi | cut -c 1-200 | sed 's/^/    | /'
}

# Wait for one of those that run, and tell.
finish() {
	local pid status took log line
	wait -n -p pid "${!name[@]}"
	status=$?
	log=$(log_of "${name[$pid]}")
	took=$(cat "$log.end" 2>/dev/null) # none: it was stopped
	took=$((${took:-$(now)} - began[$pid]))
	rm -f "$log.end"
	# shellcheck disable=SC2046
	set -- "${name[$pid]}" $(count_tap $status <"$log")
	unset "name[$pid]" "began[$pid]"
	passed=$((passed + $2)) failed=$((failed + $3)) skipped=$((skipped + $4))
	line="$2 passed"
	[ "$3" -eq 0 ] || line="$line, $3 FAILED"
	[ "$4" -eq 0 ] || line="$line, $4 skipped"
	printf '%4d.%01d s  %-40s %s\n' $((took / 1000)) $((took % 1000 / 100)) \
		"$1" "$line"
	if [ "$3" -ne 0 ]; then
		[ $status -ne 124 ] || echo "    (stopped after $limit s)"
		echo "    exit status $status; it said:"
		grep -v '^ok ' "$log" | sed 's/^/    | /'
		again+=$(what_failed "$1" "$status" "$log")$'\n'
	elif [ "$4" -ne 0 ]; then
		grep -i '# *skip' "$log" | sed 's/^/    | /'
	fi
	# What a suite wants to be read in any case, such as a figure.
	sed -n 's/^# note: /    /p' "$log"
}

jobs=${JOBS:-$(nproc)}
if [ -n "${BESIDE:-}" ]; then
	start "$BESIDE"
	jobs=$((jobs + 1))
fi
for command; do
	start "$command"
	[ ${#name[@]} -lt "$jobs" ] || finish
done
while [ ${#name[@]} -gt 0 ]; do
	finish
done
[ -z "$again" ] || printf '\n%s' "$again"
printf '\n%d passed, %d failed' $passed $failed
[ $skipped -eq 0 ] || printf ', %d skipped' $skipped
printf '\n'
[ $failed -eq 0 ] && [ $passed -gt 0 ]
