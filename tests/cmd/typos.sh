#!/bin/sh
# report --typos: which domains look mistyped in one's own bounces, as a table
# and as CSV, and which are left alone.
. "$(dirname "$0")/lib.sh"

# no_domain ADDRESS: the answer where there is no such domain
no_domain() {
	bounce "$1" 5.1.2 "Host or domain name not found. Name service error \
for name=${1##*@} type=A: Host not found" "${2:-1}"
}

run report --typos=text
ends "no database" 66
run suppress --reason=r x@example.org
run report --typos=text
ends "nothing yet" 0
has "says so" out "none"
run report --typos=csv
is "and as CSV" "$(tr -d '\r' <out)" "address,wrong,suggested,corrected,count"

for who in anna ben Cleo; do
	no_domain $who@gmial.com >$who.eml
done
bounce dora@gmial.com >dora.eml # at the same domain, another answer
no_domain dora@gmial.com 2 >dora2.eml
bounce emil@hotmial.com >emil.eml
no_domain -1+1@yaho.com >formula.eml
no_domain fred@gmail.con >fred.eml
no_domain george@gmailcom >george.eml
no_domain old@gmaill.com 200 >old.eml # before the 26 weeks
# real ones, whatever happens to them
bounce gina@love.com >gina.eml
bounce hugo@gmx.de >hugo.eml
bounce igor@company.example >igor.eml
# one who has an answer from there
no_domain jan@outlok.com >jan.eml
bounce jutta@outlok.com 5.2.2 '552 5.2.2 Mailbox full' 30 >jutta.eml
run ingest ./*.eml
ends "bounces" 0

run report --typos=text
ends "the table" 0
has "the most frequent first" out "gmial.com                    gmail.com                        4"
has "user unknown, too, where the name is long enough" out "hotmial.com"
has "a wrong top-level domain" out "gmail.con "
has "a dot left out" out "gmailcom "
has "how many in all" out "8 addresses at 5 domains."
has "what becomes of them" out "Nothing is corrected by itself"
lacks "what is older" out "gmaill.com"
lacks "a real domain" out "love.com"
lacks "a provider" out "gmx"
lacks "where somebody has a full mailbox" out "outlok"
is "and no line is wider than a terminal" \
	"$(awk 'length($0) > 76' out | wc -l)" 0
run report --typos=text --to="$(date -u -d '-160 days' +%F)"
has "another time" out "1 address at 1 domain."

run report --typos=csv
ends "CSV" 0
cat >read.py <<'END'
import csv, sys
with open("out", newline="") as f:
    for r in csv.DictReader(f):
        print(r["address"], r["wrong"], r["suggested"], r["corrected"], r["count"])
END
is "is read back" "$(python3 read.py)" "anna@gmial.com gmial.com gmail.com anna@gmail.com 4
ben@gmial.com gmial.com gmail.com ben@gmail.com 4
cleo@gmial.com gmial.com gmail.com cleo@gmail.com 4
dora@gmial.com gmial.com gmail.com dora@gmail.com 4
fred@gmail.con gmail.con gmail.com fred@gmail.com 1
george@gmailcom gmailcom gmail.com george@gmail.com 1
emil@hotmial.com hotmial.com hotmail.com emil@hotmail.com 1
'-1+1@yaho.com yaho.com yahoo.com '-1+1@yahoo.com 1"
is "its lines end as RFC 4180 says" "$(grep -c "$(printf '\r')\$" out)" 9
run check anna@gmail.com
ends "and nothing was done" 0

cat >>bouncewatch.yaml <<'END'
report:
  not_typos: [gmial.com]
END
run report --typos=text
lacks "report.not_typos" out "gmial.com"
has "leaves the others" out "4 addresses at 4 domains."

# Somebody clicked at one of them.
printf 'address,time\nemil@hotmial.com,%s\n' \
	"$(date -u +%Y-%m-%dT%H:%M:%SZ)" >engaged.csv
run import engaged engaged.csv
ends "import engaged" 0
run report --typos=text
lacks "who clicked is there" out "hotmial.com"

run report --typos=csv --days=7
ends "its time is always the same" 64
run report --typos=xml
ends "no such list" 64

# Most mails to it did not bounce: it is delivered to, so it is no slip.
rm -f ./*.eml test.db*
printf 'database: %s/test.db\nown: ["*@news.example.com"]\n' "$T" \
	>bouncewatch.yaml
for who in anna ben cleo dora emil; do
	bounce $who@gmial.com >$who.eml
	no_domain $who@hotmial.com >h$who.eml
done
run ingest ./*.eml
run report --typos=text
has "nothing is known of what was sent" out "10 addresses at 2 domains."
day=$(date -u -d '-3 days' +%F)
printf 'day,domain,n\n%s,gmial.com,400\n%s,hotmial.com,7\n' "$day" "$day" \
	>sent.csv
run import sent sent.csv
ends "import sent" 0
run report --typos=text
lacks "400 sent, 5 came back" out "gmial.com "
has "7 sent, 5 came back" out "hotmial.com "
run report --typos=csv
is "in the CSV, too" "$(grep -c gmial out) $(grep -c hotmial out)" "0 5"
printf 'day,domain,n\n%s,hotmial.com,8\n' "$day" >sent.csv
run import sent sent.csv
run report --typos=text
lacks "of 8 more than a third did not come back" out "hotmial.com "
printf 'report:\n  not_typos: [gmial.com]\n' >>bouncewatch.yaml

# Hosts of one organisation are not each other's slips.
rm -f ./*.eml test.db*
i=0
while [ $i -lt 25 ]; do
	i=$((i + 1))
	for d in us.bank.example.com corp01.example.org co02.example.org; do
		bounce "a$i@$d" 5.2.2 '552 5.2.2 Mailbox full' 30 >a$i.$d.eml
	done
done
for d in uk.bank.example.com corp10.example.org co42.example.org; do
	bounce "b@$d" >b.$d.eml
	no_domain "c@$d" >c.$d.eml
done
run ingest ./*.eml
run report --typos=text
has "siblings" out "none"

# A large domain of our own is meant, too, when it is alive.
rm -f ./*.eml test.db*
i=0
while [ $i -lt 25 ]; do
	i=$((i + 1))
	bounce "a$i@members.example" >a$i.eml
done
no_domain anna@memebrs.example >slip.eml
run ingest ./*.eml
run report --typos=text
has "a domain of which nobody is known to live is no aim" out "none"
for i in 1 2 3 4 5; do
	bounce "a$i@members.example" 5.2.2 '552 5.2.2 Mailbox full' 30 \
		>full$i.eml
done
run ingest ./full*.eml
run report --typos=text
has "but one where mailboxes are full" out \
	"memebrs.example              members.example "

# A form that takes anything: ten weeks of three, then one of sixty slips.
rm -f ./*.eml test.db*
for week in 1 2 3 4 5 6 7 8 9 10; do
	for i in 1 2 3; do
		bounce "q$i.$week@example.net" 5.1.1 '550 5.1.1 User unknown' \
			$((week * 7 + i)) >q$week.$i.eml
	done
done
for domain in gmial.com gmai.com gmaill.com gnail.com gmail.con hotmal.com \
	hotmial.com hitmail.com yaho.com yahooo.com yhaoo.com outlok.com \
	outlokk.com iclod.com aol.con wanado.fr oragne.fr libeor.it \
	comcas.net yadnex.ru; do
	for name in anna ben cleo; do
		no_domain "$name@$domain" 2 >s.$name.$domain.eml
	done
done
run ingest ./*.eml
run report --no-dns --format=jsonl
ends "the report itself" 0
has "its causes know of slips" out \
	"Of 60 addresses 60 are at domains that look mistyped"
is "and it has the pairs" "$(jq -r 'select(.type == "typo" and
	.wrong == "aol.con") | "\(.right) \(.n)"' out)" "aol.com 3"
# (gmial.com is right: report.not_typos)
is "ten of them, and how many in all" "$(jq -r 'select(.type == "typo") |
	.wrong' out | wc -l) $(jq .typo_addresses out | head -1)" "10 57"
end
