#!/bin/sh
# systemd signals the whole process group: the helper that runs programs must
# outlive the daemon that ends by the same signal.
. "$(dirname "$0")/lib.sh"

python3 "$here/mails.py" "$DIR/mails" 3
"$here/dovecot.sh" seed "$IMAP_SERVER" group 3 "$DIR/mails"
config_dovecot group "password_command: [cat, $DIR/password]"
setsid "$bouncewatch" --config "$DIR/bouncewatch.yaml" watch 2>>"$DIR/log" &
watcher=$!
ok "the daemon becomes ready" wait_for 5 has_recorded 3
# Not kill(1): what shells and packages make of a negative number differs.
python3 -c 'import os, signal, sys
pid = int(sys.argv[1])
assert pid > 1 and os.getpgid(pid) == pid
os.killpg(pid, signal.SIGTERM)' "$watcher"
wait "$watcher"
is "a signal to the whole group ends it well" 0 $?
watcher=
finish
