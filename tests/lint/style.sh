#!/bin/sh
# C files are in the form of .clang-format. Later versions of clang-format
# decide some cases otherwise: only the one that the file was written for counts.
. "$(dirname "$0")/lib.sh"
format=clang-format-14
command -v $format >/dev/null || format=clang-format
need $format
case $($format --version) in
*"version 14."*) ;;
*)
	echo "skipped: clang-format is not version 14"
	exit 77
	;;
esac
files '*.c' '*.h' >"$scratch"
while IFS= read -r f; do
	$format --dry-run -Werror "$f" || found=1
done <"$scratch"
end
