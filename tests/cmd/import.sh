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

# Engaged addresses: with a head, without one, twice.
printf 'email;last_opened\na@b.example.org;2026-11-01\nnew@b.example.org;2026-11-02 10:00:00\n' >engaged.csv
run import -n engaged engaged.csv
has "a dry run of engaged addresses" err "would take 2 addresses from 2 lines"
run import engaged engaged.csv
ends "engaged addresses" 0
run import engaged engaged.csv
has "twice are known" err "2 of them were known already"
printf 'c@b.example.org\nnot an address\n' >bare.csv
run import engaged - <bare.csv
ends "a bare list with a bad line" 65
has "which is told" err "standard input:2: 'not an address' is no address"
has "takes the rest" err "took 1 addresses"
printf 'recipient,at,status,diagnostic\nnew@b.example.org,2026-11-20,5.1.1,550 User unknown\n' >gone.csv
run import events gone.csv
run check new@b.example.org
has "who opened lately is held, not suppressed" out "held"

# Counts, and a send log.
on() { date -u -d "-$1 days" +%F; } # on N: the day N days ago
printf 'day,domain,stream,n\n%s,gmail.com,news,1000\n%s,two.example,news,50\n%s,two.example,shop,5\n' "$(on 6)" "$(on 6)" "$(on 6)" >sent.csv
run import sent sent.csv
ends "send counts" 0
rows() { sqlite3 test.db "select kind||' '||name||' '||n from sent order by 1" | tr '\n' ';'; }
is "add up in each bucket" "$(rows)" "0 provider 55;1 google 1000;2 gmail.com 1000;2 two.example 55;3 news 1050;3 shop 5;4  1055;"
run import sent sent.csv
is "and twice are the same" "$(rows)" "0 provider 55;1 google 1000;2 gmail.com 1000;2 two.example 55;3 news 1050;3 shop 5;4  1055;"
printf 'recipient,message_id,sent_at\nz@b.example.org,<m1@news.example.com>,%sT08:30:00Z\n' "$(on 6)" >log.csv
run import sent log.csv
is "a send log counts, too" "$(sqlite3 test.db 'select count(*) from sendlog')" 1
run import sent log.csv
has "once" err "1 of them were known already"
mailed() { sqlite3 test.db "select date(86400*first,'unixepoch'), date(86400*previous,'unixepoch'), date(86400*last,'unixepoch') from mailed"; }
printf 'recipient,at\nZ@b.example.org,%s\nz@b.example.org,%sT10:00:00Z\n' "$(on 4)" "$(on 13)" >log.csv
run import sent log.csv
is "when it was mailed: first, before, last" "$(mailed)" "$(on 13)|$(on 6)|$(on 4)"
run import sent log.csv
is "and the same file once more changes nothing" "$(mailed)" "$(on 13)|$(on 6)|$(on 4)"
awk -v day="$(on 25)" 'BEGIN { l = sprintf("%063d", 0); d = l "." l "." l ".example"; print "recipient,at"
	for (i = 0; i < 40000; i++) printf "%05d%s@%s,%s\n", i, substr(l, 15), d, day }' >log.csv
run import sent log.csv
has "a log of any length" err "took 40000 rows"
awk -v day="$(on 25)" 'BEGIN { print "day,domain,n"
	for (i = 0; i < 700000; i++) printf "%s,d%d.example,1\n", day, i }' >many.csv
run import sent many.csv
ends "more numbers than can be added up at once" 71
has "what to do" err "import the file in parts"
has "and that nothing is lost by it" err "to import the same again counts nothing twice"
lacks "nor was taken" err "took"
rm many.csv
awk -v day="$(on 20)" 'BEGIN { print "at,recipient,provider"
	for (i = 0; i < 901; i++) printf "%sT08:00:00Z,u%d@firm.example,%s\n", day, i, i == 500 ? "google" : "" }' >sorted.csv
