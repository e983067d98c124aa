# Shared by the checks of hostile mail. Each prints a figure and ends with 1
# when it is not reached; LONG=1 asks for the long form.
# shellcheck shell=sh
set -eu
cd "$(dirname "$0")/../.."
B=${B:-build}
LONG=${LONG:-}
# shellcheck disable=SC2034
here=tests/hostile

work=$(mktemp -d "${TMPDIR:-/tmp}/bouncewatch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

need() {
	for f; do
		[ -x "$f" ] || {
			echo "'$f' is not there: run 'make units tools sanitized'"
			exit 1
		}
	done
}
