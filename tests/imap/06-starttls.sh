#!/bin/sh
# STARTTLS: taken where it is sound, and nothing in clear where it is not.
. "$(dirname "$0")/lib.sh"

python3 "$here/mails.py" "$DIR/mails" 3
"$here/dovecot.sh" seed "$IMAP_SERVER" starttls 3 "$DIR/mails"
config "host: $IMAP_HOST" "port: $IMAP_PORT" "tls: starttls" \
	"ca_file: $IMAP_CA" "user: starttls"
once
is "Dovecot: it works" 0 "$status"
is "Dovecot: all are recorded" 3 "$(recorded)"
ok "Dovecot: capabilities are asked for again" \
	logged_times 3 "imap.sent.*CAPABILITY"

# refused SCENARIO REASON
refused() {
	fake "$1" scenario="$1" times=0 tls=starttls cert="$IMAP_CERTS/good.pem"
	config "host: localhost" "port: $fake_port" "tls: starttls" \
		"ca_file: $IMAP_CA" "user: alice"
	once
	ok "$1: refused (status $status)" test "$status" = "${3:-69}"
	ok "$1: it says why" logged "$2"
	is "$1: no credential is sent" 0 \
		"$(wire "login|authenticate|alice|$PASSWORD")"
}

refused starttls-stripped "offers no STARTTLS"
refused starttls-no "refuses it"
refused starttls-bad "BAD" 75
refused starttls-inject "somebody is in between"
refused starttls-no-tls "closed the connection" 75
refused preauth "PREAUTH"

# Plaintext is for this machine only: the loader and the stream both say so.
fake plain
config "host: 127.0.0.1" "port: $fake_port" "tls: none" "user: alice"
once
is "without TLS on this machine: it works" 0 "$status"
config "host: imap.example.com" "port: 143" "tls: none" "user: alice"
once
is "without TLS elsewhere: refused" 78 "$status"
finish
