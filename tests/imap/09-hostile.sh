#!/bin/sh
# What a broken or hostile server sends. Each case is one pass (and, where it
# ends with 75, another): the program must not crash or hang, must record all
# three mails once the server behaves, and must refuse what it should refuse.
. "$(dirname "$0")/lib.sh"

# run SCENARIO EXPECTED-STATUS [LOG] [FAKE-OPTION...]
run() {
	name=$1 expected=$2 words=${3:-}
	shift 2
	[ $# -eq 0 ] || shift
	rm -f "$DIR"/bouncewatch.db* "$DIR/log"
	fake "$name" scenario="$name" "$@"
	config_fake
	began=$(now)
	once
	is "$name" "$expected" "$status"
	[ -z "$words" ] || ok "$name: it says so" logged "$words"
	ok "$name: soon ($(($(now) - began)) ms)" \
		test $(($(now) - began)) -lt 3000
}

# recovers SCENARIO STATUS [LOG]: afterwards nothing is missing.
recovers() {
	run "$@"
	[ "$status" = 0 ] || once
	is "$1: all three are recorded" 3 "$(recorded)"
	is "$1: none is given up" 0 \
		"$(sql "select count(*) from uids where state > 1")"
}

# The connection ends.
recovers eof-greeting 75 "closed the connection"
recovers eof-half-greeting 75
recovers bye-greeting 75 "BYE:.*too busy"
recovers eof-login 75
recovers eof-select 75
recovers eof-list 75
recovers eof-literal 0
recovers eof-after-size 0
recovers eof-parentheses 0 "parentheses above 64"
recovers bye-fetch 0 "BYE: going down"

# What must not reach the parser.
for name in deep long-line huge-literal overflow-literal negative-literal \
	inline-literal open-quote nul text-literal text-quote mute-alert \
	mute-parse bad-flags cut-flags bad-namespace flood; do
	recovers $name 0 "refused what the server sent"
done

# What is no answer to the question.
recovers garbage 0 "not understood"
recovers wrong-tag 0 "not asked"
recovers bad 75 "BAD"
recovers no-capability 0
recovers empty-capability 0
recovers flags-greeting 75 "before anything was asked"
recovers no-uidvalidity 75 "UIDVALIDITY"
recovers unavailable 75 "UNAVAILABLE"

# What is strange and does no harm: one session is enough.
for name in unknown unknown-literal unknown-item flags shrink unasked \
	header-only status parens-in-quotes body-first twice reversed-order \
	nil-body silent renumber preauth; do
	recovers $name 0
done

# Bodies in other forms are bodies.
recovers quoted-body 0
recovers empty-body 0

# Sizes that are great, or a lie.
recovers big-mail 0
ok "big-mail: only its beginning was asked for" logged "<0.1048576>"
recovers lying-size 0 "a literal above"

# A mail that is gone is no failure.
run expunged 0
is "expunged: the others are recorded" 2 "$(recorded)"
is "expunged: it is noted as gone" 3 \
	"$(sql "select state from uids where uid = 1")"

# One mail that cannot be had holds up no other, and is not lost in silence.
for name in poison curse refused silent; do
	run $name 0 "mail.quarantined .*uid=2 " times=0 mails=9
	is "$name, each time: the others are recorded" 8 "$(recorded)"
	is "$name, each time: it is quarantined" 4 \
		"$(sql "select state from uids where uid = 2")"
	is "$name, each time: the cursor is past it" 9 \
		"$(sql "select last_uid from mailboxes")"
done

# When none can be had it is the server: none is given up.
for name in deep eof-literal nil-body unknown-item unavailable garbage; do
	run $name 75 "" times=0
	is "$name, always: none is given up" 0 \
		"$(sql "select count(*) from uids")"
done
finish
