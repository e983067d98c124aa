# Shared by the lints. Each prints "file:line: what is wrong" for every finding
# and ends with 1 when there was one, with 77 when its tool is missing.
# shellcheck shell=sh
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
# shellcheck disable=SC2034
ROOMS="parsers conf store daemon"
# A file for this lint alone: others run beside it.
# shellcheck disable=SC2034
scratch=$B/lint-$(basename "$0" .sh)
found=0

tell() {
	printf '%s\n' "$*"
	found=1
}

need() {
	command -v "$1" >/dev/null || {
		echo "skipped: $1 is not installed"
		exit 77
	}
}

# Our files, one a line, that match one of the globs: those that git knows or
# would add, or all of them where this is no clone.
files() {
	if git rev-parse --git-dir >/dev/null 2>&1; then
		git ls-files --cached --others --exclude-standard -- "$@"
	else
		for glob; do
			find . -path './build*' -prune -o -type f \
				-path "./${glob#:(glob)}" -print
		done | sed 's,^\./,,'
	fi | sort -u | while IFS= read -r f; do
		[ ! -f "$f" ] || printf '%s\n' "$f"
	done
}

end() {
	exit $found
}
