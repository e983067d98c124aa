#!/bin/sh
# The report leaves: what is due, once however many look, made up once, through
# a real msmtp to a server, into a folder, and to a command.
. "$(dirname "$0")/lib.sh"

command -v msmtp >/dev/null || {
	echo "1..0 # SKIP msmtp is not installed"
	exit 0
}
mkdir sink reports
"$top/tests/cmd/smtp_sink.py" "$T/sink" &
sink=$!
trap 'kill $sink; rm -rf "$T"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -s sink/port ] || sleep 0.1
done

# A time due that is three hours old in that zone, whatever the time.
zone=America/New_York
day=$(TZ=$zone date -d '-3 hours' +%A | tr A-Z a-z)
hour=$(TZ=$zone date -d '-3 hours' +%-H)
configure() {
	cat >bouncewatch.yaml <<-END
		database: $T/test.db
		own: ["*@news.example.com"]
		mail:
		  sendmail: [/usr/bin/msmtp, --host=127.0.0.1,
		    --port=$(cat sink/port), --from=bw@example.com, --timeout=5,
		    --read-recipients]
		  from: bw@example.com
		report:
		  weekday: $day
		  hour: $hour
		  timezone: $zone
		  to: [deliverability@example.com, ops@example.org]
		  dns: false
		  ${1:-}
	END
}
mails() { find sink -name '*.eml' | wc -l | tr -d ' '; }

sql() {
	python3 - "$T/test.db" "$1" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1], timeout=10)
		for row in db.execute(sys.argv[2]):
		    print(*row)
	END
}

# edit WEEKS UNTIL [STEPS]: the row report.state, with its time due so many
# weeks earlier, a claim until then, and its steps
edit() {
	python3 - "$T/test.db" "$@" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1], timeout=10)
		where = "where name = 'report.state'"
		row = db.execute("select value from status " + where).fetchone()[0]
		due, until, *rest = row.split(" ")
		if len(sys.argv) > 4:
		    rest[:3] = sys.argv[4].split(" ")
		due = int(due) - int(sys.argv[2]) * 604800
		value = " ".join([str(due), sys.argv[3], *rest])
		db.execute("update status set value = ? " + where, [value])
		db.commit()
	END
}
state() { sql "select substr(value, 12) from status where name = 'report.state'"; }

configure
run config check
ends "the configuration is good" 0
run report --if-due
ends "no database" 66
# Eight weeks of two, and then a dozen, four days ago.
for week in 1 2 3 4 5 6 7 8; do
	bounce "a$week@example.org" 5.1.1 '550 5.1.1 User unknown' \
		$((week * 7 + 4)) >"a$week.eml"
	bounce "b$week@example.org" 5.1.1 '550 5.1.1 User unknown' \
		$((week * 7 + 5)) >"b$week.eml"
