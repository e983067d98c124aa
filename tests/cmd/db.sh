#!/bin/sh
# Looking after the database: what `db` says of it, finds in it, copies and
# drops. Beside a check stands with which fault it was seen to fail.
. "$(dirname "$0")/lib.sh"

sql() { sqlite3 -bail "$1" "$2" 2>>sql.err; }

run db
ends "no command" 64
run db stat
ends "no database yet" 66
run db vacuum
ends "vacuum makes none either" 66
truly "and leaves no file" [ ! -e test.db ]
run db vacuum --dry-run
ends "an option of another command of it" 64
has "is named" err "vacuum: takes no --dry-run"
run db backup
ends "backup without a file" 64
run db purge
ends "purge without a word of what" 64

i=0
while [ $i -lt 40 ]; do
	i=$((i + 1))
	bounce "first$i@example.org" 5.1.1 "" $((i * 10))
done >first.mbox
sed -i 's/^Return-Path: <>$/From x Thu Jan  1 00:00:00 2026\n&/' first.mbox
run ingest -q first.mbox
ends "forty bounces" 0
run suppress --reason=asked hand1@example.net hand2@example.net
run release --reason=back hand2@example.net

# --- stat ---
# Rows of a table WITHOUT ROWID taken from its leaves alone; indexes left out.
run db stat --format=csv
ends "stat" 0
tr -d '\r' <out | sed 1d >tables
while IFS=, read -r table rows _; do
	[ "$(sql test.db "SELECT count(*) FROM $table")" = "$rows" ] ||
		fail "stat counts the rows of $table ($rows)"
done <tables
is "every table is there" "$(cut -d, -f1 tables | sort | tr '\n' ' ')" \
	"$(sql test.db "SELECT name FROM sqlite_schema WHERE type = 'table'
	UNION ALL SELECT 'sqlite_schema' ORDER BY 1" | tr '\n' ' ')"
free=$(sql test.db 'PRAGMA freelist_count')
is "all pages are somebody's" \
	"$(awk -F, '{ n += $3 + $4 } END { print n }' tables)" \
	$((($(sql test.db 'PRAGMA page_count') - free) * 4096))
sql test.db 'CREATE TABLE bulk (k PRIMARY KEY, v) WITHOUT ROWID;
	WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT
	20000) INSERT INTO bulk SELECT i, hex(randomblob(50)) FROM n'
run db stat --format=csv
is "rows on inner pages count" "$(tr -d '\r' <out | sed -n 's/^bulk,//p' |
	cut -d, -f1)" 20000
run db stat --format=jsonl
is "jsonl" "$(python3 -c '
import json, sys
rows = [json.loads(line) for line in sys.stdin]
print(rows[0]["table"], rows[0]["schema"] > 0, rows[1]["table"],
	len(rows) > 15, all(r["v"] == 1 for r in rows))' <out)" \
	"None True bulk True True"
is "the first and the last event" "$(python3 -c '
import json, sys
whole = json.loads(sys.stdin.readline())
print(whole["oldest_event_at"], whole["newest_event_at"])' <out)" \
	"$(sql test.db "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', min(at),
	'unixepoch') || ' ' || strftime('%Y-%m-%dT%H:%M:%SZ', max(at),
	'unixepoch') FROM (SELECT (id >> 32) * 86400 + second AS at
	FROM events)")"
run db stat
has "text" out "suppressions"
sql test.db 'DROP TABLE bulk'

# --- check ---
run db check
ends "a sound database" 0
has "is called that" err "test.db: sound"
truly "and nothing is found" [ ! -s out ]

# damaged NAME SQL WANT: SQL does harm to a copy; check finds it, in WANT's
# words. With the row of its account left out.
damaged() {
	rm -f harm.db*
	cp test.db harm.db
	sql harm.db "PRAGMA foreign_keys = OFF; $2"
	run db check --database=harm.db
	ends "$1: found" 65
	has "$1: told" out "$3"
}
sql test.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
damaged "a suppression that the log does not have" \
	"UPDATE suppressions SET state = 4 WHERE address_id = 7" \
	"the suppression of first7@example.org in * is not what"
