#!/bin/sh
# run.sh [SCENARIO...]: the scenarios of this folder ([0-9]*.sh), as TAP. They
# share one throwaway Dovecot, each with a user of its own, and run two at a
# time. LONG=1 adds those that wait for deadlines. Ends with 1 when one failed.
set -u
cd "$(dirname "$0")" || exit 1
B=$(cd ../.. && cd "${B:-build}" && pwd) || exit 1
export B
home=$B/imap
rm -rf "$home"
mkdir -p "$home" || exit 1

server=$(./dovecot.sh up) || exit 1
trap './dovecot.sh down "$server"' EXIT
trap 'exit 1' INT TERM
set -a
# shellcheck source=/dev/null
. "$server/env"
set +a
export IMAP_SERVER="$server"

[ $# -gt 0 ] || set -- [0-9]*.sh
export home
# shellcheck disable=SC2016
printf '%s\n' "$@" | sed 's/\.sh$//' | xargs -P 2 -I NAME sh -c \
	'DIR=$home/NAME ./NAME.sh >"$home/NAME.tap" 2>&1 </dev/null; :'

failed=0
number=0
for scenario; do
	name=$(basename "$scenario" .sh)
	tap=$home/$name.tap
	planned=$(sed -n 's/^1\.\.//p' "$tap")
	seen=$(grep -cE '^(not )?ok ' "$tap")
	[ "${planned:-none}" = "$seen" ] ||
		echo "not ok 0 - it ended before its end" >>"$tap"
	while IFS= read -r line; do
		case $line in
		ok* | "not ok"*)
			number=$((number + 1))
			echo "$line" | sed -E \
				"s/^((not )?ok) [0-9]+ -/\\1 $number - $name:/"
			;;
		1..*) ;;
		*) echo "# ${line#\# }" ;;
		esac
	done <"$tap"
	! grep -q '^not ok' "$tap" || failed=1
done
echo "1..$number"
exit $failed
