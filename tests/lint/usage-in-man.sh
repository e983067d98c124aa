#!/bin/sh
# What `bouncewatch COMMAND --help` says stands in the manual, and the other
# way round: every usage line equals the SYNOPSIS, every option of the table is
# in the page and none is there that the table lacks, and bouncewatch(1) lists
# the commands with the same words, and all reasons.
. "$(dirname "$0")/lib.sh"
need mandoc
BW=$B/bouncewatch
[ -x "$BW" ] || {
	echo "skipped: $BW is not built"
	exit 77
}

one_line() { tr -s ' \n\t' ' ' | sed 's/^ //; s/ $//'; }

# SYNOPSIS of page $1, each way to call it on a line.
synopsis() {
	mandoc -Tascii -O width=400 "$1" | sed 's/.\x08//g' | awk '
	/^[A-Z]/ { on = $0 == "SYNOPSIS"; next }
	on && NF { print }' | sed 's/^ *//'
}

# The usage lines of "$@" --help, unbroken.
usage() {
	"$BW" "$@" --help | awk '
	NF == 0 { exit }
	{ lead = substr($0, 1, 7); line = substr($0, 8) }
	lead == "usage: " || lead == "   or: " { n++; out[n] = line; next }
	{ out[n] = out[n] " " $0 }
	END { for (i = 1; i <= n; i++) print out[i] }' | tr -s ' '
}

# The options of section $1 of a help text on stdin, without dashes.
options() {
	awk -v title="$1:" '$0 == title { on = 1; next } !NF { on = 0 } on' |
		grep -o -- '--[a-z-]*' | sed 's/^--//' | sort -u
}

# The options that page $1 has of its own: in a list, with a long name.
page_options() {
	sed -n 's/^\.It .*Fl -\([a-z-]*\).*/\1/p; s/^\.It .*, -\([a-z-]*\).*/\1/p' \
		"$1" | sort -u
}

check() {
	page=$1 title=$2
	shift 2
	[ -f "$page" ] || {
		tell "$page: missing"
		return
	}
	want=$(usage "$@")
	got=$(synopsis "$page")
	[ "$want" = "$got" ] || tell "$page: SYNOPSIS differs from --help:
  help: $want
  page: $got"
	want=$("$BW" "$@" --help | options "$title")
	got=$(page_options "$page")
	[ "$want" = "$got" ] || tell "$page: options differ from --help:
  help: $(echo "$want" | one_line)
  page: $(echo "$got" | one_line)"
}

commands=$("$BW" help | awk '/^commands:/ { on = 1; next } !NF { on = 0 }
	on { print $1 }')
[ "$(echo "$commands" | wc -l)" -ge 10 ] || tell "help: lists no commands"
for c in $commands; do
	check "man/bouncewatch-$c.1" options "$c"
	# "Without a help text" would be a bug as well.
	words=$("$BW" help | sed -n "s/^  $c  *//p")
	page=$(awk -v c="bouncewatch-$c" '
		$1 == ".It" && $3 == c { getline; print; exit }' man/bouncewatch.1)
	[ "$words" = "$page" ] || tell "man/bouncewatch.1: $c:
  help: $words
  page: $page"
done
check man/bouncewatch.1 options
for word in $(sed -n 's/^REASON([1-9][0-9]*, [A-Z_]*, "\([^"]*\)".*/\1/p' \
	parsers/words.def); do
	sed -n '/^\.Ss Reasons/,/^\.Sh/p' man/bouncewatch.1 | grep -qx "\.It $word" ||
		tell "man/bouncewatch.1: Reasons lacks $word"
done
for page in man/bouncewatch-*.1; do
	c=${page#man/bouncewatch-}
	echo "$commands" | grep -qx "${c%.1}" || tell "$page: no such command"
done
end
