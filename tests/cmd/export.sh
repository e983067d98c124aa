#!/bin/sh
# export: formats, filters, and a file that is there whole or not at all.
. "$(dirname "$0")/lib.sh"

{
	cat bouncewatch.yaml
	echo 'streams: { headers: [List-Id] }'
} >streams.yaml && mv streams.yaml bouncewatch.yaml
bounce anna@example.org >1.eml
bounce "+odd@example.org" >2.eml
bounce carl@sub.example.org 5.1.2 '550 5.1.2 Host unknown (NXDOMAIN)' >3.eml
complaint dora@example.net '<news.example.com>' >4.eml
run ingest ./*.eml
ends "two reasons and two scopes" 0

run export plain
ends "plain" 0
is "has every address once" "$(LC_ALL=C sort out | tr '\n' ' ')" \
	"+odd@example.org anna@example.org carl@sub.example.org dora@example.net "
has "and says that it tells no scope" err "1 suppression holds only in one"
run export csv
is "csv has a head" "$(head -n 1 out | tr -d '\r')" \
	"address,scope,state,class,reason,cause,since,expires"
has "with a guard for spreadsheets" out "'+odd@example.org,*,suppressed,hard"
has "with the scope" out "dora@example.net,"
truly "and no remark" [ ! -s err ]
is "jsonl has a row for each" "$("$BW" export jsonl | wc -l)" 4
run export jsonl
has "that changes no address" out '"address":"+odd@example.org"'
is "csv and jsonl name the same" \
	"$("$BW" export csv | tail -n +2 | cut -d, -f1 | tr -d "'\r")" \
	"$("$BW" export plain 2>/dev/null)"

run export --domain=example.org plain
is "--domain" "$(LC_ALL=C sort out | tr '\n' ' ')" "+odd@example.org anna@example.org "
run export --domain=@EXAMPLE.org. plain
is "--domain in another spelling" "$(wc -l <out)" 2
run export --domain='no domain' plain
ends "--domain that is none" 64
run export --domain='*' plain
ends "nor is a pattern one" 64
has "and all is without" err "'*' is no domain such as example.com; leave it out for all domains"
lacks "in one's own words" err "x@"
run export --reason=domain-unknown plain
is "--reason" "$(cat out)" carl@sub.example.org
run export --reason=domain-unknwon plain
ends "--reason that is none" 64
has "suggests one" err "did you mean 'domain-unknown'?"
run export --scope=nowhere plain
is "--scope leaves other scopes out" "$(wc -l <out)" 3
has "and says that it knows none of the name" err \
	"nothing is known of the scope 'nowhere'"
run export --since-last=on_change -o a.txt --removals=b.txt plain
ends "the name of another asker" 64
scope=$("$BW" check --format=csv dora@example.net | tail -n 1 | cut -d, -f4)
run export --scope="$scope" plain
is "--scope takes its own and everywhere" "$(wc -l <out)" 4
today=$(date -u +%F)
run export --before="$(date -u -d '-3 days' +%F)" plain
is "--before" "$(wc -l <out)" 0
has "none fits" err "nothing of what is suppressed fits the filter"
"$BW" --database=empty.db suppress --reason=r a@example.org 2>/dev/null
"$BW" --database=empty.db release --reason=r a@example.org 2>/dev/null
run export --database=empty.db plain
has "an empty list says where to look" err "'bouncewatch report' says"
run export --after="$(date -u -d '-3 days' +%F)" plain
is "--after" "$(wc -l <out)" 4
run export --after="$today"T00:00 plain
ends "a time that is none" 64
run export
ends "no format" 64
has "shows the formats" err "jsonl"
run export xml
ends "no such format" 64
run export plain csv
ends "two formats" 64

umask 077
run export -o list plain
ends "-o" 0
truly "prints nothing" [ ! -s out ]
is "has everything" "$(wc -l <list)" 4
is "has its mode whatever the umask" "$(stat -c %a list)" 640
run export -o list --domain=example.net plain
is "is replaced" "$(cat list)" dora@example.net
ln -s victim link
echo mine >victim
run export -o link plain
is "a link is replaced, not followed" "$(cat victim) $(stat -c %F link)" \
	"mine regular file"
for own in test.db test.db-wal test.db-shm test.db.lock ./test.db; do
	run export -o "$own" plain
	ends "$own is not replaced" 73
done
has "and the reason is told" err "it belongs to the database"
ln -s test.db db-link
run export --database=db-link -o db-link plain
ends "nor a link to the database" 73
run export -o "$T/../${T##*/}/bouncewatch.yaml" plain
ends "nor the configuration" 73
for key in password_file token_file ca_file; do
	echo secret >"$key" && chmod 600 "$key"
	case $key in
	password_file) with= ;;
	token_file) with=', auth: xoauth2' ;;
	ca_file) with=', password_command: [p]' ;;
	esac
	sed "\$a accounts:\n- {name: a, host: imap.example.com, user: u, $key: $key$with}" bouncewatch.yaml >accounts.yaml
	run --config=accounts.yaml export -o "./$key" plain
	ends "nor a $key" 73
	has "which is told" err "the configuration names it, to be read"
	is "and it stays" "$(cat $key)" secret
done
run export -o - plain
ends "-o - is standard output" 0
truly "is the list" [ -s out ]
truly "and no file" [ ! -e ./- ]
run export --since-last=x --removals=- -o adds plain
ends "removals do not go there" 64
run export --since-last= --removals=dels -o adds plain
ends "a name that is empty" 64
has "is told" err "--since-last is empty"
mkfifo pipe
run export -o pipe plain
ends "a pipe" 73
has "is told with what to do" err "leave -o out"
truly "and stays" [ -p pipe ]
ln -s /dev/null null
run export -o null plain
ends "a link to a device" 73
truly "stays, too" [ -L null ]
run export -o absent/list plain
ends "no such folder" 73
has "is named" err "absent/list"
mkdir open && chmod 777 open
run export -o open/list plain
ends "a folder for everyone" 73
run export -o open plain
ends "a folder in its place" 73
echo old >small
(
	trap '' XFSZ
	ulimit -f 0
	exec "$BW" export -o small plain >out 2>err
)
is "a full disk" $? 74
is "leaves the old file" "$(cat small)" old
is "and nothing else" "$(find . -name '.bouncewatch*' | wc -l)" 0
"$BW" export plain >/dev/full 2>err
is "a full disk behind standard output" $? 74
has "is told" err "No space left"

if command -v python3 >/dev/null; then
	"$BW" export csv >list.csv
	"$BW" export jsonl >list.jsonl
	python3 - <<'END' >out 2>err
import csv, json
rows = list(csv.DictReader(open('list.csv', newline='')))
objects = [json.loads(line) for line in open('list.jsonl')]
assert len(rows) == len(objects) == 4
for row, o in zip(rows, objects):
    assert o.pop('v') == 1
    assert row.pop('address').lstrip("'") == o.pop('address')
    assert row == {k: v or '' for k, v in o.items()}, (row, o)
END
	is "other languages read the same back" $? 0
fi
# Nothing that fits a filter is not nothing. Seen to fail.
run export plain --domain=nobody.example.net
has "a filter that lets nothing through" err "nothing of what is suppressed fits the filter"
run export plain --reason=nonsense
ends "a reason that there is none" 64
has "where they are listed" err "there is no reason 'nonsense': bouncewatch(1) lists them"

end