done
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	bounce "bad$i@spike.example" 5.1.1 '550 5.1.1 User unknown' 4 >"c$i.eml"
done
run ingest ./*.eml
run report --if-due
ends "the first look" 0
is "is silent" "$(cat out err)" ""
is "and sends nothing of the past" "$(mails)" 0

edit 3 0
run report --if-due
ends "a missed one is made up" 0
is "without a word" "$(cat out err)" ""
is "once, for three weeks" "$(mails)" 1
is "to whom it concerns" "$(sort sink/1.to | tr '\n' ' ')" \
	"deliverability@example.com ops@example.org "
run report --if-due
is "and not again" "$status $(mails)" "0 1"
to=$(TZ=UTC date -d "@$(sql "select substr(value, 1, 10) from status
	where name = 'report.state'")" +%F)
from=$(date -u -d "$to -7 days" +%F) last=$(date -u -d "$to -1 day" +%F)
run report --from="$from" --to="$last"
cp out text
run report --from="$from" --to="$last" --format=html
cp out html
python3 "$top/tests/cmd/report_mail.py" sink/1.eml text html >out 2>err
ends "another parser reads what report prints" 0
has "and the same numbers in both parts" out "hard 12 2"
has "the subject says what matters" out \
	"bouncewatch: 1 spike (spike.example), week of"
has "and names the week" out "week of $(date -u -d "$from" +'%-d %b %Y')"

# Never twice: all at once, and again and again.
i=0
while [ $i -lt 20 ]; do
	i=$((i + 1))
	edit 1 0
	before=$(mails)
	for _ in 1 2 3; do
		"$BW" report --if-due >>out.all 2>&1 &
		pids="${pids:-} $!"
	done
	# shellcheck disable=SC2086
	wait $pids
	pids=
	[ "$(mails)" = $((before + 1)) ] || echo "$i: $before $(mails)" >>twice
done
is "three at once, twenty times: one mail each" "$(cat twice 2>/dev/null)" ""

# What is refused is tried again.
touch sink/refuse
edit 1 0
before=$(mails)
run report --if-due
ends "a server that refuses" 75
has "its reply is told" err "not accepted by the server"
run status
has "and in status" out "not accepted by the server"
has "where it waits" out "by mail: to be sent;"
run report --if-due
ends "tried again" 75
is "kept for the report" "$(sql "select what, times, ended_at is null
	from troubles")" "the report by mail 2 1"
rm sink/refuse
run report --if-due
ends "then it is sent" 0
is "once" "$(mails)" $((before + 1))
run status
lacks "and the trouble is over" out "not accepted"
has "status knows the last one" out \
	"  by mail: sent last: $(date -u +%F)T"
due=$(sql "select substr(value, 1, 10) from status
	where name = 'report.state'")
next=$(TZ=$zone date -d "$(TZ=$zone date -d "@$due" '+%F %H:00') 7 days" +%s)
has "and the next" out "the next at $(date -u -d "@$next" +%FT%H:)"

# Killed between claim and end, while the server holds its last reply.
touch sink/hold
edit 1 0
before=$(mails)
"$BW" report --if-due >out 2>err &
pid=$!
i=0
while [ $i -lt 100 ] && [ "$(mails)" = "$before" ]; do
	i=$((i + 1))
	sleep 0.05
done
is "the mail is with the server" "$(mails)" $((before + 1))
kill -9 $pid
wait $pid 2>/dev/null
rm sink/hold
run report --if-due
is "while the claim holds nobody sends" "$status $(mails)" "0 $((before + 1))"
state >row
has "the state says that it was being sent" row "none none sending"
edit 0 1
run report --if-due
has "then it is told" err "not known whether the last one left"
run report --if-due
is "but never sent twice" "$(mails)" $((before + 1))
run status
has "status says how to send it" out "report --send"
run report --send --days=7
is "which does" "$status $(mails)" "0 $((before + 2))"

# Killed before anything left: the next one sends it.
edit 1 0
before=$(mails)
edit -1 1 "none none due"
run report --if-due
is "a claim that nobody holds any more is taken over" "$status $(mails)" \
	"0 $((before + 1))"

# The other ways.
configure "folder: $T/reports
  command: [sh, -c, 'cat >>$T/piped; [ ! -e $T/bad ]']
  command_format: jsonl"
touch bad
edit 1 0
before=$(mails)
run report --if-due
ends "one of three ways fails" 75
is "the others went" "$(mails) $(find "$T/reports" -type f | wc -l)" \
	"$((before + 1)) 3"
rm bad piped
run report --if-due
ends "the one is made up" 0
is "alone" "$(mails)" $((before + 1))
run report --from="$from" --to="$last" --format=jsonl
week=$(date -u -d "$from +3 days" +%G-W%V)
timeless() { sed 's/"made_at":"[^"]*"//' "$1"; }
timeless out >want
timeless piped >got
truly "the command got jsonl" cmp -s want got
timeless "$T/reports/report-$week.jsonl" >got
truly "so did the folder" cmp -s want got
truly "and the text" cmp -s text "$T/reports/report-$week.txt"
is "which the group may read" "$(stat -c %a "$T/reports/report-$week.html")" 640
rm -r "$T/reports"
edit 1 0
run report --if-due
ends "a folder that is gone" 75
has "is told" err "what=report.folder"
mkdir "$T/reports"

# By hand.
before=$(mails)
run report --send someone@example.net
is "to an address" "$status $(cat "sink/$((before + 1)).to")" \
	"0 someone@example.net"
run report --format=mail
has "a mail to look at" out "To: deliverability@example.com,"
run report --send nonsense
ends "to no address" 65
run report someone@example.net
ends "an address without --send" 64
run report --if-due --days=3
ends "--if-due with others" 64
printf 'database: %s/test.db\nown: ["*@news.example.com"]\n' "$T" >bouncewatch.yaml
run report --if-due
ends "no way configured" 78
run report --send
ends "nor anybody to send it to" 78
# Nobody gets it but who was asked for.
configure
before=$(mails)
for who in 'm\0303\0274ller@example.com' 'a(b)@example.com' 'a;b@example.com' \
	'a..b@example.com' '*@example.com'; do
	who=$(printf %b "$who")
	run report --send "$who"
	ends "--send $who" 65
	is "sends nothing" "$(mails)" "$before"
	sed "s/^  to: .*/  to: ['$who']/" bouncewatch.yaml >wrong.yaml
	run --config wrong.yaml config check
	ends "report.to: $who" 78
done
has "what is wrong" err "before the @"
run report --send "$(printf %b 'a@b\0303\0274cher.example')"
ends "a domain in UTF-8" 0
is "as A-labels" "$(mails) $(cat sink/$((before + 1)).to)" \
	"$((before + 1)) a@xn--bcher-kva.example"
# (msmtp, of which more is asked here than it can, makes <@example.com> of it.)
printf '#!/bin/sh\ncat >%s/mail\n' "$T" >sendmail
chmod +x sendmail
sed "s|^  sendmail: .*|  sendmail: [$T/sendmail]|; /^    --/d" \
	bouncewatch.yaml >quoted.yaml
run --config quoted.yaml report --send '"a, b"@example.com'
ends "in quotes" 0
is "it is one address" "$(python3 -c 'import email, email.policy
print([str(a.addr_spec) for a in email.message_from_file(open("mail"),
	policy=email.policy.default)["to"].addresses])')" \
	"['\"a, b\"@example.com']"
sed "s/^  from: .*/  from: b\"a@example.com/" bouncewatch.yaml >wrong.yaml
run --config wrong.yaml config check
ends "mail.from" 78
end