run import sent sorted.csv
is "a log that names a provider late is one log" "$(sqlite3 test.db "select sum(n) from sent
	where kind = 4 and hour / 24 = $(date -u -d "$(on 20)" +%s) / 86400")" 901
printf 'domain,n\nx.example,1\n' >nohead.csv
run import sent nohead.csv
ends "counts without a time" 65
printf 'at,n\n%s,many\n' "$(on 6)" >bad.csv
run import sent bad.csv
has "and what is no count" err "bad.csv:2: 'many' is no count"

# The same mails told twice are the same mails; in parts, they add up. Seen to
# fail, all of them.
all() { sqlite3 test.db "select coalesce(sum(n), 0) from sent where kind = 4 and name = '' and hour / 24 = strftime('%s', '$1') / 86400"; }
rate() { run report --to="$1" --days=1; sed -n 's/.* of \([0-9,]*\) mails\{0,1\} sent.*/\1/p' out; }
yesterday=$(date -u -d yesterday +%F)
day_before=$(date -u -d '-2 days' +%F)
bounce rated@example.net 5.1.1 '550 5.1.1 User unknown' 1 >rated.eml
run ingest rated.eml
awk -v day="$yesterday" 'BEGIN { for (i = 0; i < 1000; i++)
	printf "r%d@b.example.org,<r%d@news.example.com>,%sT06:%02d:00Z\n", i, i, day, i * 60 / 1000 }' >hour.rows
head='recipient,message_id,sent_at'
{ echo $head; head -n 425 hour.rows; } >log1.csv
{ echo $head; tail -n +426 hour.rows; } >log2.csv
run import sent log1.csv
run import sent log2.csv
is "a log that was cut within an hour" "$(all "$yesterday")" 1000
run import sent log2.csv log1.csv
is "and once more" "$(all "$yesterday")" 1000
{ echo at,n; printf '%sT06:00:00Z,1000\n' "$yesterday"; } >count.csv
run import sent count.csv
is "the number of the hour beside it is the same mails" "$(rate "$yesterday")" "1,000"
cp test.db both.db
sqlite3 both.db "delete from sent; delete from sent_told; delete from sendlog"
is "also where it comes first" "$("$BW" --database=both.db import sent count.csv 2>/dev/null
	"$BW" --database=both.db import sent log1.csv 2>/dev/null
	"$BW" --database=both.db import sent log2.csv 2>/dev/null
	"$BW" --database=both.db report --to="$yesterday" --days=1 |
		sed -n 's/.* of \([0-9,]*\) mails\{0,1\} sent.*/\1/p')" "1,000"
printf 'day,n\n%s,1000\n' "$yesterday" >day.csv
run import sent day.csv
is "the number of the day beside it is the same mails" "$(rate "$yesterday")" "1,000"
printf 'day,n\n%s,1200\n' "$yesterday" >day.csv
run import sent day.csv
is "and tells of those that the log has not" "$(rate "$yesterday")" "1,200"
sed 's/,<[^>]*>,/,,/; s/'"$yesterday"'/'"$day_before"'/' log1.csv >bare1.csv
sed 's/,<[^>]*>,/,,/; s/'"$yesterday"'/'"$day_before"'/' log2.csv >bare2.csv
run import sent bare1.csv bare2.csv
is "without Message-IDs the files of one command" "$(all "$day_before")" 1000
run import sent bare2.csv
is "and a part of it makes it no less" "$(all "$day_before")" 1000
week_before=$(date -u -d '-9 days' +%F)
printf 'day,stream,n\n%s,news,600\n' "$week_before" >news.csv
printf 'day,stream,n\n%s,offers,400\n' "$week_before" >offers.csv
run import sent news.csv
run import sent offers.csv
is "a file for each stream" "$(all "$week_before")" 1000
run import sent offers.csv
is "and once more" "$(all "$week_before")" 1000


