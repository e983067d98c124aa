#!/bin/sh
# ingest: every kind of source, the same mail once, and what a mailer is told.
. "$(dirname "$0")/lib.sh"

bounce anna@example.org >anna.eml
bounce bert@example.org 5.2.2 '552 5.2.2 Mailbox full' >bert.eml
ordinary >lunch.eml
from='From MAILER-DAEMON Mon Jan  5 10:00:00 2026'

run ingest anna.eml bert.eml lunch.eml
ends "files" 0
has "are accounted for" err "recorded 3 of 3 messages: 1 hard, 1 soft, 1 none"
has "and so is what became of them" err "1 suppressed an address, 2 did not"
run ingest anna.eml
has "a second time counts nothing" err "recorded 0 of 1 message, 1 seen before"

# The same mails as an mbox, as a Maildir, as a folder, from a pipe.
for f in anna bert lunch; do
	echo "$from"
	sed 's/^\(>*From \)/>\1/' $f.eml
	echo
done >all.mbox
run ingest all.mbox
has "an mbox of them" err "recorded 0 of 3 messages, 3 seen before"
sed 's/$/\r/' all.mbox >crlf.mbox
run ingest crlf.mbox
has "with CRLF" err "recorded 0 of 3 messages, 3 seen before"
for i in $(seq 20); do
	printf 'From MAILER-DAEMON\n'
	bounce "dateless$i@example.org"
	echo
done >dateless.mbox
run ingest --database=dateless.db dateless.mbox
has "with From_ lines without a date" err "recorded 20 of 20 messages"
for n in 1 2 3; do
	{
		[ $n = 1 ] || printf 'From x\n'
		bounce from@example.org | sed 's/^x$/\nFrom afar/'
		[ $n = 2 ] || echo
	} | sed "$([ $n = 1 ] || echo '2,9999s/^From />&/')" >copy$n
done
run ingest copy1 copy2 copy3
has "copies with other ends and quoting are one" err \
	"recorded 1 of 3 messages, 2 seen before"