damaged "one of another change" \
	"UPDATE suppressions SET seq = 8 WHERE address_id = 7" \
	"the suppression of first7@example.org in * is not what"
damaged "one that was lost" \
	"DELETE FROM suppressions WHERE address_id = 7" \
	"the change log has first7@example.org in *, but no suppression"
damaged "a change that does not follow" \
	"DROP TRIGGER changes_are_not_changed; UPDATE changes SET turn_id =
	(SELECT id FROM turns WHERE old_state <> 0) WHERE seq = 7" \
	"change 7 does not follow another of its address"
# Three changes of one address: suppressed, suppressed by hand, released.
run suppress --reason=again first9@example.org
run release --reason=back first9@example.org
damaged "a change that leads to another's" \
	"DROP TRIGGER details_are_not_changed; UPDATE details SET prev = 7
	WHERE prev = 9" "does not follow another of its address"
damaged "a change that leads forward" \
	"DROP TRIGGER details_are_not_changed; UPDATE details SET prev = seq
	WHERE prev = 9" "does not follow another of its address"
damaged "a change from another state" \
	"DROP TRIGGER changes_are_not_changed; UPDATE changes SET turn_id =
	(SELECT turn_id FROM changes WHERE seq = 7) WHERE seq = (SELECT prev
	FROM details ORDER BY seq DESC LIMIT 1)" \
	"does not follow another of its address"
damaged "a change that is gone" \
	"DROP TRIGGER changes_are_not_deleted; DELETE FROM changes WHERE
	seq = 9" "does not follow another of its address"
damaged "one that is passed over" \
	"DROP TRIGGER details_are_not_changed; UPDATE details SET prev = 9
	WHERE seq = (SELECT max(seq) FROM details)" \
	"to 1 changes of the log nothing leads back"
damaged "a count that is too high" \
	"UPDATE daily SET n = n + 1 WHERE day = (SELECT min(day) FROM daily)" \
	"there are 1 events of hard user-unknown, and 2 in the daily counts"
damaged "a count that was lost" \
	"DELETE FROM daily WHERE day = (SELECT max(day) FROM daily)" \
	"there are 1 events of hard user-unknown, and 0 in the daily counts"
damaged "an event of another day" \
	"UPDATE events SET second = 86400 WHERE id = (SELECT max(id) FROM events)" \
	"is of no second of its day"
damaged "an event of no kind" \
	"UPDATE events SET kind_id = 99 WHERE id = (SELECT max(id) FROM events)" \
	"refers to a row of kinds that is missing"
damaged "an incident that is not there" \
	"UPDATE suppressions SET incident_id = 99 WHERE address_id = 7" \
	"a suppression of first7@example.org names the incident 99"
damaged "a cursor in the future" \
	"INSERT INTO cursors VALUES ('crm', 99999, 0, 'plain', '*', '')" \
	"the cursor crm of an export stands at 99999"
damaged "an index that lacks a row" \
	"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql =
	replace(sql, 'IS NOT NULL', '> 1e12') WHERE name = 'events_address'" \
	"events_address"
run db check --quick --database=harm.db
ends "what a quick look does not look for" 0

# A page of a table written over.
page=$(sql test.db "SELECT rootpage FROM sqlite_schema WHERE name = 'events'")
rm -f harm.db*
cp test.db harm.db
dd if=/dev/urandom of=harm.db bs=4096 seek=$((page - 1)) count=1 conv=notrunc \
	2>/dev/null
run db check --database=harm.db
ends "a page that was written over" 65
run db check --quick --database=harm.db
ends "a quick look finds that, too" 65
run db backup --database=harm.db copy.db
ends "and no copy is made of it" 65
truly "nothing is left of that" [ -z "$(find . -name 'copy*' -o -name '.bounce*')" ]

# A row that refers to nothing: every page is well. With what the look at the
# copy finds not counted.
rm -f harm.db*
cp test.db harm.db
sql harm.db "PRAGMA foreign_keys = OFF; UPDATE events SET kind_id = 99"
run db backup --database=harm.db copy.db
ends "a copy is looked through before it is put in place" 65
truly "and is not" [ ! -e copy.db ]