# Parts told in different ways, each by a command of its own. Seen to fail.
sqlite3 test.db "delete from sent; delete from sent_told; delete from sendlog"
told() { # told DAYS_AGO: all of that day, then the streams, then the providers
	sqlite3 test.db "select group_concat(name || '=' || n, ' ') from (select
		name, sum(n) n from sent where kind in (1, 3, 4) and hour / 24 =
		strftime('%s', 'now', '-$1 days') / 86400 group by kind, name
		order by kind = 1, kind = 3, name)"
}
sends() { # sends HEAD [ROW...]: without a row those of standard input
	{
		echo "$1"
		shift
		[ $# -gt 0 ] && printf '%s\n' "$@" || cat
	} >parts.csv
	run import sent parts.csv
}
mails() { # mails FIRST LAST DAYS_AGO: rows of a log without Message-IDs
	awk -v from="$1" -v to="$2" -v day="$(on "$3")" 'BEGIN {
		for (i = from; i <= to; i++)
			printf "p%d@gmail.com,%sT06:%02d:00Z,news\n", i, day, i % 60 }'
}
mails 1 70 11 | sends recipient,at,stream
sends day,n,stream "$(on 11),50,offers"
is "one stream by its log, another by its number" "$(told 11)" "=120 news=70 offers=50 google=70"
sends day,n "$(on 11),110"
is "a number of all that is less" "$(told 11)" "=120 news=70 offers=50 google=70"
sends day,n "$(on 11),130"
is "and that is more" "$(told 11)" "=130 news=70 offers=50 google=70"
sends day,n,stream "$(on 11),40,offers"
is "a stream that comes later takes nothing from it" "$(told 11)" "=130 news=70 offers=40 google=70"

