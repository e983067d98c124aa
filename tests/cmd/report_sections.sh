#!/bin/sh
# report: each section with what it is about, from what commands did.
. "$(dirname "$0")/lib.sh"

day() { date -u -d "-$1 days" +%F; }

# Five days of bounces, each of a mail that was sent on its day.
i=0
while [ $i -lt 30 ]; do
	i=$((i + 1))
	bounce "bad$i@spike.example" 5.1.1 '550 5.1.1 User unknown' \
		$((i % 5)) >s$i.eml
done
bounce disabled@example.org 5.2.1 '550 5.2.1 mailbox disabled' 176 >d.eml
bounce late@example.org 5.1.1 '550 5.1.1 User unknown' 20 >l.eml
run ingest ./*.eml
ends "bounces of five days" 0
run report
has "no send counts" out "Bounce rate unknown: no send counts."
has "how to give them" out "bouncewatch import sent FILE"
has "what ends" out "Within the next 7 days 1 suppression ends by itself"
has "whose it is" out "disabled@example.org"
lacks "nobody was released" out "Released in"
has "nothing failed" out "Nothing that is known of."

{
	echo at,n,stream
	for i in 0 1 2 3 4; do
		echo "$(day $i),500,news"
	done
} >sent.csv
run import sent sent.csv
ends "how much was sent on five days" 0
run report
has "the rate is of these" out \
	"[good] Bounce rate 1.2 %: 30 hard bounces of 2,500 mails sent."
has "of how many days is told" out "That is of 5 of the 7 days."
lacks "without a reproach, for nothing is missing" out "nobody told"
lacks "nobody is asked for counts" out "import sent"
run report --format=jsonl
is "the same for programs" "$(jq -c 'select(.type == "rate") |
	[.sent, .hard_of_sent, (.days | length)]' out)" '[2500,30,5]'
printf 'day,n\n%s,0\n' "$(day 5)" >none.csv
run import sent none.csv
run report
has "a day on which nothing was sent is known (seen to fail)" out "That is of 6 of the 7 days."
{
	echo at,n,stream
	for i in 0 1 2 3 4; do
		echo "$(day $i),5,news"
	done
} >few.csv
run import sent few.csv
run report
has "fewer sent than bounced: no rate" out "Bounce rate unknown: 30 hard"
sed 's/500/200/' sent.csv >less.csv
run import sent less.csv
run report
has "3 % is looked at" out "[look] Bounce rate 3.0 %: 30 hard bounces"
has "and something is to be done" out "! Of all mails sent, 3.0 % bounced hard"

printf 'report: {rate_warn: 1, rate_bad: 3}\n' >>bouncewatch.yaml
run report
has "as the configuration has it" out "[alarm] Bounce rate 3.0 %"

run release --reason=wrong late@example.org
run report
has "who was released" out "Released in the last 8 weeks: 1 address. It has been"
run incident mark --from="$(day 2)" --to="$(day 0)" --domain=spike.example \
	--reason='they say it was them'
ends "a window is marked" 0
run report
has "the incident is told" out "[look] Incident "
has "what it holds, and what to type" out "bouncewatch incident show "
has "why" out "domain spike.example"
has "the week by hour" out "domain spike.example: hard bounces by hour (UTC)"
is "its hours are all bounces of the week" "$("$BW" report --format=jsonl |
	jq -c 'select(.type == "incident" and .in_period) |
	[(.hours | length), (.hours | add)]')" '[168,30]'

sqlite3 test.db "INSERT INTO troubles (what, detail, began_at, ended_at, times)
	VALUES ('export crm', 'exit status 1', unixepoch() - 7200,
	unixepoch() - 3600, 3), ('mailbox news/INBOX', 'login refused',
	unixepoch() - 3600, NULL, 7);
	INSERT INTO mailboxes (account, folder, uidvalidity)
	VALUES ('news', 'INBOX', 1);
	INSERT INTO uids VALUES (1, 5, 4, 0), (1, 6, 1, 1);"
run report
has "what fails is to be mended first" out "!! mailbox news/INBOX fails: login refused"
has "how often" out "!! mailbox news/INBOX: 7 times since "
has "what was mended is told, too" out "- export crm: 3 times from "
has "a mail that cannot be had" out "! 1 mail of news/INBOX could never be fetched"
is "no line is wider than a mail's" "$(grep -v '^ *bouncewatch ' out |
	LC_ALL=C.UTF-8 wc -L)" 76
end