# --- backup ---
(
	umask 077
	"$BW" db backup copy.db >out 2>err
)
is "a copy" "$?" 0
is "is for the group, whatever the umask" "$(stat -c %a copy.db)" 640
truly "is one file" [ -z "$(find . -name 'copy.db-*')" ]
is "needs no WAL" "$(sql copy.db 'PRAGMA journal_mode')" delete
run db check --database=copy.db
ends "is sound" 0
run check --database=copy.db first1@example.org
ends "and can be asked" 1
cp copy.db before.db
for force in "" --force; do
	# shellcheck disable=SC2086
	run db backup $force copy.db
	ends "a database of ours is never replaced (${force:-plain})" 73
	run db backup ${force:+"$force"} test.db
	ends "least of all itself (${force:-plain})" 73
done
truly "it is what it was" cmp -s copy.db before.db
run db check
ends "and so is the database" 0
echo letter >other
run db backup other
ends "another file is not replaced" 73
has "unless by --force" err "--force"
is "it is what it was" "$(cat other)" letter
run db backup --force other
ends "with --force it is" 0
run db check --database=other
ends "by a sound copy" 0
: >new.db-wal
run db backup new.db
ends "beside the WAL of another" 73
has "it is named" err "'new.db-wal' is of another database"
truly "there is no copy" [ ! -e new.db ]
run db backup absent/new.db
ends "into a folder that is not there" 73
mkfifo pipe
run db backup --force pipe
ends "into a pipe" 73
lacks "and its words are not those of an export" err " -o "

# soon FILE: wait until it is there, with something in it
soon() {
	tries=0
	until [ -s "$1" ] || [ $tries -ge 100 ]; do
		tries=$((tries + 1))
		sleep 0.1
	done
}

# While others write (what happens between two steps of a copy is in
# tests/unit/store-db_care.c). With the count of another moment.
sql test.db "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
	LIMIT 300000) INSERT INTO messages SELECT i, randomblob(16), 0 FROM n"
truly "it is large" [ "$(stat -c %s test.db)" -gt 9000000 ]
(
	i=0 rc=0
	while [ ! -e enough ]; do
		i=$((i + 1))
		bounce "second$i@host$i.example.org" | "$BW" ingest -q 2>>writer.err ||
			rc=1
		echo $i >>written
	done
	echo $rc >writer.rc
) &
writer=$!
soon written
for n in 1 2 3; do
	i=$(tail -n 1 written)
	run db backup during$n.db
	ends "copy $n while others write" 0
	run db check --database=during$n.db
	ends "copy $n is sound" 0
	is "copy $n has all that was committed when it began" \
		"$(seq "$i" | sed 's/.*/second&@host&.example.org/' |
			"$BW" check --database=during$n.db | grep -c suppressed)" \
		"$i"
done
: >enough
wait $writer
is "and who wrote did not notice" "$(cat writer.rc)" 0
is "with not a word" "$(grep -v 'incident opened' writer.err)" ""

# --- vacuum ---
sql test.db 'DELETE FROM messages WHERE class = 0'
before=$(stat -c %s test.db)
run db vacuum
ends "vacuum" 0
truly "gives back what was free" [ "$(stat -c %s test.db)" -lt $((before / 4)) ]
run db check
ends "and all is well" 0
run check first1@example.org
ends "and there" 1
# With the mode DB_WRITE.
python3 - <<'END' >out 2>err &
import fcntl, struct, time
f = open("test.db.lock", "a+")
fcntl.fcntl(f, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1, 0))
open("held", "w").write("by us")
time.sleep(30)
END
watch=$!
soon held
run db vacuum
ends "not while a watch runs" 75
has "which is told" err "another 'bouncewatch watch' is using"
kill $watch
wait $watch 2>/dev/null