for stream in news offers; do
	printf 'day,n,provider\n%s,%d,google\n%s,5,\n' "$(on 12)" $((${#stream} * 10)) "$(on 12)" >parts.csv
	run import --stream=$stream sent parts.csv
done
is "a provider's mails in two streams, by two commands" "$(told 12)" "=110 news=45 offers=65 google=100"
sends day,n,domain "$(on 13),30,gmail.com"
sends day,n,domain "$(on 13),3,googlemail.com" "$(on 13),4,a.example"
is "two domains of a provider, by two commands" "$(told 13)" "=37 google=33"

mails 1 25 14 | sends recipient,at,stream
mails 21 40 14 | sends recipient,at,stream
is "a log without Message-IDs, cut within an hour" "$(told 14)" "=40 news=40 google=40"
run import sent parts.csv parts.csv
is "and twice in one command" "$(told 14)" "=40 news=40 google=40"
mails 1 9 15 | awk '{ print $0 "," (NR > 6 ? "<" NR "@x>" : "") }' >mixed
sends recipient,at,stream,message_id <mixed
is "a log of which some have a Message-ID" "$(told 15)" "=9 news=9 google=9"
tail -n +4 mixed | sends recipient,at,stream,message_id
is "and a part of it once more" "$(told 15)" "=9 news=9 google=9"

sends day,domain,n "$(on 18),a.example,700" "$(on 18),,500"
is "an empty domain is of the others" "$(told 18)" "=1200"
sends day,provider,domain,n "$(on 21),google,GMail.com.,700" "$(on 21),google,,300" "$(on 21),,,200" "$(on 21),,all others,1"
is "and beside a provider, too" "$(told 21)" "=1200 google=1000"
ends "what is no domain" 65
has "is told" err "parts.csv:5: 'all others' is no domain such as example.com (of all others: leave it empty)"
is "a domain is written as everywhere" "$(sqlite3 test.db "select group_concat(name) from sent where kind = 2 and n = 700 and name like 'g%'")" gmail.com
sends day,n "$(on 19),1,000" "$(on 19),7," "$(on 19),"
has "a field too many is none of a number" err "parts.csv:2: the row has more fields than the head"
is "an empty one is" "$(told 19)" "=7"

mails 1 30 20 | awk -F, -v OFS=, '{ print $1, $2, "<all" NR "@x>" }' >all
head -n 20 all | sends recipient,at,message_id
tail -n +16 all | awk '{ print $0 ",news" }' | sends recipient,at,message_id,stream
is "logs with a stream and without" "$(told 20)" "=30 news=10 google=30"
sends day,n,provider "$(on 20),30,google"
is "and their number" "$(told 20)" "=30 news=10 google=30"
sends day,domain,n "$(on 20),a.example,5"
is "and that of another domain" "$(told 20)" "=35 news=10 google=30"

sends day,n,provider "$(on 16),10,Google" "$(on 16),5,gmail.com" "$(on 16),1,Elsewhere" "$(on 16),2,nowhere.example"
is "providers by any name of theirs" "$(told 16)" "=18 Elsewhere=1 google=15 nowhere.example=2"
has "what is none is told" err "parts.csv:4: 'Elsewhere' is no provider that is known here"
has "with how many" err "2 rows name a provider that is not known"

# Who takes the mails of a company: an empty field of a log that names
# providers says that none does; an empty column says nothing. Seen to fail.
whose() { # whose DAYS_AGO: the providers, and what nobody claims
	sqlite3 test.db "select group_concat(name || '=' || n, ' ') from (select
		iif(kind, name, 'any') name, sum(n) n from sent where (kind = 1 or
		kind = 0 and name = 'provider') and hour / 24 = strftime('%s',
		'now', '-$1 days') / 86400 group by 1 order by 1)"
}
logs() { # logs DAYS_AGO PROVIDER: its mails to four, the first of that one
	for to in a@firm.example b@other.example c@gmail.com d@last.example; do
		echo "$to,<$to$1@news.example.com>,$(on "$1")T06:00:00Z,$([ $to != a@firm.example ] || echo "$2")"
	done | sends recipient,message_id,at,provider
}
logs 22 google
is "an empty provider is none" "$(whose 22)" "google=2"
logs 23 ''
is "but not of an empty column" "$(whose 23)" "any=3 google=1"
sends day,domain,provider,n "$(on 24),firm.example,google,10" "$(on 24),other.example,,20"
is "nor of a number by domain" "$(whose 24)" "any=20 google=10"
sends day,provider,n "$(on 25),google,10" "$(on 25),,20"
is "a number of the rest is of none" "$(whose 25)" "google=10"

to_come=$(date -u -d '3 days' +%F)
sends day,n "$to_come,7" "$(on 401),7" "$(on 17),7"
ends "days to come" 65
has "are told" err "parts.csv:2: '$to_come' has yet to come"
has "what is too old is, too" err "1 row is older than 400 days: how many were sent then is not kept"
has "and none of it is taken" err "took 1 rows from 3 lines; 1 of no use here, 1 not understood"

printf 'at,n\n%s,"1,000"\n%s,1.5\n%s\n%s,\n' "$(on 6)" "$(on 6)" "$(on 6)" "$(on 6)" >odd.csv
run import sent odd.csv
ends "what is not digits alone" 65
has "is no count" err "odd.csv:2: '1,000' is no count (digits alone)"
has "and nothing of it is taken" err "took 0 rows"

# release by a window.
run release --domain=b.example.org --from=2026-11-20T00:00:00Z --to=2026-11-21 --dry-run
ends "a window, tried" 0
has "tells how many" err "would release"
run release --domain=b.example.org --from=2026-11-20T00:00:00Z --to=2026-11-21 --reason='their outage'
run check a@b.example.org
ends "and released" 0
run check e@b.example.org
ends "complaints stay" 1
run release --domain='*.example.org' --reason=x
has "a domain that is none" err "'*.example.org' is no domain such as example.com"
run release --domain=b.example.org x@b.example.org --reason=x
ends "either a window or addresses" 64
run release --dry-run x@b.example.org
ends "a dry run of one address is none" 64
end
