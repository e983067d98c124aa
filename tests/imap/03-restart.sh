#!/bin/sh
# Stopped or killed in the middle of its work, again and again: no mail is
# lost, none counts twice, and in the end all are moved.
. "$(dirname "$0")/lib.sh"

mails=3000
python3 "$here/mails.py" "$DIR/mails" $mails

# run_with SIGNAL USER: until the INBOX is empty; counts the restarts.
run_with() {
	rm -f "$DIR"/bouncewatch.db* "$DIR/log"
	"$here/dovecot.sh" seed "$IMAP_SERVER" "$2" $mails "$DIR/mails"
	config_dovecot "$2" 'after: { bounce: "move Bounces" }'
	sed -i 's/debug/info/' "$DIR/bouncewatch.yaml"
	restarts=0
	pause=0.05
	while [ "$("$here/dovecot.sh" ls "$IMAP_SERVER" "$2")" != 0 ]; do
		start_watch
		sleep "$pause"
		stop_watch "$1"
		restarts=$((restarts + 1))
		[ "$1" = KILL ] || [ "$status" = 0 ] || break
		# Later and later, so that each stage is met and it ends.
		pause=$(echo "$pause * 1.25" | bc 2>/dev/null ||
			python3 -c "print($pause * 1.25)")
		[ $restarts -lt 30 ] || break
	done
}

# kept_apart USER: how many different mails are in Bounces. A server goes on
# with the MOVE of a client that was killed; when the next client finds a mail
# before it has gone, a second copy is put there, and nobody can know of it. Who
# is told to end waits for the answer: then there are none.
kept_apart() {
	find "$IMAP_MAIL/$1/.Bounces" -type f -path '*/[cn]*/*' -exec \
		grep -h -m 1 '^Message-ID: <.*bounce@' {} + | sort -u | wc -l
}

for signal in TERM KILL; do
	run_with $signal "restart-$signal"
	echo "# $signal: $restarts times"
	ok "$signal: more than one start was needed" test $restarts -gt 1
	is "$signal: none is lost, none counts twice" $mails "$(recorded)"
	is "$signal: each address has one event" $mails \
		"$(sql 'select count(distinct address_id) from events')"
	is "$signal: no event is there twice" $mails \
		"$(sql 'select count(*) from events')"
	is "$signal: all are moved" $mails "$(kept_apart "restart-$signal")"
	[ $signal = KILL ] ||
		is "$signal: each once" $mails "$("$here/dovecot.sh" ls \
			"$IMAP_SERVER" "restart-$signal" Bounces)"
	# What was moved just before a kill is marked at the next start.
	once
	is "$signal: nothing is left to do" 0 \
		"$(sql 'select count(*) from uids where state in (0, 2)')"
	is "$signal: the database is sound" ok \
		"$(sql 'pragma integrity_check')"
done
finish
