#!/bin/sh
# export --since-last: what to add and what to take off, so that a platform's
# list follows ours and keeps what is its own; the undo of an incident to the
# byte.
. "$(dirname "$0")/lib.sh"

# An ESP: its list, and what of it we never told it.
printf '%s\n' alice@one.example complained@one.example optout@two.example >list
cp list before
ask() {
	run export plain --since-last=crm -o adds --removals=removals
	LC_ALL=C sort removals >removals.sorted
	sort adds list | uniq >list.new
	LC_ALL=C comm -23 list.new removals.sorted >list
}

events() {
	echo recipient,at,event,status,smtp,diagnostic
	for who; do
		echo "$who,2026-11-20T10:10:00Z,bounced,5.1.1,550,User unknown"
	done
}

printf 'recipient,at\n' >e.csv
run import events e.csv
ask
ends "an empty list" 0
has "says that the name is new" err "0 to add, 0 to take off (the whole list: the name is new)"
events live1@one.example live2@one.example live3@one.example >e.csv
run import events e.csv
ask
has "three to add" err "3 to add, 0 to take off"
is "are added" "$(wc -l <list)" 6
ask
has "nothing new" err "0 to add, 0 to take off"

# The provider had a bad day, and some of the platform's own are among them.
events optout@two.example >e.csv
run import events e.csv
run incident mark --reason=x --from=2026-11-20T10:00:00Z --to=2026-11-20T11:00:00Z --domain=one.example
ask
has "what is held goes out as a removal" err "1 to add, 3 to take off"
id=$(run incident list --format=jsonl; sed -n 's/.*"id":\([0-9]*\),"state":"closed","kind":"domain","name":"one.example".*/\1/p' out)
run incident release --reason=x "$id"
ends "the incident is released" 0
ask
has "its release changes nothing more" err "0 to add, 0 to take off"
truly "the platform's list is byte for byte what it was" cmp list before

run suppress --reason=x bob@three.example
run export plain --since-last=other -o adds2 --removals=removals2
is "another name has its own place" "$(sort adds2)" "bob@three.example
optout@two.example"
run release --reason=x bob@three.example
ask
is "what came and went between is not removed, for it was not added" "$(cat removals)" ""
run export plain --since-last=other -o adds2 --removals=removals2
is "but by the other name it is" "$(cat removals2)" "bob@three.example"

# An address in two scopes is on a plain list once.
{
	echo recipient,at,event,status,smtp,diagnostic,stream
	echo eve@one.example,2026-11-20T10:00:00Z,complaint,,,,news
	echo eve@one.example,2026-11-21T10:00:00Z,bounced,5.1.1,550,User unknown,news
} >e.csv
run import events e.csv
ask
run release --reason=x eve@one.example
ask
is "it goes with the last of them" "$(cat removals)" ""
run release --reason=x --scope=news eve@one.example
ask
is "then" "$(cat removals)" "eve@one.example"

# Both scopes at once: once added, once taken off. Failed with the rows of
# query_delta() written as they come.
{
	echo recipient,at,event,status,smtp,diagnostic,stream
	echo finn@four.example,2026-11-20T10:00:00Z,complaint,,,,news
	echo hank@four.example,2026-11-20T10:00:00Z,complaint,,,,news
	echo finn@four.example,2026-11-22T10:00:00Z,bounced,5.1.1,550,User unknown,news
} >e.csv
run import events e.csv
ask
is "in two scopes, it is added once" "$(sort adds | tr '\n' ' ')" \
	"finn@four.example hank@four.example "
run export sparkpost --since-last=spark -o spark --removals=unspark
spark() {
	run export sparkpost --since-last=spark -o spark --removals=unspark
}
run release --reason=x finn@four.example
spark
is "what held everywhere and now in a stream is taken off whole" \
	"$(jq -c '[.recipient, .type]' unspark | tr '\n' ' ')" \
	'["finn@four.example","non_transactional"] ["finn@four.example","transactional"] '
is "and added for what remains" \
	"$(jq -c '.recipients[] | [.recipient, .type, .description]' spark)" \
	'["finn@four.example","non_transactional","abuse"]'
