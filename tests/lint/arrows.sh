#!/bin/sh
# A room sees the headers of the rooms that it may use, and no others: an
# #include that goes the wrong way does not compile. The Makefile gives the
# paths (INC_parsers, ...); this tries every wrong arrow.
. "$(dirname "$0")/lib.sh"
need gcc
: "${INC_parsers:?run it with make lint}"

# What may not be seen from a room: DESIGN.md, Rooms.
forbidden() {
	case $1 in
	parsers) echo conf store daemon ;;
	conf) echo store daemon ;;
	store) echo conf daemon ;;
	esac
}

# reaches ROOM HEADER: whether a file of ROOM can include this very header.
reaches() {
	eval "paths=\$INC_$1"
	# shellcheck disable=SC2086,SC2154
	printf '#include "%s"\n' "$(basename "$2")" |
		gcc -std=c11 -D_GNU_SOURCE $paths -E -x c - 2>/dev/null |
		grep -q "^# 1 \"$2\""
}

for room in $ROOMS; do
	for h in "$room"/*.h; do
		reaches "$room" "$h" ||
			tell "$h: cannot be included in its own room"
	done
	for other in $(forbidden "$room"); do
		for h in "$other"/*.h; do
			! reaches "$room" "$h" ||
				tell "$h: can be included in $room/"
		done
	done
done
twins=$(for room in $ROOMS; do ls "$room"; done | grep '\.h$' | sort | uniq -d)
for h in $twins; do
	tell "$h: two rooms have a header of this name"
done
files '*.c' '*.h' >"$scratch"
while IFS= read -r f; do
	hits=$(grep -n '^ *# *include.*\.\.' "$f")
	[ -z "$hits" ] || tell "$f:$hits"
done <"$scratch"
end
