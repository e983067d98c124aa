#!/bin/sh
# A file exports only its own name: S.c exports S_*, or what S.h declares (two
# words for one thing, such as class_word in words.h). A file X_Y.c is a part
# of X: it may export what X.h or X_private.h declares. D/S.c in a folder of
# commands or formats may say D_S.
. "$(dirname "$0")/lib.sh"
need nm

# own FILE SYMBOL
own() {
	folder=$(dirname "$1")
	name=$(basename "$1" .c)
	case $2 in
	"$name" | "$name"_* | "$(basename "$folder")_$name" | \
		"$(basename "$folder")_$name"_*) return 0 ;;
	esac
	while :; do
		for h in "$folder/$name.h" "$folder/${name}_private.h" \
			"$(dirname "$folder")/$name.h"; do
			[ ! -f "$h" ] || ! grep -qw "$2" "$h" || return 0
		done
		case $name in
		*_*) name=${name%_*} ;;
		*) return 1 ;;
		esac
	done
}

for room in $ROOMS; do
	find "$room" -name '*.c' | sort | while IFS= read -r f; do
		[ -f "$B/obj/${f%.c}.o" ] || {
			[ "$f" = conf/mkrules.c ] || echo "$f: is not built"
			continue
		}
		nm -g --defined-only "$B/obj/${f%.c}.o" |
			awk '$2 ~ /^[TDBRC]$/ { print $3 }' |
			while IFS= read -r symbol; do
				[ "$symbol" = main ] || own "$f" "$symbol" ||
					echo "$f: exports $symbol"
			done
	done
done >"$scratch"
[ ! -s "$scratch" ] || tell "$(cat "$scratch")"
end
