#!/bin/sh
# Shell scripts are clean under shellcheck, and they can be run.
. "$(dirname "$0")/lib.sh"
need shellcheck
files '*.sh' '.ci/*' >"$scratch"
while IFS= read -r f; do
	shellcheck -S warning -x -P SCRIPTDIR -e SC1091 "$f" || found=1
	case $f in
	*/lib*.sh) ;;
	*) [ -x "$f" ] || tell "$f: is not executable" ;;
	esac
done <"$scratch"
end
