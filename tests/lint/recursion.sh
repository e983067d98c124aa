#!/bin/sh
# Nothing in parsers/ calls itself, not by way of others either: hostile mail
# must not be able to choose the depth of the stack. The compiler tells the
# calls; what goes through a pointer it cannot see, so only verdict_ops, which
# leave the room, may be called by one.
#
# Shown to fail: with a function that calls itself, with two that call each
# other, with a callback.
. "$(dirname "$0")/lib.sh"
need gcc
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
for f in parsers/*.c; do
	gcc -std=c11 -D_GNU_SOURCE -w -O0 -Iparsers -fcallgraph-info \
		-c -o "$tmp/$(basename "$f" .c).o" "$f" || found=1
done
cat "$tmp"/*.ci | sed -n \
	's/^edge: { sourcename: "\([^"]*\)" targetname: "\([^"]*\)".*/\1 \2/p' \
	>"$tmp/calls"
[ -s "$tmp/calls" ] || tell "parsers: the compiler told no calls at all"
awk '$1 == $2 && !seen[$1]++ { print $1 " calls itself" }' "$tmp/calls" \
	>"$tmp/loops"
tsort "$tmp/calls" 2>&1 >/dev/null | sed 's/^tsort: //' >>"$tmp/loops"
grep -nE '\(\*[a-z_0-9]+\)\(' parsers/*.[ch] |
	grep -vE ':	struct str \(\*to_(utf8|ascii|nfc)\)\(' >>"$tmp/loops"
[ ! -s "$tmp/loops" ] || tell "$(cat "$tmp/loops")"
end
