#!/bin/sh
# SIGKILL at random moments while batches are recorded: what was told to be
# committed is there, nothing is there in part, and nothing twice. Then the
# database is made anew and killed at its birth. Last, the control: a writer
# that tells its batches before it has recorded them must be found out.
#
# Tried once besides: with the cursor committed in a transaction of its own,
# before that of its mails, the first two tests fail ("the uids are not those
# up to the cursor", "a mail is missing", ...).
#
# KILLS: how often (25; 500 with LONG). Needs $B/crash/ledger-writer.
set -u
cd "$(dirname "$0")/../.." || exit 1
B=${B:-build}
writer=$B/crash/ledger-writer
kills=${KILLS:-${LONG:+500}}
kills=${kills:-25}
dir=$(mktemp -d) || exit 1
pid=
trap '[ -z "$pid" ] || kill -9 "$pid" 2>/dev/null; rm -rf "$dir"' EXIT
db=$dir/test.db
acks=$dir/acks
failed=0

[ -x "$writer" ] || { echo "not built: $writer"; exit 1; }
command -v sqlite3 >/dev/null || { echo "1..0 # SKIP no sqlite3"; exit 77; }

# A random number below $1.
below() {
	echo $(($(od -An -N4 -tu4 /dev/urandom) % $1))
}

# Let the writer run for $1 ms, then kill it. Its words go to $dir/said.
run_and_kill() {
	ms=$1
	shift
	"$writer" "$db" "$@" >>"$acks" 2>>"$dir/said" &
	pid=$!
	sleep "$((ms / 1000)).$(printf '%03d' $((ms % 1000)))"
	kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	[ $? -eq 137 ] || echo "the writer ended by itself" >>"$dir/said"
	pid=
}

# Prints what is wrong with the database, nothing when all is well. Each row
# is a check that gives 1; c is the cursor: all mails up to it are recorded. (c
# stands in a SELECT of its own: beside an aggregate of no rows it is NULL.)
wrong() {
	acked=$(tail -n 1 "$acks")
	sqlite3 -readonly "$db" 2>&1 <<-EOT
	.mode list
	WITH i(box) AS (SELECT id FROM mailboxes WHERE folder = 'INBOX'),
	n(c) AS (SELECT coalesce(max(last_uid), 0) FROM mailboxes),
	checks(what, ok) AS (VALUES
	('acknowledged, but not there', (SELECT c >= ${acked:-0} FROM n)),
	('a batch is there in part', (SELECT c % 50 = 0 FROM n)),
	('the uids are not those up to the cursor',
		(SELECT count(*) = (SELECT c FROM n)
		AND coalesce(max(uid), 0) = (SELECT c FROM n)
		FROM uids WHERE mailbox_id IN i)),
	('a copy is missing',
		(SELECT count(*) = (SELECT max(c - 50, 0) FROM n)
		FROM uids WHERE mailbox_id NOT IN i)),
	('a mail is missing, or twice',
		(SELECT count(*) FROM messages) = (SELECT c FROM n)),
	('an event is missing, or twice',
		(SELECT count(*) FROM events) = (SELECT 2 * c FROM n)),
	('an address does not have its one event',
		(SELECT count(*) FROM (SELECT a.local FROM addresses a
		JOIN events e ON e.address_id = a.id
		WHERE a.local LIKE 'u%' GROUP BY a.id HAVING count(*) = 1))
		= (SELECT c FROM n)),
	('evidence is missing',
		(SELECT count(*) FROM evidence) = (SELECT 2 * c FROM n)),
	('the daily counts are wrong',
		(SELECT coalesce(sum(n), 0) FROM daily)
		= (SELECT count(*) FROM events)),
	('an address is not suppressed',
		(SELECT count(*) FROM suppressions WHERE state = 1)
		= (SELECT c FROM n)),
	('the change log is wrong',
		(SELECT count(*) = (SELECT c FROM n)
		AND coalesce(max(seq), 0) = (SELECT c FROM n) FROM changes)))
	SELECT what FROM checks WHERE ok IS NOT 1;
	SELECT integrity_check FROM pragma_integrity_check
		WHERE integrity_check <> 'ok';
	SELECT 'a foreign key of ' || "table" FROM pragma_foreign_key_check;
	EOT
	cat "$dir/said"
}

# TAP line number $1 about $2; $3 is what was wrong, empty when nothing was.
result() {
	if [ -z "$3" ]; then
		echo "ok $1 - $2"
	else
		echo "not ok $1 - $2"
		echo "$3" | sed 's/^/# /'
		failed=1
	fi
}

anew() {
	rm -f "$db" "$db"-* "$db".lock
	: >"$acks"
	: >"$dir/said"
}

echo 1..3

anew
"$writer" "$db" 1 >>"$acks" 2>>"$dir/said"
bad=
for _ in $(seq "$kills"); do
	run_and_kill $((5 + $(below 250)))
	bad=$(wrong)
	[ -z "$bad" ] || break
done
mails=$(tail -n 1 "$acks")
[ "${mails:-0}" -ge $((kills * 50)) ] || bad="$bad only ${mails:-0} mails"
result 1 "$kills kills in the course of $mails mails: none lost, none twice" \
	"$bad"

bad=
for _ in $(seq 12); do
	anew
	run_and_kill "$(below 12)"
	# It may have died before it did anything, but not for good.
	"$writer" "$db" 2 >>"$acks" 2>>"$dir/said" ||
		echo "it does not start again" >>"$dir/said"
	bad=$(wrong)
	[ -z "$bad" ] || break
done
result 2 "12 kills at the birth of a database: each starts again" "$bad"

anew
bad="a writer that tells its batches too early is not found out"
for _ in $(seq 20); do
	run_and_kill $((20 + $(below 100))) 0 fake
	if wrong | grep -q '^acknowledged, but not there'; then
		bad=
		break
	fi
done
result 3 "the control: a commit that is only told is found out" "$bad"
exit $failed
