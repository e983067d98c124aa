#!/bin/sh
# import: bounces that an MTA only logged, the same file twice, bad rows.
. "$(dirname "$0")/lib.sh"

cat >events.csv <<'END'
recipient,at,event,status,smtp,diagnostic,mx,stream,message_id
a@b.example.org,2026-11-20 10:00:00,bounced,5.1.1,550,User unknown,mx.b.example.org,news,<1@x>
c@b.example.org,2026-11-20T10:00:01Z,bounced,5.2.2,,552 5.2.2 mailbox full,,news,
d@b.example.org,2026-11-20T10:00:01Z,delivered,,,250 ok,,,
e@b.example.org,2026-11-20T10:00:01Z,complaint,,,,,news,
END
cat >pmta.csv <<'END'
type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat,jobId
b,2026-11-20 11:00:00+0100,2026-11-20 10:59:00+0100,bounces@news.example.com,g@b.example.org,,failed,5.1.1 (bad destination mailbox address),"smtp;550 5.1.1 <g@b.example.org>: Recipient address rejected: User unknown",mx.b.example.org (192.0.2.1),bad-mailbox,job7
d,2026-11-20 11:00:00+0100,2026-11-20 10:59:00+0100,bounces@news.example.com,h@b.example.org,,relayed,2.0.0 (success),"smtp;250 ok",mx.b.example.org (192.0.2.1),,job7
END
cat >mail.log <<'END'
2026-11-20T10:00:00.5+00:00 mx postfix/smtp[71]: 4Xyz: to=<p@b.example.org>, relay=mx.b.example.org[192.0.2.1]:25, delay=1, delays=0/0/1/0, dsn=5.1.1, status=bounced (host mx.b.example.org[192.0.2.1] said: 550 5.1.1 <p@b.example.org>: User unknown (in reply to RCPT TO command))
2026-11-20T10:00:01.5+00:00 mx postfix/smtp[71]: 4Xya: to=<q@b.example.org>, relay=mx.b.example.org[192.0.2.1]:25, delay=1, delays=0/0/1/0, dsn=4.7.1, status=deferred (host mx.b.example.org[192.0.2.1] said: 450 4.7.1 later (in reply to RCPT TO command))
2026-11-20T10:00:02.5+00:00 mx postfix/smtp[71]: 4Xyb: to=<r@b.example.org>, relay=mx.b.example.org[192.0.2.1]:25, delay=1, delays=0/0/1/0, dsn=5.7.1, status=bounced (host mx.b.example.org[192.0.2.1] said: 554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using a block list (in reply to RCPT TO command))
2026-11-20T10:00:03.5+00:00 mx postfix/qmgr[7]: 4Xyb: removed
END

run import --dry-run events events.csv
ends "a dry run" 0
has "tells what it would come to" err "recorded 3 of 3 messages: 1 hard, 1 soft, 1 complaint"
has "and that it changed nothing" err "nothing was changed"
run export plain
is "which is true" "$(cat out)" ""

run import events events.csv pmta.csv mail.log
ends "three logs" 0
has "are accounted for" err "took 6 events from 9 lines; 3 of no use here, 0 not understood"
run export plain
is "the dead are suppressed" "$(cat out)" "a@b.example.org
e@b.example.org
g@b.example.org
p@b.example.org"
run explain g@b.example.org
has "explain shows the reply" out "Diagnostic-Code: smtp; 550 5.1.1 <g@b.example.org>: Recipient"
has "where it was read" out "read from pmta.csv:2"
has "when it happened" out "2026-11-20T10:00:00Z  hard user-unknown 5.1.1 550"
has "the stream" out "stream job7"
run explain r@b.example.org
has "a block is a block" out "block reputation"

run import events mail.log events.csv
has "twice counts once" err "recorded 0 of 5 messages, 5 seen before"
run import events - <pmta.csv
has "from a pipe, too" err "recorded 0 of 1 message, 1 seen before"
run import --stream=paper --database=other.db events mail.log
run --database=other.db explain p@b.example.org
has "--stream names what has none" out "stream paper"

printf 'recipient,at\nnobody,2026-11-20\nx@b.example.org,soon\n"y@b.example.org,2026-11-20\n' >bad.csv
run import events bad.csv events.csv
ends "bad rows" 65
has "are told with their line" err "bad.csv:2: 'nobody' is no address"
has "each" err "bad.csv:3: 'soon' is no time"
has "also a quote without an end" err "bad.csv:4: a quote is opened and never closed"
has "and cost no other" err "recorded 0 of 3 messages, 3 seen before"
printf 'who,when\na,b\n' >head.csv
run import events head.csv
ends "an unknown head" 65
has "is told" err "head.csv:1: the head must name at least the columns recipient and at"
run import events missing.csv events.csv
ends "a missing file" 66
has "is told" err "unable to open 'missing.csv'"
has "and the rest is done" err "3 seen before"
run import
ends "no format" 64
run import sheet events.csv
ends "an unknown format" 64
has "lists those that exist" err "  events"
end