run suppress --reason=x finn@four.example
spark
is "held everywhere again, it gets both kinds" \
	"$(jq -c '.recipients[].type' spark | tr '\n' ' ')" \
	'"non_transactional" "transactional" '
ask
is "a plain list had it all the time" "$(cat adds removals)" ""
run release --reason=x finn@four.example
run release --reason=x --scope=news hank@four.example
run release --reason=x --scope=news finn@four.example
ask
is "released from both, it is taken off once" \
	"$(sort removals | tr '\n' ' ')" "finn@four.example hank@four.example "

# By --reason, a list is one of these alone: another scope with another reason
# keeps nothing on it. Failed while any suppression of the address counted.
{
	echo recipient,at,event,status,smtp,diagnostic,stream
	echo gus@four.example,2026-11-20T10:00:00Z,complaint,,,,news
	echo gus@four.example,2026-11-22T10:00:00Z,bounced,5.1.1,550,User unknown,news
} >e.csv
run import events e.csv
abuse() {
	run export plain --reason=abuse --since-last=abuse -o adds2 --removals=removals2
}
abuse
has "the list of one reason" adds2 gus@four.example
run release --reason=x --scope=news gus@four.example
abuse
is "loses what has another reason left" "$(cat removals2)" "gus@four.example"

# What is held, for a platform that takes an expiry; its confirmation is no
# removal and no gap. Shown to fail without .or_held in the job's filter.
events ida@five.example jo@five.example >e.csv
run import events e.csv
run export cloudflare --state=both --since-last=cf -o cf --removals=uncf
has "suppressed for good" cf ida@five.example
run incident mark --reason=x --from=2026-11-20T10:00:00Z --to=2026-11-20T11:00:00Z --domain=five.example
run export cloudflare --state=held --domain=five.example
is "held until it goes on probation" "$(sort out | sed 's/,20.*Z$/,WHEN/' | tr '\n' ' ')" \
	"ida@five.example,WHEN jo@five.example,WHEN "
run export cloudflare
lacks "and not suppressed" out five.example
run export csv --state=held
has "csv tells which it is" out "jo@five.example,*,held,hard,user-unknown,"
cf() {
	run export cloudflare --state=both --since-last=cf -o cf --removals=uncf
}
cf
is "both: now with an expiry" "$(sort cf | sed 's/,20.*Z$/,WHEN/' | tr '\n' ' ')" \
	"ida@five.example,WHEN jo@five.example,WHEN "
is "and nobody taken off" "$(cat uncf)" ""
id=$(run incident list --format=jsonl; sed -n 's/.*"id":\([0-9]*\),"state":"closed","kind":"domain","name":"five.example".*/\1/p' out)
run incident confirm --reason=x "$id"
cf
is "confirmed: without one" "$(sort cf | tr '\n' ' ')" \
	"ida@five.example jo@five.example "
is "and nobody taken off, again" "$(cat uncf)" ""
run export plain --state=both
ends "not where nothing can say until when" 64

run export csv --since-last=crm -o adds --removals=removals
ends "another format under the same name" 64
has "is refused" err "use another name"
run export plain --since-last=crm --domain=one.example -o adds --removals=removals
ends "other options, too" 64
run export plain --since-last=crm
ends "two files are needed" 64
run export plain --removals=x
ends "and removals need a name" 64
run export plain --since-last=crm -o same --removals=same
ends "two of them" 64
rm -f adds removals
run export plain --since-last=crm -o adds --removals=/nowhere/removals
ends "a folder that is not there" 73
truly "leaves no half" [ ! -e adds ]
run export plain --since-last=crm -o bouncewatch.yaml --removals=removals
ends "our own files are not replaced" 73
# One file by two names, or one that is a part of the other: nothing is written
# and the name does not move. Shown failing with the names compared as text.
before=$(sqlite3 test.db "SELECT group_concat(name || seq) FROM cursors")
for pair in "one.csv ./one.csv" "ses.csv ses-002.csv" "ses-003.csv ses.csv"; do
	run export ses --since-last=pairs -o "${pair% *}" \
		--removals="${pair#* }"
	ends "additions and removals in $pair" 64
