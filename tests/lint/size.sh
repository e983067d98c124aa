#!/bin/sh
# Functions have at most 70 lines and 6 parameters, files at most 700 lines
# (from 500 on it is worth a look). A callback has as many parameters as its
# library gives it: "the signature is not ours" above it says so. Because
# .clang-format is law, the braces of a function, and nothing else, stand alone
# in the first column.
. "$(dirname "$0")/lib.sh"
files '*.c' '*.h' >"$scratch"
while IFS= read -r f; do
	awk -v f="$f" '
	function parameters(s,    i, c, depth, n) {
		sub(/^[^(]*\(/, "", s)
		n = s ~ /^ *(void)? *\)/ ? 0 : 1
		for (i = 1; i <= length(s) && depth >= 0; i++) {
			c = substr(s, i, 1)
			depth += (c == "(") - (c == ")")
			n += c == "," && depth == 0
		}
		return n
	}
	/^$/ || /^[#}]/ || /;$/ { if (!body) { head = ""; from = 0 } }
	/^\{$/ {
		body = 1
		if (parameters(head) > 6 &&
			head !~ /signature is not ours/) {
			print f ":" from ": more than 6 parameters: " head
			bad = 1
		}
	}
	!body && NF { if (!from) from = NR; head = head $0 " " }
	/^\}/ && body {
		if (NR - from + 1 > 70) {
			print f ":" from ": " NR - from + 1 " lines: " head
			bad = 1
		}
		body = 0
		head = ""
		from = 0
	}
	END {
		if (NR > 700) {
			print f ": " NR " lines, more than 700"
			bad = 1
		} else if (NR > 500)
			print "# note: " f " has " NR " lines: is it one thing?"
		exit bad
	}' "$f" || found=1
done <"$scratch"
end
