#!/bin/sh
# ingest of more than one batch: a thread records while the next one is read.
# Order is kept, whatever ends it: nothing is lost, and nothing counts twice.
#
# Shown to fail: where what is behind a batch that failed is recorded all the
# same, where a batch is filled that is not done, where the end does not wait.
. "$(dirname "$0")/lib.sh"

# mails FROM TO: an mbox of them, all of one day, so that the ids of their
# events follow each other.
mails() {
	seq "$1" "$2" | awk -v day="$(date -u -d yesterday '+%a, %d %b %Y')" '{
		print "From MAILER-DAEMON Mon Jan  5 10:00:00 2026"
		print "From: MAILER-DAEMON@mx.example.net"
		print "Date: " day " 10:00:00 +0000"
		print "Message-ID: <" $1 "@mx.example.net>"
		print "Content-Type: multipart/report; boundary=b\n"
		print "--b\nContent-Type: message/delivery-status\n"
		print "Reporting-MTA: dns; mx.example.net\n"
		print "Final-Recipient: rfc822; u" $1 "@example.org"
		print "Action: failed\nStatus: 5.1.1"
		print "Diagnostic-Code: smtp; 550 5.1.1 no such user\n"
		print "--b\nContent-Type: text/rfc822-headers\n"
		print "From: news@news.example.com"
		print "Message-ID: <o" $1 "@news.example.com>"
		print "To: u" $1 "@example.org\n\n--b--\n"
	}'
}
sql() { sqlite3 test.db "$1"; }

# Numbers of the mails, in the order of their events.
order="SELECT substr(local, 2)
	FROM events e JOIN addresses a ON a.id = e.address_id ORDER BY e.id"
db_order() { sql "$order"; }

mails 1 20000 >all.mbox
run ingest all.mbox
ends "many" 0
has "all are accounted for" err \
	"recorded 20000 of 20000 messages: 20000 hard"
is "all are there" "$(sql 'SELECT count(*) FROM events')" 20000
db_order >got
seq 1 20000 >want
truly "in their order" cmp -s got want
run ingest all.mbox
has "and count once" err "recorded 0 of 20000 messages, 20000 seen before"

# The disk is full in the middle: a limit on the size of files stands for it.
rm -f test.db*
(
	trap '' XFSZ
	ulimit -f 3000
	exec "$BW" ingest all.mbox >out 2>err
)
truly "a full disk is told" [ $? -ne 0 ]
has "with what was not recorded" err "messages were not recorded"
lost=$(sed -n 's/.*the last \([0-9]*\) messages were not.*/\1/p' err)
was=$(sql 'SELECT count(*) FROM events')
truly "some were recorded before" [ "$was" -gt 0 ]
truly "some were not" [ "$was" -lt 20000 ]
db_order >got
seq 1 "$was" >want
truly "those are the first ones, without a hole" cmp -s got want
has "the account is of these" err "recorded $was of $was messages"
truly "the others that were read are counted" [ "$lost" -ge 1000 ]
run ingest all.mbox
has "the rest comes later" err \
	"recorded $((20000 - was)) of 20000 messages, $was seen before"
db_order >got
seq 1 20000 >want
truly "still in their order" cmp -s got want

# A signal: what was read is recorded, and counted.
rm -f test.db*
mkfifo slow
"$BW" ingest slow >out 2>err &
pid=$!
exec 3>slow
mails 1 9000 >&3
mails 9001 9001 | head -n 5 >&3
sleep 1
kill -s TERM $pid
exec 3>&-
wait $pid
is "a signal ends it as such" $? 143
was=$(sql 'SELECT count(*) FROM events')
truly "after what was read is recorded" [ "$was" -ge 8990 ]
has "and told" err ": $was hard"

# Mails that cannot be read, in the middle of a folder.
rm -f test.db*
mkdir md md/cur md/new
mails 1 2500 | awk '/^From / { close(f); f = sprintf("md/new/%05d.a", ++n)
	next }
	{ print >f }'
ln -s absent md/new/01200.b
mkdir md/new/01300.b
run ingest md
ends "mails that cannot be read" 66
has "are named" err "01200.b"
has "and accounted for, the others being recorded" err \
	"recorded 2500 of 2501 messages, 1 could not be read"
db_order >got
seq 1 2500 >want
truly "in their order" cmp -s got want

# A database that another program keeps to itself meanwhile.
rm -f test.db*
run ingest -q all.mbox
mails 20001 32000 >more.mbox
{
	echo 'BEGIN IMMEDIATE;'
	sleep 8
	echo 'ROLLBACK;'
} | sqlite3 test.db &
holder=$!
sleep 0.5
run ingest more.mbox
wait $holder
truly "a busy database is told" [ "$status" -ne 0 ]
has "with what was not recorded" err "messages were not recorded"
is "nothing of it is there" "$(sql 'SELECT count(*) FROM events')" 20000
run ingest more.mbox
has "and all of it later" err "recorded 12000 of 12000 messages"
end