# --- purge ---
day=$(date -u -d '-100 days' +%F)
want=$(sql test.db "SELECT count(*) FROM events JOIN evidence ON event_id = id
	WHERE (id >> 32) * 86400 + second < unixepoch('$day')")
truly "there is evidence of then" [ "$want" -gt 5 ]
all=$(sql test.db 'SELECT count(*) FROM evidence')
run db purge -n --evidence-before="$day"
ends "a rehearsal" 0
has "counts" err "would drop the evidence of $want events"
is "and drops nothing" "$(sql test.db 'SELECT count(*) FROM evidence')" "$all"
events=$(sql test.db 'SELECT count(*) FROM events')
run db purge --evidence-before="$day"
ends "purge" 0
has "counts, too" err "dropped the evidence of $want events"
is "the rest is there" "$(sql test.db 'SELECT count(*) FROM evidence')" \
	$((all - want))
is "and all events" "$(sql test.db 'SELECT count(*) FROM events')" "$events"
run db check
ends "and all is well" 0

# --- purge ADDRESS ---
run db purge -n first7@example.org
ends "a rehearsal of forgetting" 0
has "says what would go" out "first7@example.org: would be forgotten, with 1 piece"
has "it is still there" err "nothing was changed"
run db purge First7@Example.ORG never@example.org
ends "one that is not known" 1
has "the one is forgotten" out "First7@Example.ORG: forgotten, with"
has "the other was never there" out "never@example.org: not known"
run check first7@example.org
ends "it is suppressed still" 1
is "but not by name" "$("$BW" export plain 2>/dev/null | grep -c '^first7@')" 0
is "nor in the view" "$(sql test.db "SELECT count(*) FROM suppressed
	WHERE local = 'first7'")" 0
is "its hash is on the list of hashes" "$("$BW" export --hash=sha256 plain 2>/dev/null |
	grep -c "^$(printf first7@example.org | sha256sum | cut -c1-64)$")" 1
run db purge first7@example.org
has "twice" out "was forgotten before"
run db check
ends "and all is well after it" 0
is "sqlite3 had no word to say" "$(cat sql.err)" ""
# --- after an upgrade of the program ---
# What only reads leaves a file of an older schema alone, and tells the way on,
# which leads there. Seen to fail: 77 and "run this as one of them".
rm -f old.db*
{
	cat "$top/tests/unit/schema-4.sql"
	echo 'PRAGMA application_id = 0x62776174; PRAGMA user_version = 4;
		PRAGMA journal_mode = WAL;'
} | sqlite3 -bail old.db >/dev/null 2>>sql.err
echo 'at,n' >counts.csv
for command in "check a@example.org" report "db check" "db stat" status \
	"export csv" "explain a@example.org" incident "db backup older.db" \
	"import -n sent counts.csv"; do
	# shellcheck disable=SC2086
	run $command --database="$T/old.db"
	ends "of an older schema: $command" 78
done
has "is told to be one" err "it is of schema 4, this program needs "
lacks "no word of who may read it" err "belongs to"
lacks "nor of its owner, who asks" err "as its owner"
is "it is what it was" "$(sql old.db 'PRAGMA user_version')" 4
cp old.db "old's one.db"
run check --database="old's one.db" a@example.org
has "its name can be given to a shell" err "bouncewatch --database='old'\\''s one.db' ingest /dev/null"
run check --database="$T/old.db" a@example.org
way=$(sed -n 's/^ *bouncewatch \(--database=.*\)/\1/p' err)
# shellcheck disable=SC2086
run $way
ends "the way that is told: $way" 0
run check --database=old.db a@example.org
ends "it can be read then" 0
run db check --database=old.db
ends "and is sound" 0
if [ "$(id -u)" = 0 ] && getent passwd nobody >/dev/null; then
	sql old.db 'PRAGMA user_version = 4'
	chown nobody old.db
	run check --database=old.db a@example.org
	has "of somebody else" err "as its owner, nobody"
	chown 54321 old.db
	run check --database=old.db a@example.org
	has "of a user without a name" err "as its owner, uid 54321"
fi

# A file system that is mounted read-only. Seen to fail: "run this as one of
# them".
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	mkdir -p ro
	cp test.db ro/test.db
	rm -f ro/test.db-*
	cat >ro.sh <<-END
		mount --bind "$T/ro" "$T/ro" &&
			mount -o remount,ro,bind "$T/ro" || exit 99
		exec "$BW" --database="$T/ro/test.db" suppress --reason=r \
			ro@example.org
	END
	unshare -m sh ro.sh >out 2>err
	status=$?
	if [ $status != 99 ]; then
		ends "a read-only file system" 77
		has "is told to be one" err "its file system is mounted read-only"
	fi
fi

end
