#!/bin/sh
# The daemon as a service: what signals do, what systemd is told, and that one
# folder in trouble is its own.
. "$(dirname "$0")/lib.sh"

# Listens as systemd does; a line for each datagram.
listen() {
	python3 - "$1" "$2" <<-'END' &
		import socket, sys, time
		s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		s.bind(sys.argv[1])
		s.settimeout(60)
		with open(sys.argv[2], "w", buffering=1) as f:
		    while True:
		        f.write(s.recv(4096).decode() + "\n")
	END
	fakes="$fakes $!"
	wait_for 5 test -S "$1"
}

socket=$(mktemp -u "${TMPDIR:-/tmp}/bw-notify.XXXXXX")
listen "$socket" "$DIR/told"

# shellcheck disable=SC2317 # called by name
told() {
	grep -q "$1" "$DIR/told"
}

python3 "$here/mails.py" "$DIR/mails" 9
"$here/dovecot.sh" seed "$IMAP_SERVER" signals 2 "$DIR/mails"
fake stalled scenario=stall times=0
config_dovecot signals
cat >>"$DIR/bouncewatch.yaml" <<END
  - name: broken
    host: 127.0.0.1
    port: $fake_port
    tls: none
    user: bob
    password_file: $DIR/password
END
export NOTIFY_SOCKET="$socket" WATCHDOG_USEC=1500000
start_watch
unset NOTIFY_SOCKET WATCHDOG_USEC
ok "systemd hears READY" wait_for 5 told "^READY=1"
ok "the good folder becomes ready" wait_for 5 logged "ready.*news/INBOX"
began=$(now)
"$here/dovecot.sh" put "$IMAP_SERVER" signals "$DIR/mails/00003.eml"
ok "a folder in trouble does not delay another" wait_for 2 has_recorded 3
echo "# recorded $(($(now) - began)) ms after its delivery"
ok "systemd hears how many are watched" wait_for 3 told \
	"^STATUS=2 folders: 1 watched"
ok "the watchdog is kept quiet" wait_for 3 told "^WATCHDOG=1"
ok "status knows the folder" test "$(sql "select value from status
	where name = 'mailbox.news/INBOX.state'")" = ready
ok "status knows the process" test "$(sql "select value from status
	where name = 'daemon.pid'")" = "$watcher"

# A second one.
"$bouncewatch" --config "$DIR/bouncewatch.yaml" watch >"$DIR/second" 2>&1
is "a second daemon is refused" 75 $?

# HUP with a bad file, and with a good one.
cp "$DIR/bouncewatch.yaml" "$DIR/good.yaml"
echo "accuonts: 7" >>"$DIR/bouncewatch.yaml"
kill -HUP "$watcher"
ok "a bad file is told with its mistake" wait_for 3 logged \
	"config.mistake.*accuonts"
"$here/dovecot.sh" put "$IMAP_SERVER" signals "$DIR/mails/00004.eml"
ok "and the old settings stay" wait_for 3 has_recorded 4
# A folder that stalls in its login must not hold up the new settings.
sed '/name: broken/,$d' "$DIR/good.yaml" >"$DIR/bouncewatch.yaml"
kill -HUP "$watcher"
ok "a good one is put in force" wait_for 6 logged_times 2 "mailbox.ready"
"$here/dovecot.sh" put "$IMAP_SERVER" signals "$DIR/mails/00005.eml"
ok "and watched with" wait_for 3 has_recorded 5
# The files of rules are read again with it.
cp "$DIR/bouncewatch.yaml" "$DIR/good.yaml"
echo "rules: [$DIR/rules.yaml]" >>"$DIR/bouncewatch.yaml"
echo "family: mine" >"$DIR/rules.yaml"
echo "rulez: []" >>"$DIR/rules.yaml"
kill -HUP "$watcher"
ok "a mistake in rules is told with its line" wait_for 3 logged \
	"rules.yaml:2: unknown key 'rulez'"
cat >"$DIR/rules.yaml" <<END
family: mine
rules:
  - rule: my-own
    reason: undetermined
    status: [5.1.1, 5.2.2, 4.2.2]
    examples: [550 5.1.1 user unknown]
    not: [550 5.7.1 refused]
END
kill -HUP "$watcher"
ok "rules are put in force" wait_for 6 logged_times 3 "mailbox.ready"
for _ in $(seq 50); do
	kill -HUP "$watcher"
done
"$here/dovecot.sh" put "$IMAP_SERVER" signals "$DIR/mails/00006.eml"
ok "fifty of them do no harm" wait_for 6 has_recorded 6
is "and the new rules judge" 1 "$(sql "select count(*) from kinds k
	join labels l on l.id = k.rule where l.label = 'my-own'")"
stop_watch INT
is "SIGINT ends it well" 0 "$status"
ok "systemd hears STOPPING" told "^STOPPING=1"
ok "the account of all messages is given, over reloads" logged \
	"^recorded 6 of 6 messages"

# Told to stop while a server stalls, and while none can be reached.
fake stalled-2 scenario=stall times=0
config_fake
start_watch
ok "it has sent its login" wait_for 5 sh -c "grep -qi login '$fake_dir/wire'"
stop_watch
is "stopped while the server stalls: well" 0 "$status"
ok "stopped while the server stalls: within 5 s ($took ms)" \
	test "$took" -lt 5000
config "host: 192.0.2.1" "port: 993" "user: x"
start_watch
sleep 0.3
stop_watch
is "stopped while it connects: well" 0 "$status"
ok "stopped while it connects: within 5 s ($took ms)" test "$took" -lt 5000
rm -f "$socket"
finish
