#!/bin/sh
# score.sh: the figures on the labelled real bounces beside the clone, where
# they are (../shared/corpus, or CORPUS=FOLDER that holds corpus/ and tools/).
# Below the promised figures it fails.
#
# Shown to fail: without the family 'words', recall 70.16 %, reason 50.96 %.
set -u
cd "$(dirname "$0")/../.." || exit 1
shared=${CORPUS:-../shared}
B=${B:-build}
if [ ! -x "$shared/tools/score-corpus" ] || [ ! -d "$shared/corpus" ]; then
	echo "1..0 # SKIP no labelled bounces in $shared: the score is not taken"
	exit 0
fi
figures=$("$shared/tools/score-corpus" "$B/bouncewatch" --json) || {
	echo "Bail out! score-corpus failed"
	exit 1
}
echo "# note: $figures"

n=0
# value KEY: of the figures
value() {
	printf '%s\n' "$figures" | sed -n "s/.*\"$1\": \([0-9.]*\).*/\1/p"
}

# at_least KEY FLOOR [GOAL]: held at FLOOR; the promise, where it is not reached
at_least() {
	n=$((n + 1))
	got=$(value "$1_%")
	awk -v v="${got:-0}" -v floor="$2" 'BEGIN { exit !(v >= floor) }' ||
		printf 'not '
	echo "ok $n - $1 ${got:-(none)} %, at least $2 %${3:+ (promised: $3 %)}"
}

# none KEY: a count that must be 0
none() {
	n=$((n + 1))
	got=$(value "$1")
	[ "$got" = 0 ] || printf 'not '
	echo "ok $n - $1: ${got:-(no figure)}"
}

# Three labels of the corpus contradict their mails (an address with a digit
# too few, a block list's refusal called an unknown user, a bounce within the
# returned mail); reasons differ where reference/codes.md decides otherwise than
# the label. So the floors lie that much below what is promised.
at_least recipients 99.4 99.5
at_least recipients_dsn 99.5
at_least recipients_text 99
at_least status 99
at_least reason 94.5 95
at_least hard_precision 99 100
at_least hard_recall 98 99
at_least kinds 100
none kinds_called_hard
at_least quiet 100
at_least newlines 100
none unanswered
echo "1..$n"
