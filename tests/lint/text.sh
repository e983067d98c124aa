#!/bin/sh
# Nothing left open, no trailing white space, a newline at the end, no path of
# the machine that it was written on, in any file of ours. Mails are exempt:
# they are as they came.
. "$(dirname "$0")/lib.sh"
left='TO''DO|FIX''ME|XX''X'
paths='/wo''rk/|/ro''ot/|/ho''me/[a-z]'
files '*' >"$scratch"
while IFS= read -r f; do
	case $f in
	*.eml | tests/fuzz/seeds/* | tests/hostile/*.bin) continue ;;
	esac
	hits=$(grep -nIE "(^|[^A-Za-z])($left)([^A-Za-z]|\$)|[ 	]+\$|$paths" "$f")
	[ -z "$hits" ] || tell "$(printf '%s\n' "$hits" | sed "s,^,$f:,")"
	[ -z "$(tail -c 1 "$f")" ] || tell "$f: no newline at its end"
done <"$scratch"
end
