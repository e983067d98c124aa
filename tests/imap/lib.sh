# Shared by the scenarios. Each is run by run.sh in a folder of its own ($DIR),
# with the Dovecot of run.sh in its environment, and prints TAP. What it starts
# is stopped at its end, by process id.
# shellcheck shell=sh disable=SC2034,SC2119,SC2120
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.." || exit 1
B=${B:-build}
export LC_ALL=C
# libetpan loses some bytes where a server breaks the rules.
export LSAN_OPTIONS="suppressions=$here/leaks:print_suppressions=0"
bouncewatch=$B/bouncewatch
DIR=${DIR:-$(mktemp -d)}
mkdir -p "$DIR"
number=0
failed=0
started=0
fakes=
watcher=
PASSWORD=blue-tin-47

# --- telling ---

# ok WHAT COMMAND...: a test that passes when the command succeeds.
ok() {
	what=$1
	shift
	number=$((number + 1))
	if "$@" >"$DIR/why" 2>&1; then
		echo "ok $number - $what"
		return 0
	fi
	failed=$((failed + 1))
	echo "not ok $number - $what"
	echo "# failed: $*"
	sed 's/^/# /' "$DIR/why"
	tail -n 12 "$DIR/log" 2>/dev/null | cut -c1-300 | sed 's/^/# log: /'
	return 1
}

# is WHAT EXPECTED GOT
is() {
	ok "$1" same "$2" "$3"
}

same() {
	[ "$1" = "$2" ] || {
		echo "expected '$1', got '$2'"
		return 1
	}
}

finish() {
	stop_watch
	for pid in $fakes; do
		kill "$pid" 2>/dev/null
	done
	echo "1..$number"
	[ "$failed" = 0 ]
	exit
}

now() {
	date +%s%3N
}

# wait_for SECONDS COMMAND...: try every 20 ms.
wait_for() {
	deadline=$(($(now) + $1 * 1000))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(now)" -lt $deadline ] || return 1
		sleep 0.02
	done
}

# --- servers ---

# fake NAME KEY=VALUE...: start a fake server; its folder is $fake_dir and its
# port $fake_port.
fake() {
	started=$((started + 1))
	fake_dir=$DIR/$1.$started
	shift
	python3 "$here/fake-imap.py" "$fake_dir" "$@" 2>>"$DIR/fake.err" &
	fakes="$fakes $!"
	wait_for 10 test -f "$fake_dir/port" || {
		cat "$DIR/fake.err" >&2
		exit 1
	}
	fake_port=$(cat "$fake_dir/port")
}

# How many lines the fake server received that match.
wire() {
	grep -aciE -- "$1" "$fake_dir/wire"
}

# The UIDs in a folder of the fake server, or with a flag.
held() {
	python3 - "$fake_dir/state" "$@" <<-'END'
		import json, sys
		box = json.load(open(sys.argv[1])).get(sys.argv[2], {})
		print(*[u for u, f in box.items() if not sys.argv[3:] or sys.argv[3] in f])
	END
}

# --- bouncewatch ---

# config KEY=VALUE...: one account; the rest are lines for it.
config() {
	printf '%s\n' "$PASSWORD" >"$DIR/password"
	chmod 600 "$DIR/password"
	cat >"$DIR/bouncewatch.yaml" <<-END
		database: $DIR/bouncewatch.db
		own: ["*@news.example.com"]
		log: { level: debug }
		accounts:
		  - name: news
	END
	for line; do
		printf '    %s\n' "$line"
	done >>"$DIR/bouncewatch.yaml"
	case " $* " in
	*password* | *token*) ;;
	*) echo "    password_file: $DIR/password" >>"$DIR/bouncewatch.yaml" ;;
	esac
}

# config_fake LINE...: the fake server that was started last.
config_fake() {
	config "host: 127.0.0.1" "port: $fake_port" "tls: none" \
		"user: alice" "$@"
}

# config_dovecot USER LINE...: over TLS.
config_dovecot() {
	user=$1
	shift
	config "host: $IMAP_HOST" "port: $IMAPS_PORT" "ca_file: $IMAP_CA" \
		"user: $user" "$@"
}

# One pass; its exit status is $status, what it said in $DIR/log.
once() {
	"$bouncewatch" --config "$DIR/bouncewatch.yaml" ingest --once \
		>"$DIR/log" 2>&1
	status=$?
}

start_watch() {
	"$bouncewatch" --config "$DIR/bouncewatch.yaml" watch 2>>"$DIR/log" &
	watcher=$!
}

# Stop it with a signal; $took says how long it needed, $status how it ended.
stop_watch() {
	[ -n "$watcher" ] || return 0
	began=$(now)
	kill "-${1:-TERM}" "$watcher" 2>/dev/null
	wait "$watcher" 2>/dev/null
	status=$?
	took=$(($(now) - began))
	watcher=
}

logged() {
	grep -qE -- "$1" "$DIR/log"
}

# At least so many times.
logged_times() {
	[ "$(grep -cE -- "$2" "$DIR/log")" -ge "$1" ]
}

not() {
	! "$@"
}

# Rows of a query.
sql() {
	python3 - "$DIR/bouncewatch.db" "$1" <<-'END'
		import sqlite3, sys
		for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
		    print(*row, sep="|")
	END
}

# How many mails are recorded, and whether it is so many.
recorded() {
	sql "select count(*) from messages"
}

has_recorded() {
	[ "$(recorded)" = "$1" ]
}
