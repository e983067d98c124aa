#!/bin/sh
# export: platforms' formats at their real limits, in parts that appear
# together, and read back by other languages byte for byte.
. "$(dirname "$0")/lib.sh"

# 100,001 addresses: one more than a file of SES holds.
awk 'BEGIN { for (i = 0; i < 100001; i++) printf "u%06d@example.com\n", i }' \
	>many
run suppress --reason=x --file=many
ends "100,001 addresses" 0

# Shown to fail with a limit of 100,001 in export/ses.c.
mkdir parts
run export -o parts/ses.csv ses
ends "SES" 0
is "takes two files" "$(ls -A parts | tr '\n' ' ')" "ses-002.csv ses.csv "
is "of 100,000 and one" "$(wc -l <parts/ses.csv) $(wc -l <parts/ses-002.csv)" \
	"100000 1"
sed 's/,BOUNCE$//' parts/ses.csv parts/ses-002.csv | sort >got
truly "that are the whole list, each once" cmp got many
run export ses
ends "standard output holds no two files" 64
truly "and is given nothing" [ ! -s out ]
has "but is told" err "one file of ses holds 100000 addresses at most"
has "what to do" err "-o FILE"
run export -o parts/s ses-json
is "a name without an ending" "$(ls -A parts | tr '\n' ' ')" \
	"s s-002 ses-002.csv ses.csv "
is "JSON lines" "$(cat parts/s parts/s-002 | jq -r .emailAddress | sort | cmp - many && echo same)" same
rm parts/s parts/s-002

# Older parts of a longer list would be read as if they were of this one.
# Shown to fail without remove_older().
echo older >parts/ses-003.csv
echo older >parts/ses-004.csv
echo of another set >parts/ses-006.csv
echo of another name >parts/ses-0002.csv
mkdir parts/ses-005.csv
run release --reason=x u000000@example.com
run export -o parts/ses.csv ses
ends "one less" 0
is "is one file, and the older parts are gone" "$(ls -A parts | tr '\n' ' ')" \
	"ses-0002.csv ses-005.csv ses-006.csv ses.csv "
is "a full one" "$(wc -l <parts/ses.csv)" 100000
run export ses
ends "which standard output holds, too" 0
is "whole" "$(wc -l <out)" 100000
run suppress --reason=x u000000@example.com
rm -r parts && mkdir parts

# All parts or none: a disk that is full at the second.
echo old >parts/ses.csv
(
	trap '' XFSZ
	ulimit -f 4
	exec "$BW" export -o parts/ses.csv ses >out 2>err
)
is "a full disk" $? 74
is "leaves what was there, alone" "$(ls -A parts) $(cat parts/ses.csv)" \
	"ses.csv old"
mkdir parts/ses-002.csv
run export -o parts/ses.csv ses
ends "a folder in the place of the second part" 73
has "is named" err "ses-002.csv"
is "and nothing has changed" "$(cat parts/ses.csv)" old
rmdir parts/ses-002.csv
cp bouncewatch.yaml parts/conf-002.yaml
run --config=parts/conf-002.yaml export -o parts/conf.yaml ses
ends "a part that would replace the configuration" 73
truly "leaves it" cmp parts/conf-002.yaml bouncewatch.yaml
rm -r parts && mkdir parts

# Removals: 10,000 a file. The cursor moves when all are in place.
delta() {
	run export ses --since-last=ses -o parts/add.csv --removals=parts/del.csv
}
delta
ends "a new name" 0
is "has all, in two parts" "$(cat parts/add.csv parts/add-002.csv | wc -l)" 100001
head -n 10001 many >some
run release --reason=x --file=some
mkdir parts/del-002.csv
delta
ends "no place for the second part of the removals" 73
is "the first is not there alone" "$(wc -l <parts/del.csv)" 0
rmdir parts/del-002.csv
delta
ends "again" 0
is "two parts, 10,000 and one" \
	"$(wc -l <parts/del.csv) $(wc -l <parts/del-002.csv)" "10000 1"