mkdir -p md/new md/cur md/tmp dir
cp anna.eml md/new/100.a
cp bert.eml md/cur/101.b:2,S
cp lunch.eml md/tmp/102.c
cp ./*.eml dir
echo x >dir/notes.txt
run ingest md
has "a Maildir without its tmp" err "recorded 0 of 2 messages, 2 seen before"
run ingest dir
has "a folder of .eml" err "recorded 0 of 3 messages, 3 seen before"
has "that says what it left alone" err "1 file left alone"
run ingest <anna.eml
ends "a message from a pipe" 0
has "that was seen before" err "recorded 0 of 1 message, 1 seen before"
tail -c +1 all.mbox | run ingest /dev/stdin
has "an mbox from a pipe" err "recorded 0 of 3 messages, 3 seen before"
run ingest <all.mbox
has "that is not named is told" err "looks like an mbox"
run ingest -q anna.eml
truly "-q says nothing" [ ! -s err ]

bounce carl@example.org >carl.eml
run ingest absent.eml carl.eml no/such.mbox
ends "something unreadable" 66
has "is named" err "unable to open 'absent.eml'"
has "and the rest is recorded" err "recorded 1 of 1 message: 1 hard"
run check carl@example.org
ends "in the database" 1
cp carl.eml "$(printf 'x\033]0;evil\007.eml')"
run ingest "$(printf 'x\033]0;evil\007.eml')" "$(printf 'y\033[2J')"
truly "names are shown, not obeyed" [ -z "$(tr -d '\n' <err | tr -d ' -~')" ]

bounce old@example.org 5.1.1 '550 5.1.1 User unknown' 400 >old.eml
run ingest old.eml
has "an old bounce says why it suppressed nobody" err \
	"1 stale (older than policy.stale_after, or than what it suppresses for)"

run ingest --once anna.eml
ends "--once takes no files" 64
run ingest --account=news anna.eml
ends "--account goes with --once" 64
run ingest --once
ends "--once needs mailboxes" 78
has "and says so" err "names no mailbox"

# A mailer's message: everything but success is 75.
tempfail() {
	name=$1
	shift
	bounce "pipe$tests@example.org" >pipe.eml
	"$BW" "$@" >out 2>err <pipe.eml
	is "a mailer keeps the message: $name" $? 75
	truly "with a word why: $name" [ -s err ]
}
tempfail "wrong option" ingest --databse=x.db
tempfail "wrong option of the program" --databse=x.db ingest
tempfail "wrong value" ingest --config
tempfail "no such configuration" ingest --config=absent.yaml
echo 'nonsense: 1' >bad.yaml
tempfail "mistake in the configuration" --config=bad.yaml ingest
tempfail "no folder for the database" ingest --database=absent/x.db
tempfail "no database" ingest --database=anna.eml
tempfail "the same, named -" ingest --database=anna.eml -
tempfail "the same, named /dev/stdin" ingest --database=anna.eml /dev/stdin
: >nothing
"$BW" ingest <nothing >out 2>err
is "a mailer keeps the message: there is none" $? 75
"$BW" ingest <&- >out 2>err
is "a mailer keeps the message: no standard input" $? 75
run ingest --database=absent/x.db anna.eml
truly "files have the usual statuses" [ "$status" -ne 75 ]

# Killed while it waits for the message.
mkfifo slow
for sig in HUP INT TERM; do
	# A shell starts what is in the background with SIGINT ignored.
	python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$BW" ingest <slow >out 2>err &
	pid=$!
	exec 3>slow
	head -c 100 carl.eml >&3
	sleep 1
	kill -s $sig $pid
	wait $pid
	is "a mailer keeps the message: SIG$sig" $? 75
	exec 3>&-
done

# With files the batch in hand is finished.
{
	seq 2000 | sed 's/.*/From x\nMessage-ID: <&@x>\n\nx\n/'
	sleep 2
	printf 'From x\nA: 1\n\nx\n\nFrom x\nA: 2\n\nx\n'
} | {
	exec 5<&0 # what is in the background gets another standard input
	"$BW" ingest --database=long.db /dev/fd/5 >out 2>err &
	pid=$!
	sleep 1
	kill -s TERM $pid
	wait $pid
	echo $? >rc
}
is "files: a signal ends it as such" "$(cat rc)" 143
truly "after the account" grep -q 'recorded \(19[0-9]*\) of \1 ' err
has "with a word" err "stopped by a signal"

# The disk is full: a limit on the size of files stands for it.
bounce full@example.org >full.eml
(
	trap '' XFSZ
	ulimit -f 8
	exec "$BW" ingest --database=full.db <full.eml >out 2>err
)
is "a mailer keeps the message: disk full" $? 75
(
	ulimit -f 8
	exec "$BW" ingest --database=full2.db <full.eml >out 2>err
)
is "a mailer keeps the message: a limit of its own" $? 75
run ingest --database=full.db <full.eml
ends "and delivers it later" 0
run check --database=full.db full@example.org
ends "without loss" 1

# Locked by another for longer than it waits.
if command -v sqlite3 >/dev/null; then
	bounce locked@example.org >locked.eml
	{
		echo 'BEGIN IMMEDIATE;'
		sleep 8
		echo 'ROLLBACK;'
	} | sqlite3 test.db &
	sleep 1
	run ingest <locked.eml
	ends "a mailer keeps the message: the database is busy" 75
	wait
	run ingest <locked.eml
	ends "and delivers it later" 0
fi

# Its reader may be gone before it has done its work.
bounce gone@example.org >gone.eml
"$BW" ingest <gone.eml >&- 2>&-
is "nobody listens" $? 0
run check gone@example.org
ends "and it is recorded" 1

# Whose mail was it?
bounce forged@example.org | sed 's/news@news.example.com/news@example.com/
	s/original\.[0-9]*@news.example.com/original@example.com/' >forged.eml
