#!/bin/sh
# What strangers write is shown and never obeyed: no command prints a control
# byte, a direction override or a cell that a spreadsheet runs.
. "$(dirname "$0")/lib.sh"

printf 'streams: { headers: [List-Id] }\n' >>bouncewatch.yaml
esc=$(printf '\033') rlo=$(printf '\342\200\256') c1=$(printf '\302\233')
bell=$(printf '\007') zero=$(printf '\342\200\213')
evil="${esc}]0;owned${bell}${esc}[2J${rlo}moc.elpmaxe${c1}31m${zero}x"

bounce anna@example.org 5.1.1 "550 5.1.1 User unknown $evil" |
	sed "s/^Subject: News/List-Id: $evil <evil.example>\\
&/" >1.eml
bounce "=cmd|x@example.org" >2.eml
bounce "\"a';touch owned;'\"@example.org" >3.eml
complaint bert@example.org "$evil <fbl.example>" >4.eml
bounce "b${rlo}@example.org" >5.eml
bounce "x@exam${zero}ple.org" >6.eml
mv 4.eml "4${esc}[31m.eml"

# harmless NAME: no control bytes in what the last run printed
harmless() {
	if grep -q "[$(printf '\001-\010\013\014\016-\037\177')]" out err ||
		grep -q -e "$c1" out err; then
		fail "$1: raw control characters"
	else
		pass "$1"
	fi
}

# clean NAME: nor anything that turns the direction or is not seen
clean() {
	if grep -q -e "$rlo" -e "$zero" out err; then
		fail "$1: raw hidden characters"
	else
		harmless "$1"
	fi
}

run parse ./*.eml
clean "parse"
run parse --explain ./*.eml
clean "parse --explain"
run parse --format=jsonl ./*.eml
clean "parse --format=jsonl"
truly "that reads back" grep -q '\\u001b' out
run parse ./absent"$evil"
clean "parse of a name"
run ingest ./*.eml ./absent"$evil"
ends "ingest" 66
clean "ingest"
# A list for machines has the addresses as they are.
run export plain
harmless "export plain"
run export jsonl
clean "export jsonl"
run export csv
harmless "export csv"
truly "export csv has no formula" [ -z "$(grep '^[=+@-]' out)" ]
for address in $("$BW" export plain 2>/dev/null); do
	run explain "$address"
	clean "explain of the $tests-th"
	run check "$address"
	clean "check of the $tests-th"
done
run explain "\"a';touch owned;'\"@example.org"
[ "$status" -eq 0 ] || run suppress --reason=r "o';touch owned;'x@example.org"
sed -n 's/.*to end it: [a-z]*/true/p' out >paste.sh
sh ./paste.sh
truly "what is to be pasted runs nothing" [ ! -e owned ]
run check "$evil"
clean "check of what is no address"
run suppress --reason="$evil" carl@example.org
run explain carl@example.org
clean "explain of a note"
run suppress --scope="$evil" --reason=r carl@example.org
clean "suppress in a scope"
run explain carl@example.org
clean "explain of a scope"
run report
clean "report"
run status
clean "status"
run "$evil"
clean "no such command"
run check "--$evil"
clean "no such option"
run check "--format=$evil"
clean "no such value"
run check --config="$evil" x@example.org
clean "no such configuration"
run check --database="$evil" x@example.org
clean "no such database"
end
