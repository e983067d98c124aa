#!/bin/sh
# check, explain, suppress and release: the life of an address.
. "$(dirname "$0")/lib.sh"

cat >>bouncewatch.yaml <<'END'
never_suppress: ["boss@example.org"]
END
bounce anna@example.org 5.1.1 '550 5.1.1 User unknown' 3 >1.eml
bounce bert@example.org 5.2.2 '552 5.2.2 Mailbox full' 2 >2.eml
bounce boss@example.org >3.eml
run ingest 1.eml 2.eml 3.eml
has "never_suppress is accounted for" err "1 own or never_suppress"

run check anna@example.org
ends "check says no by its status" 1
has "and why" out "anna@example.org: suppressed since $(date -u -d '-3 days' +%F) everywhere: user-unknown (by policy)"
run check bert@example.org nobody@example.org
ends "check says yes" 0
has "in words" out "nobody@example.org: not suppressed"
run check "ANNA@Example.ORG."
ends "another spelling is the same address" 1
run check "<Anna@Example.ORG>"
ends "with brackets as well" 1
run check anna+tag@example.org
ends "a tag makes another address" 0
printf 'bert@example.org\n\n  anna@example.org  \n' >list
run check <list
ends "a list on standard input" 1
is "has an answer for each" "$(wc -l <out)" 2
run check anna@example.org "no address" bert@example.org
ends "what is no address" 65
has "is told with what is wrong" err "'no address' is no address"
is "and the others are answered" "$(wc -l <out)" 2
run check --format=jsonl anna@example.org bert@example.org
has "jsonl: no" out '{"v":1,"address":"anna@example.org","suppressed":true,"state":"suppressed","scope":"*","reason":"user-unknown"'
has "jsonl: yes" out '{"v":1,"address":"bert@example.org","suppressed":false,"state":null,"scope":null,'
run check --format=csv anna@example.org bert@example.org
is "csv" "$(tail -n 1 out | tr -d '\r')" "bert@example.org,false,,,,,,"

# "Not suppressed" must not be the answer to what looks like a listed address.
printf '\357\273\277anna@example.org\n' | "$BW" check >out 2>err
is "a byte order mark is passed over" $? 1
for c in '\357\273\277' '\342\200\213' '\342\200\256' '\302\240' '\001' '\377'; do
	# shellcheck disable=SC2059
	printf "bert@example.com\nan${c}na@example.org\n${c}anna@example.org\n" |
		"$BW" check >out 2>err
	is "an invisible character ($c) is not passed over" $? 65
	has "and told ($c)" err "line 2"
	has "also at the beginning ($c)" err "line 3"
	lacks "without an answer ($c)" out "na@"
done
run check "$(printf 'anna@example.org\342\200\213')"
ends "nor in an argument" 65
run explain anna@example.org
ends "explain" 0
for text in "suppressed everywhere since" "hard user-unknown 5.1.1 550" \
	"read from 1.eml" "this event suppressed the address" \
	"| Diagnostic-Code: smtp; 550 5.1.1 User unknown" \
	"nothing -> suppressed everywhere: user-unknown, by policy" \
	"bouncewatch release --reason=TEXT 'anna@example.org'"; do
	has "explain anna: $text" out "$text"
done
run explain bert@example.org
has "explain says why not" out "soft-waits: soft: more events over a longer time"
has "and that it is not suppressed" out "not suppressed"
run explain boss@example.org
has "explain knows never_suppress" out "own: "
run explain nobody@example.org
ends "explain of what is not known" 1
has "says so" err "nothing is known of 'nobody@example.org'"
run explain --format=jsonl anna@example.org
is "explain as jsonl" "$(grep -o '"kind":"[a-z]*"' out | tr '\n' ' ')" \
	'"kind":"suppression" "kind":"event" "kind":"change" '
run explain
ends "explain wants one address" 64

run release anna@example.org
ends "a release wants a reason" 64
has "and shows how" err "--reason="
run release --reason='  ' anna@example.org
ends "a real one" 64
run release --reason='ticket 17' anna@example.org
ends "release" 0
is "says so" "$(cat out)" "anna@example.org: released"
run check anna@example.org
ends "it may be mailed again" 0
has "and check knows why" out "released"
run release --reason='ticket 17' anna@example.org
is "a second release" "$(cat out)" "anna@example.org: was released already"
bounce anna@example.org 5.1.1 '550 5.1.1 No such user' 2 >4.eml
run ingest 4.eml
has "a late bounce does not undo it" err "1 released by hand"
run check anna@example.org
ends "it may still be mailed" 0
run explain anna@example.org
has "explain: who and why" out "$(id -un): ticket 17"
has "explain: what ends the release" out "sent after the release"
has "explain: why the late bounce counted nothing" out "released: the address"

run suppress --reason='by phone' Bert@Example.org
is "suppress" "$(cat out)" "Bert@Example.org: suppressed"
run check bert@example.org
ends "it may not be mailed" 1
has "by hand" out "manual (by hand)"
run suppress --reason=r bert@example.org
has "a second time" out "was suppressed already"
run suppress --reason=r --scope=news carl@example.org
is "in a scope" "$(cat out)" "carl@example.org: suppressed in news"
run check --scope=other carl@example.org
ends "it may be mailed in another" 0
run check --scope=news carl@example.org
ends "but not in its own" 1
run explain carl@example.org
has "explain: how to release the scope" out "--scope='news' 'carl@example.org'"
run suppress --reason=r me@news.example.com boss@example.org dora@example.org
ends "protected addresses" 65
has "are told with the key" err "'own:' in"
has "each with its own" err "'never_suppress:' in"
has "and the others are done" out "dora@example.org: suppressed"
run suppress --reason=r 'x y@example.org' ''
ends "what is no address" 65
run suppress --reason=r
ends "no address" 64
run release --reason=r --database=other.db anna@example.org
ends "release makes no database" 66
run suppress --reason=r "o'brien@example.org"
run explain "o'brien@example.org"
has "what is to be pasted is quoted" out "'o'\\''brien@example.org'"
run suppress --reason="$(printf 'a\033[2Jb\nc')" eve@example.org
run explain eve@example.org
truly "a note is shown, not obeyed" [ -z "$(tr -d '\n' <out | tr -d ' -~')" ]
end
