#!/bin/sh
# score.sh: the figures on the labelled real bounces beside the clone, where
# they are (../shared/corpus, or CORPUS=FOLDER that holds corpus/ and tools/).
# Below the promised figures it fails.
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
# at_least KEY FLOOR
at_least() {
	n=$((n + 1))
	value=$(printf '%s\n' "$figures" |
		sed -n "s/.*\"$1_%\": \([0-9.]*\).*/\1/p")
	awk -v v="${value:-0}" -v floor="$2" 'BEGIN { exit !(v >= floor) }' ||
		printf 'not '
	echo "ok $n - $1 ${value:-(none)} %, at least $2 %"
}
at_least recipients 85
at_least hard_precision 95
at_least hard_recall 80
at_least quiet 100
echo "1..$n"
