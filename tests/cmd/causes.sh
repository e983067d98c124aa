#!/bin/sh
# report: why a week was more than usual; the same bounces with and without what
# the send log tells.
. "$(dirname "$0")/lib.sh"
# Names are made up: nobody is asked about them.
printf 'report: {dns: false}\n' >>bouncewatch.yaml

# The week that is looked at ends a week ago, so that no day is unfinished.
day() { date -u -d "$1 days ago" +%F; }
to=$(day 7)

# Twelve weeks of bounces by people of five domains, and 80 in the last one, of
# the stream spring, a stray some hours before; who of these was mailed before, a
# send log tells.
{
	echo recipient,at,sent_at,status,diagnostic,stream
	for week in 1 2 3 4 5 6 7 8 9 10 11 12; do
		for i in 1 2 3 4 5 6 7 8; do
			at=$(day $((7 * week + i % 5 + 3)))
			echo "q$i.$week@d$((i % 5)).example.org,${at}T09:01:00Z,${at}T09:00:00Z,5.1.1,550 5.1.1 User unknown,news"
		done
	done
	at=$(day 9)
	i=0
	while [ $i -lt 80 ]; do
		i=$((i + 1))
		hour=$((i < 80 ? 10 : 7))
		echo "anna.new$i@d$((i % 20)).example.org,${at}T$hour:0$((i % 10)):30Z,${at}T$hour:00:00Z,5.1.1,550 5.1.1 User unknown,spring" | sed 's/T7:/T07:/g'
	done
} >events.csv
run import events events.csv
ends "a year's bounces" 0
run report --to="$to"
ends "a report without send logs" 0
has "guesses" out "may be a bad import"
has "and says that it guesses" out "This is thin: no send log tells"

{
	echo recipient,at
	for week in 1 2 3 4 5 6 7 8 9 10 11 12; do
		for i in 1 2 3 4 5 6 7 8; do
			echo "q$i.$week@d$((i % 5)).example.org,$(day 300)"
			echo "q$i.$week@d$((i % 5)).example.org,$(day $((7 * week + i % 5 + 3)))"
		done
	done
	i=0
	while [ $i -lt 80 ]; do
		i=$((i + 1))
		echo "anna.new$i@d$((i % 20)).example.org,$(day 9)"
	done
} >log.csv
cp test.db before.db
run import sent log.csv
ends "what was sent" 0
run report --to="$to" --format=jsonl
has "a bad import" out '"cause":"bad-import"'
has "for sure" out '"certainty":"clear"'
has "because nobody was mailed before" out "80 of 80 addresses were not mailed before this week"
has "from the hour on in which it began (seen to fail: a stray)" out "99 % came within 6 hours, from ${at}T10:00:00Z on"
has "in that stream" out "of the stream spring, which usually has 0"

# The same, but they had been mailed a year ago.
i=0
{
	echo recipient,at
	while [ $i -lt 80 ]; do
		i=$((i + 1))
		echo "anna.new$i@d$((i % 20)).example.org,$(day 400)"
	done
} >old.csv
run import sent old.csv
run report --to="$to" --format=jsonl
has "an old list, once it is known" out '"cause":"list-age"'
has "with its numbers" out "80 of 80 addresses had not been mailed for 150 days or more"
lacks "and no import" out '"cause":"bad-import"'

# All that goes to one company.
{
	echo recipient,at,sent_at,status,diagnostic,stream
	i=0
	while [ $i -lt 60 ]; do
		i=$((i + 1))
		at=$(day $((8 + i % 5)))
		echo "w$i@gone.example.com,${at}T10:00:30Z,${at}T10:00:00Z,5.1.2,550 5.1.2 Host unknown,news"
	done
} >gone.csv
mv before.db test.db
rm -f test.db-wal test.db-shm
run import events gone.csv
run report --to="$to" --format=jsonl
has "a domain that is gone" out '"cause":"domain-gone"'
has "which one" out "60 of 60 are at gone.example.com"
has "and what to do" out "bouncewatch export csv --domain=gone.example.com"

# Companies that serve themselves are no provider: a fifth at Gmail is not all.
rm -f test.db test.db-wal test.db-shm
sed 's/^anna\.new\([0-9]*[05]\)@[^,]*/anna\1@gmail.com/' \
	events.csv >fifth.csv
is "a fifth at Gmail" "$(grep -c gmail fifth.csv)" 16
run import events fifth.csv
run report --no-dns --to="$to" --format=jsonl
has "still may be an import" out '"cause":"bad-import"'

end
