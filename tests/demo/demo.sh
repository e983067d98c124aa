#!/bin/sh
# demo.sh: the main job before your eyes. A real Dovecot with a mailbox of
# bounces, bouncewatch watching it, and what comes out. It is a test, too: it
# fails when a step does not show what it must, and leaves nothing running.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."
B=${B:-build}
imap=tests/imap/dovecot.sh
list=tests/demo/seed
mailbox=bounces@news.example.com
limit=20 # seconds that a step may take

home=$B/demo
server=
watcher=

fail() {
	echo "demo: $*" >&2
	[ ! -s "$home/watch.log" ] || {
		echo "demo: what watch said:" >&2
		sed 's/^/    /' "$home/watch.log" >&2
	}
	exit 1
}

# Stop what was started, and nothing else, by process id.
stop_watch() {
	[ -n "$watcher" ] || return 0
	pid=$watcher
	watcher=
	kill -TERM "$pid" 2>/dev/null || true
	wait "$pid"
}

stop() {
	stop_watch || true
	[ -z "$server" ] || $imap down "$server"
	server=
}

title() {
	printf '\n== %s\n\n' "$*"
}

# Show a command as one would type it, and what it prints (kept in shown).
show() {
	printf '$ bouncewatch %s\n' "$*"
	"$B/bouncewatch" "$@" >"$home/shown" ||
		fail "bouncewatch $* ended with $?"
	cat "$home/shown"
}

now() {
	date +%s%3N
}

# until SECONDS COMMAND...: try every 20 ms; fails when the time is over.
until_true() {
	deadline=$(($(now) + $1 * 1000))
	shift
	until "$@"; do
		[ "$(now)" -lt $deadline ] || return 1
		[ -z "$watcher" ] || kill -0 "$watcher" 2>/dev/null || return 1
		sleep 0.02
	done
}

# The golden mails are dated 3 to 9 March 2025; these are of the last six days,
# the live ones of this minute.
shift_dates() {
	if [ "$1" = live ]; then
		date=$(date -u '+%a, %d %b %Y %H:%M:%S')
		sed -E "s/([MTWFS][a-z]{2}, +)?[0-9]{1,2} Mar 2025 [0-9:]{8}/$date/"
		return
	fi
	edit=
	for day in 3 4 5 6 7 8 9; do
		ago=$((day > 4 ? 10 - day : 6))
		date=$(date -u -d "$ago days ago" '+%a, %d %b %Y')
		edit="$edit;s/[MTWFS][a-z]{2}, +0?$day Mar 2025/$date/"
		edit="$edit;s/(^|[^0-9])0?$day Mar 2025/\\1$date/"
	done
	sed -E "${edit#;}"
}

# mails seed|live: their names; addresses seed|.: what they suppress.
mails() {
	awk -v kind="$1" '$1 == kind { print $2 }' $list
}

addresses() {
	awk -v kind="$1" '$1 ~ "^(" kind ")$" {
		for (i = 3; i <= NF; i++)
			print $i
	}' $list | sort
}

make_mails() {
	mkdir -p "$home/seed" "$home/live"
	for kind in seed live; do
		for mail in $(mails $kind); do
			shift_dates $kind <"tests/corpus/$mail.eml" \
				>"$home/$kind/$(echo "$mail" | tr / -).eml"
		done
	done
}

write_config() {
	printf '%s\n' "$IMAP_PASSWORD" >"$home/password"
	cat >"$home/bouncewatch.yaml" <<END
database: $home/bouncewatch.db
accounts:
  - name: news
    host: $IMAP_HOST
    port: $IMAPS_PORT
    tls: implicit
    ca_file: $IMAP_CA
    user: $mailbox
    password_file: $home/password
    folders: [INBOX]
    after: { bounce: "move Bounces", complaint: "move Bounces" }
own: ["*@news.example.com"]
streams:
  headers: [List-Id]
END
	chmod 600 "$home/password" "$home/bouncewatch.yaml"
}

# Whether stdin, which is sorted, has the lines of a list, which has no order.
same_as() {
	cat >"$home/sorted"
	sort "$1" | cmp -s - "$home/sorted"
}

# Whether exactly the addresses of $1 are suppressed now.
suppressed_are() {
	"$B/bouncewatch" export plain >"$home/list" 2>/dev/null &&
		addresses "$1" | same_as "$home/list"
}

# check says 1 to an address that may not be mailed, 0 to any other.
is_suppressed() {
	status=0
	"$B/bouncewatch" check "$1" >/dev/null 2>&1 || status=$?
	[ $status -eq 1 ]
}

began=$(now)
trap stop EXIT
trap 'exit 1' HUP INT TERM
rm -rf "$home"
mkdir -p "$home"
home=$(cd "$home" && pwd)
export BOUNCEWATCH_CONFIG="$home/bouncewatch.yaml"

title "A mailbox full of bounces"
make_mails
server=$($imap up)
# shellcheck disable=SC1091
. "$server/env"
$imap seed "$server" $mailbox "$(mails seed | wc -l)" "$home/seed"
write_config
echo "Dovecot listens on $IMAP_HOST:$IMAPS_PORT (TLS, a CA made for this run)."
echo "INBOX of $mailbox: $(mails seed | wc -l) mails of the last six days."
# shellcheck disable=SC2016
printf '\n$ export BOUNCEWATCH_CONFIG="%s"\n$ cat "$BOUNCEWATCH_CONFIG"\n' \
	"$BOUNCEWATCH_CONFIG"
cat "$BOUNCEWATCH_CONFIG"

title "Watch it"
echo '$ bouncewatch watch &'
"$B/bouncewatch" watch >"$home/watch.log" 2>&1 &
watcher=$!
until_true $limit suppressed_are seed ||
	fail "after $limit s the list is not what the mails ask for:
$(addresses seed | diff - "$home/list" | grep '^[<>]')"
echo "Read, judged, recorded, and then moved to the folder Bounces."

title "Two more arrive while it watches (IDLE)"
for mail in $(mails live); do
	address=$(awk -v mail="$mail" '$2 == mail { print $3 }' $list)
	put=$(now)
	$imap put "$server" $mailbox \
		"$home/live/$(echo "$mail" | tr / -).eml"
	until_true $limit is_suppressed "$address" ||
		fail "$address is not suppressed $limit s after its bounce"
	echo "$address: recorded $(($(now) - put)) ms after delivery"
done

title "What was recorded"
show status
grep -q 'news/INBOX' "$home/shown" ||
	fail "status does not name the folder that is watched"

title "The suppression list, for whatever sends your mail"
show export plain
addresses 'seed|live' | same_as "$home/shown" ||
	fail "the list is not what the mails ask for"

title "Why is this address on it?"
show explain anna.berg@example.org
grep -q 'user-unknown' "$home/shown" ||
	fail "explain does not give the reason"

title "The weekly report"
show report
grep -q 'user-unknown' "$home/shown" ||
	fail "the report does not name the commonest reason"

title "Stop"
stop_watch || fail "watch ended with $?"
master=$IMAP_PID
stop
! kill -0 "$master" 2>/dev/null || fail "Dovecot ($master) is still running"
echo "watch and Dovecot are stopped. The whole took $((($(now) - began) / 1000)) s."
echo "The database stays. With BOUNCEWATCH_CONFIG set as above, try:
  $B/bouncewatch explain dana@example.net
  $B/bouncewatch help"
