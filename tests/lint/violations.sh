#!/bin/sh
# Every tolerance of the parsers is written down with the mail that needs it:
# each line of VIOLATIONS.md names one, each mail that it names is there, and
# each broken mail is named.
#
# Shown to fail: with one name taken out of a line, with broken/cr-cr-lf.eml
# renamed.
. "$(dirname "$0")/lib.sh"
list=parsers/VIOLATIONS.md
[ -f $list ] || {
	tell "$list: is missing"
	end
}
grep -oE '[a-z0-9-]+/[a-z0-9._-]+\.eml' $list | sort -u >"$scratch"
while IFS= read -r mail; do
	[ -f "tests/corpus/$mail" ] || tell "$list: no mail tests/corpus/$mail"
done <"$scratch"
awk -v f=$list '
function finish() {
	if (item != "" && item !~ /\.eml/) {
		print f ":" from ": names no mail: " item
		bad = 1
	}
	item = ""
}
/^- / { finish(); from = NR }
/^$/ || /^#/ { finish() }
/^- / || item != "" { item = item " " $0 }
END { finish(); exit bad }' $list || found=1
for mail in tests/corpus/broken/*.eml; do
	grep -q "broken/$(basename "$mail")" $list ||
		tell "$mail: $list does not say what it is for"
done
end
