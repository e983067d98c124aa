#!/bin/sh
# The daemon sends the weekly report: what it missed, once, across restarts;
# what failed until it is sent; in a time zone that a reload may change.
. "$(dirname "$0")/lib.sh"

cat >"$DIR/sendmail" <<END
#!/bin/sh
[ -e "$DIR/broken" ] && { echo "out of stamps" >&2; exit 75; }
[ ! -e "$DIR/slow" ] || { echo >"$DIR/started"; sleep 30; }
cat >>"$DIR/mail"
echo "--- end" >>"$DIR/mail"
END
cat >"$DIR/page" <<END
#!/bin/sh
cat >>"$DIR/pages"
END
chmod +x "$DIR/sendmail" "$DIR/page"

# write_config ZONE HOURS: it is due that many hours ago in that zone.
write_config() {
	config_fake
	{
		echo "mail: { sendmail: [$DIR/sendmail, -t], from: bw@example.com }"
		echo "alerts: { command: [$DIR/page] }"
		echo "report:"
		echo "  weekday: $(TZ=$1 date -d "-$2 hours" +%A | tr A-Z a-z)"
		echo "  hour: $(TZ=$1 date -d "-$2 hours" +%-H)"
		echo "  timezone: $1"
		echo "  to: [deliverability@example.com]"
	} >>"$DIR/bouncewatch.yaml"
}
due_in() { TZ=$1 date -d "$(TZ=$1 date -d "-$2 hours" '+%F %H:00:00')" +%s; }
due() { sql "select substr(value, 1, 10) from status where name = 'report.state'"; }
is_due() { [ "$(due)" = "$1" ]; }
mails() { [ "$(grep -c '^--- end' "$DIR/mail" 2>/dev/null)" = "$1" ]; }
# As if the last report was so many weeks ago.
missed() {
	python3 - "$DIR/bouncewatch.db" "$1" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1], timeout=5)
		where = "where name = 'report.state'"
		due, until, rest = db.execute("select value from status " +
		    where).fetchone()[0].split(" ", 2)
		db.execute("update status set value = ? " + where, [
		    f"{int(due) - int(sys.argv[2]) * 604800} 0 {rest}"])
		db.commit()
	END
}

fake report
write_config America/New_York 3
start_watch
ok "it knows when it is due" wait_for 5 is_due "$(due_in America/New_York 3)"
ok "nothing of the past is sent" not mails 1
stop_watch
missed 2
start_watch
ok "what was missed is made up" wait_for 5 mails 1
stop_watch
is "it ends well" 0 "$status"
start_watch
wait_for 3 false
ok "once, across a restart" mails 1
stop_watch

touch "$DIR/broken"
missed 1
start_watch
ok "what fails is logged" wait_for 5 logged 'failed what=report.mail.*out of stamps'
rm "$DIR/broken"
ok "and sent when it can be" wait_for 20 mails 2
ok "which is logged" wait_for 5 logged 'recovered what=report.mail'
stop_watch
is "and kept for the report" 1 "$(sql "select count(*) from troubles
	where what = 'the report by mail' and ended_at > 0")"

# Killed while sendmail runs.
: >"$DIR/pages"
touch "$DIR/slow"
missed 1
start_watch
ok "a mail is on its way" wait_for 5 test -e "$DIR/started"
kill -9 "$watcher"
wait "$watcher" 2>/dev/null
rm "$DIR/slow"
start_watch
wait_for 3 false
ok "while its claim holds nothing is sent" mails 2
stop_watch
python3 - "$DIR/bouncewatch.db" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=5)
where = "where name = 'report.state'"
due, until, rest = db.execute("select value from status " + where).fetchone()[0].split(" ", 2)
db.execute("update status set value = ? " + where, [f"{due} 1 {rest}"])
db.commit()
END
start_watch
ok "then it is told" wait_for 5 logged 'not known whether the last one left'
ok "by an alert, too" wait_for 5 grep -q 'report --send' "$DIR/pages"
ok "that does not say it is tried again" not grep -q 'It is tried again' "$DIR/pages"
wait_for 3 false
ok "and not sent twice" mails 2

# Another zone.
write_config Asia/Kathmandu 1
kill -HUP "$watcher"
ok "a reload takes another time zone" wait_for 10 is_due "$(due_in Asia/Kathmandu 1)"
sed -i 's,Asia/Kathmandu,Asia/Katmandoo,' "$DIR/bouncewatch.yaml"
kill -HUP "$watcher"
ok "one that does not exist is told" wait_for 5 logged "there is no zone 'Asia/Katmandoo'"
ok "and the settings stay" wait_for 5 logged config.kept
stop_watch
is "the daemon ends" 0 "$status"
finish
