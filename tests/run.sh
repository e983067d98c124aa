#!/bin/sh
# [BESIDE=SUITE] run.sh SUITE...: run the suites, count, and end with
# "N passed, N failed".
#
# A SUITE is a shell command line, run from the top of the tree with B (the
# build folder) in its environment and nothing on stdin. What it prints counts
# as TAP (cmocka is asked for it); a suite without a TAP line is one test that
# passes with exit status 0, is skipped with 77 and fails otherwise. What a
# suite said, but for what went well, is shown when something in it failed; all
# of it is kept in $B/check/.
set -u
cd "$(dirname "$0")/.." || exit 1
B=${B:-build}
limit=${SUITE_SECONDS:-300}
logs=$B/check
mkdir -p "$logs" || exit 1
export B CMOCKA_MESSAGE_OUTPUT=TAP
passed=0 failed=0 skipped=0

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
# it may have a server running.
stop() {
	[ -z "$suite" ] || kill -TERM "$suite" 2>/dev/null
	[ -z "$beside" ] || kill -TERM "$beside" 2>/dev/null
	wait
	exit 130
}
suite='' beside=''
trap stop HUP INT TERM

log_of() { printf '%s/%s.log' "$logs" "$(printf '%s' "$1" |
	tr -c 'A-Za-z0-9.\n' '-')"; }

run() {
	log=$(log_of "$1")
	began=$(now)
	timeout -k 20 "$limit" sh -c "$1" >"$log" 2>&1 </dev/null &
	suite=$!
	finish "$1"
}

# The suite has been started: wait for it, and tell.
finish() {
	wait $suite
	status=$?
	suite=
	took=$(($(now) - began))
	# shellcheck disable=SC2046
	set -- "$1" $(count_tap $status <"$log")
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
	elif [ "$4" -ne 0 ]; then
		grep -i '# *skip' "$log" | sed 's/^/    | /'
	fi
	# What a suite wants to be read in any case, such as a figure.
	sed -n 's/^# note: /    /p' "$log"
}

# BESIDE: one suite that mostly waits, while the others run.
if [ -n "${BESIDE:-}" ]; then
	timeout -k 20 "$limit" sh -c "$BESIDE" >"$(log_of "$BESIDE")" 2>&1 \
		</dev/null &
	beside=$!
	beside_began=$(now)
fi
for command; do
	run "$command"
done
if [ -n "$beside" ]; then
	log=$(log_of "$BESIDE") began=$beside_began suite=$beside
	beside=
	finish "$BESIDE"
fi
printf '\n%d passed, %d failed' $passed $failed
[ $skipped -eq 0 ] || printf ', %d skipped' $skipped
printf '\n'
[ $failed -eq 0 ] && [ $passed -gt 0 ]
