#!/bin/sh
# New mail is seen at once by IDLE, whatever way the server tells of it.
. "$(dirname "$0")/lib.sh"

python3 "$here/mails.py" "$DIR/mails" 8
"$here/dovecot.sh" seed "$IMAP_SERVER" idle 2 "$DIR/mails"
config_dovecot idle
start_watch
ok "it becomes ready" wait_for 10 logged "mailbox.ready .*mode=idle"
for i in 3 4 5; do
	began=$(now)
	"$here/dovecot.sh" put "$IMAP_SERVER" idle "$DIR/mails/0000$i.eml"
	ok "mail $i is recorded within 2 s" wait_for 2 has_recorded $i
	echo "# recorded $(($(now) - began)) ms after its delivery"
done

# The server kills the session: it comes back, and nothing is missed.
"$here/dovecot.sh" kick "$IMAP_SERVER"
"$here/dovecot.sh" put "$IMAP_SERVER" idle "$DIR/mails/00006.eml"
ok "after a lost connection it comes back" wait_for 8 has_recorded 6

# USR1: look now.
ok "it is ready again" wait_for 8 logged_times 2 "mailbox.ready"
kill -USR1 "$watcher"
ok "a poke ends IDLE for a look" wait_for 2 logged_times 4 "imap.sent.*DONE"
stop_watch
is "SIGTERM ends it well" 0 "$status"
ok "and soon ($took ms)" test "$took" -lt 2000
ok "with LOGOUT" logged "imap.sent.*LOGOUT"

# What servers do around IDLE. Each leads to the fourth mail being seen.
for how in same-segment untagged-first expunge no bad still-here bye; do
	rm -f "$DIR"/bouncewatch.db* "$DIR/log"
	fake "idle-$how" scenario="idle-$how"
	config_fake "poll: 10s"
	start_watch
	case $how in
	no | bad)
		ok "IDLE, $how: it polls instead" wait_for 4 logged no-idle
		kill -USR1 "$watcher"
		;;
	esac
	ok "IDLE, $how: new mail is seen" wait_for 5 has_recorded 4
	stop_watch
	is "IDLE, $how: it ends well" 0 "$status"
done
finish