bounce bare@example.org | sed '/^Content-Type: message.rfc822/,/^x$/d' >bare.eml
bounce other@example.org | sed 's/^To: other@/To: another@/' >other.eml
run ingest forged.eml bare.eml other.eml
has "forged bounces suppress nobody" err "0 suppressed an address, 3 did not"
has "they are unverified" err "3 unverified (origin below origin.require)"
has "nothing came back" err "1 returned nothing of our mail"
has "or a mail of somebody else" err "1 returned a mail without our marks"
has "or one to somebody else" err "1 returned a mail to somebody else"
lacks "a configuration asks" err "without a configuration"
run explain forged@example.org
has "explain says so" out "unverified"
run explain bare@example.org
has "and why: nothing came back" out "unverified (nothing of our mail came back)"
run explain other@example.org
has "or to another" out "unverified (what came back went to another recipient)"
run status
has "status counts them" out "unverified  3 in the last 30 days"
run report
has "the report counts the first kind" out "1 unverified, for nothing of your mail came back"
has "and the second" out "1 unverified, for what came back bears none of your marks"
has "and the third" out "1 unverified, for what came back went to somebody else"

# What the report says of them is true: a send log knows a mail that bears no
# mark, if it comes before the bounce, and nothing of what returned nothing; the
# log of who refused is believed. Seen to fail: the log was told for the latter.
is "where a send log helps" "$(awk '/^  [-!]/ { at = $0 }
	/import sent FILE/ && at ~ /unverified/ { print at }' out)" \
	"  - 1 unverified, for what came back bears none of your marks: they"
is "and where what refused it logged" "$(awk '/^  [-!]/ { at = $0 }
	/import events FILE/ { print at }' out)" \
	"  - 1 unverified, for nothing of your mail came back with them: they"
sed 's/forged@/unmarked@/g' forged.eml >unmarked.eml
sed 's/bare@/naked@/g' bare.eml >naked.eml
{
	echo recipient,message_id,at
	for who in forged unmarked bare naked; do
		echo "$who@example.org,<original@example.com>,$(date -u +%FT%TZ)"
	done
} >log.csv
run import sent log.csv
run ingest unmarked.eml naked.eml
has "the log knows one" err "1 suppressed an address, 1 did not"
run check forged@example.org unmarked@example.org bare@example.org \
	naked@example.org
is "that returned something, and came after it" \
	"$(grep ': suppressed' out | cut -d: -f1)" unmarked@example.org
printf 'recipient,at,status\nnaked@example.org,%s,5.1.1\n' \
	"$(date -u +%F)" >refused.csv
run import events refused.csv
run check naked@example.org
ends "what our own server logged suppresses" 1
(
	unset BOUNCEWATCH_CONFIG
	"$BW" --database=none.db ingest forged.eml bare.eml 2>err
)
has "without a configuration they count" err "2 suppressed an address"
has "which is said" err "without a configuration nothing is asked of a bounce's origin"
is "once" "$(grep -c 'without a configuration' err)" 1

# What is over ends, also where no daemon runs.
bounce over@example.org 5.1.1 "" 3 >over.eml
bounce last@example.org >last.eml
run ingest -q over.eml
sqlite3 test.db "UPDATE suppressions SET expires_at = 1 WHERE address_id =
	(SELECT id FROM addresses WHERE local = 'over')"
run ingest -q last.eml
run explain over@example.org
has "a suppression ends when its time is over" out "expiry"

# Evidence has its time; the events stay.
printf 'database: kept.db\nretain: 10d\nown: ["*@own.example", "*@news.example.com"]\n' >kept.yaml
bounce old@example.org 5.1.1 "" 20 >old.eml
bounce young@example.org 5.1.1 "" 2 >young.eml
"$BW" --config=kept.yaml ingest -q old.eml young.eml 2>/dev/null
is "evidence older than retain is dropped" \
	"$(sqlite3 kept.db 'SELECT count(*) FROM evidence')" 1
is "and its event is kept" "$(sqlite3 kept.db 'SELECT count(*) FROM events')" 2
end
