#!/bin/sh
# Who may read the database: a user of the group bouncewatch, with the daemon
# down, while it runs and while it writes; nobody else. Who may write to it can
# spoil that for readers, and any command of ours mends it.
. "$(dirname "$0")/lib.sh"
if ! is_root; then
	echo "1..0 # SKIP other users: only root can be them"
	exit 0
fi
reader() { as $uid_postfix $uid_bouncewatch "$@"; }
stranger() { as $uid_stranger $uid_stranger "$@"; }
ask="SELECT reason FROM suppressed WHERE address = 'a@example.com' AND scope = '*'"

# mode FILE: permissions, owner, group
mode() { stat -c '%a %u %g' "$1"; }

# The packaged files promise what is tested here.
is "tmpfiles: the folder" "$(awk '$2 == "/var/lib/bouncewatch" {
	print $3, $4, $5 }' "$top/conf/bouncewatch.tmpfiles")" \
	"2750 bouncewatch bouncewatch"
is "service: the same folder" "$(sed -n 's/^StateDirectoryMode=//p' \
	"$top/conf/bouncewatch.service")" 2750

bounce a@example.com >mail
ours ingest "$T/mail" >out 2>err
status=$?
ends "the service's user records" 0
is "the folder" "$(mode lib)" "2750 $uid_bouncewatch $uid_bouncewatch"
for f in "$db" "$db-wal" "$db-shm"; do
	# Fails with: no SQLITE_FCNTL_PERSIST_WAL; a mode left to the umask.
	is "${f##*/}: readable for the group, also when all is closed" \
		"$(mode "$f")" "640 $uid_bouncewatch $uid_bouncewatch"
done

# reads NAME COMMAND...: prints user-unknown
reads() {
	name=$1
	shift
	"$@" >out 2>err
	is "$name" "$(cat out)" user-unknown
}
reads "a reader, the daemon down, opens it to read" \
	reader sqlite3 -readonly "$db" "$ask"
reads "a reader, the daemon down, opens it as most programs do" \
	reader sqlite3 "$db" "$ask"
reader "$BW" --database "$db" check a@example.com >out 2>err
is "a reader's bouncewatch check" $? 1
reader "$BW" --database "$db" export plain >out 2>err
is "a reader's bouncewatch export" "$(cat out)" a@example.com
stranger sqlite3 -readonly "$db" "$ask" >out 2>err
truly "a stranger reads nothing" test "$? $(cat out)" != "0 user-unknown"
reader sqlite3 "$db" "DELETE FROM suppressions" >out 2>err
truly "a reader cannot write" test $? != 0
reads "and what is there stays" reader sqlite3 "$db" "$ask"

# By root, with root's umask: still the group's.
"$BW" suppress --reason=test b@example.com >out 2>err
for f in "$db" "$db-wal" "$db-shm"; do
	is "${f##*/}: the same after root wrote" \
		"$(mode "$f")" "640 $uid_bouncewatch $uid_bouncewatch"
done
reads "a reader, after root wrote" reader sqlite3 "$db" "$ask"

# --- what foreign writers do ----------------------------------------------------
# SQLite takes the two files away when the last to close it may write: then who
# cannot make them cannot read (bouncewatch-database(5), "Reading").
sqlite3 "$db" "$ask" >out 2>err
truly "root's sqlite3 without -readonly takes -wal away" test ! -e "$db-wal"
reader sqlite3 "$db" "$ask" >out 2>err
truly "then a reader is told so, and gets no wrong answer" \
	test "$? $(cat out)" != "0 "
ours check a@example.com >out 2>err
reads "any command of ours mends it" reader sqlite3 "$db" "$ask"
sqlite3 -readonly "$db" "$ask" >out 2>err
reads "root's sqlite3 -readonly does no harm" reader sqlite3 "$db" "$ask"

# --- while the daemon runs --------------------------------------------------------
# An account that nobody answers: it has the database open all the same.
cat >daemon.yaml <<END
database: $db
own: ["*@news.example.com"]
accounts:
  - name: news
    host: 127.0.0.1
    port: 1
    tls: none
    user: x
    password_file: $T/password
END
echo x >password
chown $uid_bouncewatch password
chmod 600 password
chmod 644 daemon.yaml
(umask 027 && exec setpriv --reuid=$uid_bouncewatch \
	--regid=$uid_bouncewatch --groups=$uid_bouncewatch \
	"$BW" --config "$T/daemon.yaml" watch) >watch.log 2>&1 &
watch=$!
trap 'kill "$watch" 2>/dev/null; rm -rf "$T"' EXIT
for _ in 1 2 3 4 5 6 7 8 9 10; do
	grep -q . watch.log && break
	sleep 0.2
done
truly "the daemon runs" kill -0 "$watch"
reads "a reader, while the daemon runs" reader sqlite3 "$db" "$ask"
sqlite3 "$db" "$ask" >out 2>err
reads "root's sqlite3 does no harm then" reader sqlite3 "$db" "$ask"

# Three thousand bounces go in, and meanwhile a reader asks again and again: no
# answer fails, the known one is always there, the count never falls.
awk 'BEGIN { for (i = 0; i < 3000; i++) print "w" i "@example.com" }' |
	python3 "$here/reports.py" >mbox
cat >asking.py <<'END'
import os, sqlite3, sys, time
db, flag = sys.argv[1:]
n, last, first, failed = 0, 0, None, []
while True:
    done = os.path.exists(flag)
    try:
        # As a lookup table does: a connection that stays, and a new one.
        if n % 2 == 0:
            c = sqlite3.connect(db, timeout=0)
        count, = c.execute("SELECT count(*) FROM suppressed").fetchone()
        known = c.execute("SELECT 1 FROM suppressed WHERE address ="
                          " 'a@example.com'").fetchall()
        if count < last or known != [(1,)]:
            failed.append("%d after %d, known %s" % (count, last, known))
        first = count if first is None else first
        last = count
    except sqlite3.Error as e:
        failed.append(str(e))
    n += 1
    if done:
        break
    time.sleep(0.002)
print("failed %d of some, saw it grow: %s" % (len(failed), first < last))
print(failed[:3], n, first, last, file=sys.stderr)
END
chmod 644 asking.py
# Not the python3 of a user's own.
reader /usr/bin/python3 asking.py "$db" "$T/written" >asked 2>err &
asking=$!
sleep 0.2
ours ingest "$T/mbox" >out 2>&1
status=$?
touch written
wait "$asking"
ends "it is written to" 0
is "a reader, while it is written to" "$(cat asked)" \
	"failed 0 of some, saw it grow: True"
kill "$watch"
wait "$watch"
reads "a reader, after the daemon has stopped" reader sqlite3 "$db" "$ask"
is "all are there" "$(reader sqlite3 "$db" \
	"SELECT count(*) FROM suppressed")" 3002

# --- what is exported -------------------------------------------------------------
(umask 077 && ours export -o "$T/lib/list" plain) >out 2>err
is "an export is for the group, too" "$(mode lib/list)" \
	"640 $uid_bouncewatch $uid_bouncewatch"
is "and a reader reads it" "$(reader sed -n '$=' lib/list)" 3002
end
