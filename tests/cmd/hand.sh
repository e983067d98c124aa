#!/bin/sh
# suppress and release of a file: lines, CSV, mistakes, twice, a big one.
#
# Shown to fail by: end_batch() without its last call; ledger_hand_put() that
# always says changed; protecting() that names none; the line of a mistake not
# set.
. "$(dirname "$0")/lib.sh"
plain() { "$BW" export plain 2>/dev/null | LC_ALL=C sort; }

printf '\357\273\277a@b.example.org\r\n\n  B@b.example.org \nnobody\nnews@news.example.com\na@b.example.org\n"q q"@b.example.org' >list.txt
run suppress --reason='by letter' --file=list.txt
ends "a file with mistakes" 65
has "which are told with their line" err "list.txt:4: 'nobody' is no address: it has no @"
has "what is protected, too" err "list.txt:5: 'news@news.example.com' stays as it is: 'own:' in"
has "and all is counted" err "suppressed 3 addresses; 1 were so already, 2 could not be"
is "nothing is data" "$(cat out)" ""
is "the rest is done" "$(plain)" '"q q"@b.example.org
a@b.example.org
b@b.example.org'
run explain a@b.example.org
has "with who and why" out ": by letter)"
run suppress --reason='by letter' -f list.txt
has "twice changes nothing" err "suppressed 0 addresses; 4 were so already, 2 could not be"

printf 'Name;E-Mail\nAnn;c@b.example.org\n"Ben; jr";d@b.example.org\nCy\n;"e@b.example.org\n' >list.csv
run suppress --reason=x --csv=e-mail --file=list.csv
ends "a CSV file with mistakes" 65
has "a row without the column" err "list.csv:4: the row has no column 'e-mail'"
has "a quote that stays open" err "list.csv:5: a quote is opened and never closed"
has "counted" err "suppressed 2 addresses; 0 were so already, 2 could not be"
run suppress --reason=x --csv=address --file=list.csv
ends "no such column" 65
has "is told" err "list.csv:1: the head has no column 'address'"

echo minus@b.example.org | "$BW" suppress --reason=x - >out 2>err
has "a list on standard input" err "suppressed 1 addresses"
run release --reason=x --file=- <<'END'
c@b.example.org
news@news.example.com
new@b.example.org
END
ends "release from standard input" 0
has "is counted" err "released 1 addresses; 0 were so already, 0 could not be"
has "by itself what was not suppressed" err "2 more were not suppressed"
run release --reason=x other@b.example.org
is "of one, too" "$(cat out)" "other@b.example.org: released (it was not suppressed)"
for command in suppress release; do
	run $command --reason=x "$(printf 'a\342\200\213@b.example.org')" "ok.$command@b.example.org"
	ends "$command of what nobody sees" 65
	has "is not done" err "'a\\u{200b}@b.example.org' has an invisible character: not done"
	has "and costs no other" out "ok.$command@b.example.org: "
	run $command --reason=x --scope="$(printf 'a\nb')" a@b.example.org
	ends "nor in such a scope" 64
done
printf 'mail\n"s@b.example.org"x\n"t@b.example.org"\n' >stray.csv
run suppress --reason=x --csv=mail -f stray.csv
has "text behind the quote that ends an address" err "stray.csv:2: text follows the quote that ends the address"
has "costs no other" err "suppressed 1 addresses; 0 were so already, 1 could not be"
run suppress --reason=x forgotten1@b.example.org forgotten2@b.example.org
run db purge forgotten1@b.example.org forgotten2@b.example.org
run release --reason=x forgotten1@b.example.org
has "who was forgotten is in no list of changes" err "'forgotten1@b.example.org' was forgotten (db purge): no export --since-last names it"
echo forgotten2@b.example.org | "$BW" release --reason=x - >out 2>err
has "which is counted" err "1 of them were forgotten (db purge)"
run release --reason=x forgotten1@b.example.org
lacks "and told once" err "forgotten"
run check c@b.example.org
ends "and done" 0
awk 'BEGIN { print "ok3@b.example.org"; for (i = 0; i < 30; i++) print "u" i "%c@b.example.org" }' >doubt.txt
run suppress --reason=x -f doubt.txt
ends "what may be sent on elsewhere" 0
has "is told" err "doubt.txt:2: 'u0%c@b.example.org' has a % before the @: some servers send it on to the host behind that; suppressed as it is written"
is "of many, twenty" "$(grep -c 'doubt.txt:[0-9]' err)" 20
has "and how many there are" err "30 in all may reach somebody else"
has "all are done" err "suppressed 31 addresses; 0 were so already, 0 could not be"
printf 'd@b.example.org\n' >scope.txt
run suppress --reason=x --scope=news --file=scope.txt
is "--scope holds for a file" "$("$BW" export csv | grep -c 'd@b.example.org,news')" 1

run suppress --reason=x --file=missing.txt
ends "no such file" 66
run suppress --reason=x --file=.
ends "a folder" 66
run suppress --file=list.txt
ends "without a reason" 64
run suppress --reason=x --file=list.txt z@b.example.org
ends "a file and addresses" 64
run suppress --reason=x --csv=a z@b.example.org
ends "--csv without a file" 64
run release --reason=x --file=list.txt --domain=b.example.org
ends "a file and a window" 64
printf 'a\0@b.example.org\n\377@b.example.org\nok@b.example.org\n' >bytes.txt
run suppress --reason=x --file=bytes.txt
ends "NUL and what is no UTF-8" 65
has "are told" err "suppressed 1 addresses; 0 were so already, 2 could not be"
printf 'a\342\200\213@b.example.org\n' >hidden.txt
run suppress --reason=x --file=hidden.txt
has "what nobody sees is told" err "hidden.txt:1: 'a\\u{200b}@b.example.org' has an invisible character"
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "xxxxx"; printf "@b.example.org\nok2@b.example.org\n" }' >long.txt
run suppress --reason=x --file=long.txt
has "a long line costs no other" err "suppressed 1 addresses"
has "and is told" err "long.txt:1: the line is too long"
awk 'BEGIN { for (i = 0; i < 30; i++) print "x" }' >many.txt
run suppress --reason=x --file=many.txt
is "of many mistakes twenty are shown" "$(grep -c 'many.txt:[0-9]' err)" 20

# Fast enough that nobody waits: a transaction an address takes minutes.
awk 'BEGIN { for (i = 0; i < 50001; i++) print "u" i "@big.example.org" }' >big.txt
run suppress --reason=x --file=big.txt
ends "a big file" 0
has "is done to its last line" err "suppressed 50001 addresses"
is "and is there" "$(plain | grep -c @big.example.org)" 50001
is "in order of the log" "$(sqlite3 test.db 'select count(*) from changes' |
	awk '{ print ($1 >= 50001) }')" 1
end