cat parts/del.csv parts/del-002.csv | sort >got
truly "name who was released, each once" cmp got some
is "and nobody is to be added" "$(ls -A parts | tr '\n' ' ')$(wc -l <parts/add.csv)" \
	"add.csv del-002.csv del.csv 0"
run suppress --reason=x --file=some

# Eleven parts with few descriptors. Shown to fail with a folder opened for
# each part.
run export ses --since-last=few -o parts/add.csv --removals=parts/del.csv
run release --reason=x --file=many
(
	# shellcheck disable=SC3045 # dash has it, too
	ulimit -n 20
	exec "$BW" export ses --since-last=few -o parts/add.csv \
		--removals=parts/del.csv >out 2>err
)
is "eleven parts take no more descriptors than one" $? 0
is "and hold all" "$(cat parts/del*.csv | sort | cmp - many && echo same)" same
run suppress --reason=x --file=many

# Killed while the parts are put in place, as often as there are steps: with
# the same name, the next run gives the same changes. Shown to fail with
# move_cursor() before put_in_place().
if strace -qq -o /dev/null true 2>/dev/null; then
	for n in 1 2 3; do
		rm -rf parts && mkdir parts
		strace -qq -o /dev/null -e trace=renameat \
			-e inject=renameat:signal=KILL:when=$n \
			"$BW" export ses --since-last=killed -o parts/add.csv \
			--removals=parts/del.csv >out 2>err
		status=$?
		is "killed at rename $n" $status 137
	done
	run export ses --since-last=killed -o parts/add.csv \
		--removals=parts/del.csv
	has "the name is still new" err "100001 to add, 0 to take off (the whole list"
	sed 's/,BOUNCE$//' parts/add.csv parts/add-002.csv | sort >got
	truly "and has all" cmp got many
fi

# Calls: one a line, so that standard output holds them.
run export sparkpost
is "SparkPost: 10,000 entries a call, two an address that gets no mail at all" \
	"$(jq '.recipients | length' out | sort -n | uniq -c | tr -s ' \n' ' ')" \
	" 1 2 20 10000 "
is "all of them" "$(jq -r '.recipients[] | select(.type == "transactional").recipient' out | sort | cmp - many && echo same)" same
run export postmark
is "Postmark: 50 a call" \
	"$(jq '.Suppressions | length' out | sort -n | uniq -c | tr -s ' \n' ' ')" \
	" 1 1 2000 50 "
has "the reason is lost" err "it makes a ManualSuppression of each"
run export sendgrid
ends "SendGrid, which mixes them with who opted out" 64
has "is refused" err "--yes-global"
truly "before anything is written" [ ! -s out ]
run export sendgrid --yes-global
ends "but can be asked for" 0
is "1,000 a call" \
	"$(jq '.recipient_emails | length' out | sort -n | uniq -c | tr -s ' \n' ' ')" \
	" 1 1 100 1000 "

# Mailgun: files of at most 25 MB, each with its header. 300,000 rows of about
# 90 bytes are more.
awk 'BEGIN { for (i = 0; i < 200000; i++)
	printf "a-rather-long-local-part-%06d@a-rather-long-name.example.com\n", i
}' >longer
run suppress --reason=x --file=longer
run export -o parts/mailgun.csv mailgun
ends "Mailgun" 0
is "takes two files" "$(echo parts/mailgun*)" "parts/mailgun-002.csv parts/mailgun.csv"
for part in mailgun.csv mailgun-002.csv; do
	is "$part has a header" "$(head -n 1 parts/$part | tr -d '\r')" \
		"address,code,error,created_at"
	truly "and at most 25 MB" [ "$(wc -c <parts/$part)" -le 25000000 ]
done
truly "the first is nearly full" [ "$(wc -c <parts/mailgun.csv)" -gt 24999800 ]
cat parts/mailgun.csv parts/mailgun-002.csv | grep -v ^address, |
	cut -d, -f1 | LC_ALL=C sort >got
sort many longer | LC_ALL=C sort >all
truly "together the whole list" cmp got all