done
is "no name has moved" "$(sqlite3 test.db \
	"SELECT group_concat(name || seq) FROM cursors")" "$before"
# What the configuration exports is not taken from it by hand.
cat bouncewatch.yaml - >ours.yaml <<'END'
exports:
- {name: shop, format: plain, file: shop.csv, removals: shop-off.csv, cursor: delta}
END
run --config=ours.yaml export plain --since-last=delta -o mine --removals=mine-off
ends "a cursor of exports:" 64
has "is its own" err "'delta' is the cursor of the export 'shop' (line 4 of "
run --config=ours.yaml export plain --since-last=delta -o shop.csv --removals=shop-off.csv
ends "without --force" 64
run --config=ours.yaml export plain --since-last=delta -o mine --removals=shop-off.csv --force
ends "or into another file" 64
truly "nothing is written" [ ! -e shop.csv ]
is "and nothing moved" "$(sqlite3 test.db "SELECT count(*) FROM cursors WHERE name = 'delta'")" 0
run --config=ours.yaml export plain --since-last=delta -o ./shop.csv --removals=shop-off.csv --force
ends "--force writes its own files" 0
run --config=ours.yaml export plain --since-last=shop -o mine --removals=mine-off
ends "other names are free" 0

# Two at once: who loses the name leaves no files.
lost=0 left=0 i=0
while [ $i -lt 8 ]; do
	i=$((i + 1))
	"$BW" export plain --since-last=race$i -o a$i --removals=ra$i >/dev/null 2>&1 &
	first=$!
	"$BW" export plain --since-last=race$i -o b$i --removals=rb$i >/dev/null 2>&1
	[ $? -ne 75 ] || { lost=$((lost + 1)) && [ ! -e b$i ] && [ ! -e rb$i ]; } || left=$((left + 1))
	wait $first
	[ $? -ne 75 ] || { lost=$((lost + 1)) && [ ! -e a$i ] && [ ! -e ra$i ]; } || left=$((left + 1))
done
is "of $lost that lost the name, none left a file" "$left" 0

# Two scopes of one address, of which one changed and one came.
run export mailgun --since-last=twice -o mg.add --removals=mg.del
{
	echo recipient,at,event,status,smtp,diagnostic,stream
	echo both@six.example,2026-11-20T10:00:00Z,bounced,5.2.1,550,This account has been disabled,news
} >e.csv
run import events e.csv
run export mailgun --since-last=twice -o mg.add --removals=mg.del
{
	echo recipient,at,event,status,smtp,diagnostic,stream
	echo both@six.example,2026-11-21T10:00:00Z,complaint,,,,news
	echo mid@six.example,2026-11-21T10:00:00Z,bounced,5.1.1,550,User unknown,news
	echo both@six.example,2026-11-22T10:00:00Z,bounced,5.1.1,550,5.1.1 User unknown,news
} >e.csv
run import events e.csv
run export csv
has "one came" out "both@six.example,news,suppressed,complaint"
has "one changed" out "both@six.example,*,suppressed,hard,user-unknown"
run export mailgun --since-last=twice -o mg.add --removals=mg.del
is "the address stands once" "$(grep -c both mg.add)" 1

# What a format cannot say is counted.
for days in 30 15 1; do
	bounce full@seven.example 5.2.2 "452 4.2.2 <full@seven.example>: mailbox full" $days >full.eml
	run ingest full.eml
done
run export csv
has "a soft one" out "full@seven.example,*,suppressed,soft,mailbox-full"
run export plain
has "is left out, which is told" err "1 soft bounce is left out: plain cannot say when"
lacks "indeed" out full@
run export plain --include-soft
lacks "not where it is in" err "left out"
run export cloudflare
lacks "nor where it can be said" err "soft bounce"
run db purge both@six.example
run export plain
has "what was forgotten is left out, which is told" err "1 left out that was forgotten"
run export plain --hash=sha256
lacks "not of hashes" err "forgotten"
run suppress --reason=x --scope= empty@example.org
ends "an empty scope" 64

end
