#!/bin/sh
# report and status: what they say of nothing, of little, and of a bad week.
. "$(dirname "$0")/lib.sh"
# Names are made up: nobody is asked about them.
printf "report: {dns: false}\n" >>bouncewatch.yaml

run report
ends "no database" 66
run suppress --reason=r x@example.org
run report
ends "a database without events" 0
has "says that there is nothing" out "Nothing was ever recorded"
has "and what to do" out "bouncewatch ingest FILE"
run status
has "status: no daemon yet" out "never started"

bounce anna@example.org >1.eml
run ingest 1.eml
run report
has "a first week" out "There is no week before this one to compare with"
has "has its counts" out "1 hard, 0 soft, 0 block, 0 complaints."
has "invents no rate" out "Bounce rate unknown: no send counts."
has "says what it cannot see" out "What a mailbox cannot show"
has "names the reason" out "user-unknown"
is "and no column is wider than a terminal" \
	"$(awk 'length($0) > 90' out | wc -l)" 0

# Nine quiet weeks of three, then one of thirty in one domain.
for week in 1 2 3 4 5 6 7 8 9; do
	for i in 1 2 3; do
		bounce "quiet$i.$week@example.net" 5.1.1 \
			'550 5.1.1 User unknown' $((week * 7 + i)) >q$week.$i.eml
	done
done
i=0
while [ $i -lt 30 ]; do
	i=$((i + 1))
	bounce "bad$i@spike.example" 5.1.1 '550 5.1.1 User unknown' \
		$((i % 5)) >s$i.eml
done
bounce blocked@example.org 5.7.1 \
	'554 5.7.1 Client host blocked using zen.spamhaus.org' >b.eml
run ingest ./[qsb]*.eml
ends "a bad week" 0
run report
has "is seen" out "More than usual: 31 hard, where 3 are usual."
has "says what usual means" out "Usual is the median of the 8 weeks before."
has "names the domain" out "spike.example"
has "says what to do" out "bouncewatch export csv -o FILE"
has "takes no block for a bad address" out "1 blocked: the addresses are fine"
lacks "and says so only once" out "complaint: stop"
run report --to="$(date -u -d '-7 days' +%F)"
has "a quiet week stands out in nothing" out "[good] Nothing stands out."
run report --days=1 --to=2001-01-01
has "a time without events" out "Nothing came in this time"
run report --from="$(date -u -d '-70 days' +%F)"
ends "a time of its own" 0
has "counts all of it" out " 58 "
run report --days=7 --from=2026-01-01
ends "two beginnings" 64
run report --from=2026-01-02 --to=2026-01-01
ends "the end before the beginning" 64
run report --from=2026-01-01T10:00:00Z
ends "a part of a day" 64
run report --days=400
ends "too long" 64

# Returns of mails that somebody else sent raise no alarm. Seen to fail.
cp test.db was.db
i=0
while [ $i -lt 40 ]; do
	i=$((i + 1))
	bounce "spam$i@joe.example" 5.1.1 '550 5.1.1 User unknown' $((i % 5)) |
		sed 's/news@news.example.com/news@example.com/
		s/original\.[0-9]*@news.example.com/original@example.com/' >f$i.eml
done
run ingest ./f*.eml
has "forged bounces" err "40 unverified"
run report
has "are told" out "40 more answer no mail of yours"
has "raise no number" out "More than usual: 31 hard, where 3 are usual."
lacks "and have no name" out "joe.example"
mv was.db test.db

# A failure, and no more: nobody understood why. Seen to fail.
bounce vague@example.org 5.0.0 'qwpoeiru zmxn' 1 >vague.eml
cp test.db was.db
run ingest vague.eml
run report
has "what says only that it failed" out "Of 1 soft bounce it was not understood why"
# More kinds than are listed. Seen to fail: the rows came to less.
i=0
while [ $i -lt 10 ]; do
	i=$((i + 1))
	bounce vague$i@example.org "5.0.$i" 'qwpoeiru zmxn' 1 >vague$i.eml
done
run ingest vague?*.eml
run report --format=jsonl
is "what is listed comes to what was told" "$(jq -s '[.[] |
	select(.type == "moves") | .unknown + .undetermined] + [[.[] |
	select(.type | startswith("not_understood")) | .n] | add]' out |
	tr -d '\n ')" "[11,11]"
mv was.db test.db

run report --format=html
ends "as HTML" 0
has "is a page" out "<!DOCTYPE html>"
has "with the same numbers" out "where 3 are usual."
has "and its pictures in it" out '<svg role="img"'
lacks "it fetches nothing" out "http"
lacks "and links nowhere" out "<a "
run report --format=jsonl
ends "as jsonl" 0
is "each line is an object with a type" \
	"$(jq -r 'select(.v == 1) | .type' out | wc -l)" "$(wc -l <out)"
is "with the same numbers" "$(jq -c 'select(.class == "hard" and
	.type == "class") | [.n, .usual, (.periods | length)]' out)" '[31,3,10]'
is "also of names" "$(jq -r 'select(.type == "row" and .n == 30 and
	.by == "domain") | .name' \
	out)" spike.example
run report --format=html -o r.html
ends "into a file" 0
is "says nothing else" "$(wc -c <out)" 0
is "is whole" "$(tail -n 1 r.html)" "</html>"
run report -o test.db
ends "never over the database" 73
run report --format=pdf
ends "a format that is none" 64

run status
has "status counts" out "events      59"
run status --format=jsonl
has "as jsonl" out '{"v":1,"kind":"database","file":'
end
