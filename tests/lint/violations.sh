#!/bin/sh
# Every tolerance of the parsers is written down with the mail that needs it:
# each mail that VIOLATIONS.md names is there, and each broken mail is named.
. "$(dirname "$0")/lib.sh"
list=parsers/VIOLATIONS.md
[ -f $list ] || {
	tell "$list: is missing"
	end
}
grep -oE '[a-z0-9-]+/[a-z0-9._-]+\.eml' $list | sort -u >"$B/lint.files"
while IFS= read -r mail; do
	[ -f "tests/corpus/$mail" ] || tell "$list: no mail tests/corpus/$mail"
done <"$B/lint.files"
for mail in tests/corpus/broken/*.eml; do
	grep -q "broken/$(basename "$mail")" $list ||
		tell "$mail: $list does not say what it is for"
done
end