# --- hostile addresses, read back --------------------------------------------
rm -f test.db*
cat >odd <<'END'
anna@example.org
"a b"@example.com
"a,b"@example.com
"c\"d"@example.com
"e\\f"@example.com
"g@h"@example.com
"i:j"@example.com
#l@example.com
+m@example.com
-n@example.com
=o@example.com
"@p"@example.com
o'neil@example.com
q/r{s}|~`^%&$!?*_@example.com
é@example.com
u@[192.0.2.1]
u@[ipv6:2001:db8::1]
v@xn--bcher-kva.example
END
sort odd >want
run suppress --reason=x --file=odd
ends "odd addresses" 0
for f in plain csv jsonl ses ses-json mailgun sendgrid postmark sparkpost \
	mailchimp listmonk cloudflare postfix-access exim-lsearch; do
	run export --yes-global -o "$f" "$f"
	ends "$f" 0
	cp err "$f.err"
done
sort plain >got
truly "plain" cmp got want
for f in ses-json sendgrid postmark sparkpost jsonl; do
	jq -r '.emailAddress // .address // (.recipient_emails // empty)[] //
		(.Suppressions // empty)[].EmailAddress //
		(.recipients // empty)[].recipient' "$f" | sort -u >got
	case $f in
	ses-json | sendgrid)
		grep -v é want >less
		has "$f says what it leaves out" "$f.err" "1 left out"
		;;
	*) cp want less ;;
	esac
	truly "$f, read by jq" cmp got less
done
cat >read.py <<'END'
import csv, json, sys
want = sorted(open('want', newline='').read().splitlines())
for name, column in (('mailgun', 'address'), ('mailchimp', 'Email Address'),
                     ('listmonk', 'email')):
    rows = list(csv.DictReader(open(name, newline=''), strict=True))
    assert sorted(r[column] for r in rows) == want, name
    assert all(None not in r and None not in r.values() for r in rows), name
cut = [a for a in want if not a.startswith('"')]
for name in 'ses', 'cloudflare':
    got = [l.split(',') for l in open(name, newline='').read().splitlines()]
    assert sorted(g[0] for g in got) == \
        [a for a in cut if name != 'ses' or a.isascii()], name
for name in 'jsonl', 'ses-json', 'sendgrid', 'postmark', 'sparkpost':
    for line in open(name):
        json.loads(line)
END
truly "mailgun, mailchimp, listmonk, ses and cloudflare, read by python" \
	python3 read.py
printf '.import --csv --skip 1 mailgun m\n' >read.sql
cat >>read.sql <<'END'
SELECT a FROM m ORDER BY a;
END
sqlite3 :memory: 'CREATE TABLE m (a, code, error, at)' '.read read.sql' \
	2>>err | sort >got
truly "mailgun, read by sqlite3" cmp got want
has "postfix-access leaves out what would be a comment" postfix-access.err \
	"1 left out, which postfix-access cannot hold: addresses that begin with #"
is "no line of it is one" "$(grep -c '^#' postfix-access)" 0

# --- what is held, and what ends ---------------------------------------------
run export --state=held plain
ends "what is held, where nothing can say until when" 64
has "is refused" err "cannot say when that ends"
run export --state=held cloudflare
ends "but Cloudflare takes an expiry" 0
run export --hash=sha256 ses
ends "hashes for a platform that needs addresses" 64
run export --hash=sha256 plain
is "a hash is that of the address" "$(sort out)" \
	"$(while IFS= read -r a; do
		printf %s "$a" | sha256sum | cut -d' ' -f1
	done <want | sort)"

# A mailer that refuses by our own table makes a bounce that comes back: it must
# not count as news. Shown to fail with another text in export_mta.h.
text=$(sed -n 's/^anna@example.org	//p' postfix-access)
bounce anna@example.org 5.7.1 "$text" >m.eml
run parse --format=jsonl m.eml
has "what our table refuses is known when it comes back" out \
	'"class":"skipped","reason":"already-suppressed"'
end
