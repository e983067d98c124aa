#!/bin/sh
# dovecot.sh - a private, throwaway Dovecot on loopback for tests and the demo.
#
#   DIR=$(dovecot.sh up)           start one; prints the folder that holds it
#   dovecot.sh seed DIR USER N SRC put N mails (cycled from SRC/*.eml) in
#                                  USER's INBOX
#   dovecot.sh put  DIR USER FILE [FOLDER]
#                                  deliver one mail (an atomic maildir rename)
#   dovecot.sh ls   DIR USER [FOLDER]
#                                  print how many mails a folder holds
#   dovecot.sh renumber DIR USER   forget the UIDs: the INBOX gets a new
#                                  UIDVALIDITY
#   dovecot.sh token DIR USER      print an OAuth2 token that it accepts
#   dovecot.sh kick DIR            kill every IMAP session, not the server
#   dovecot.sh down DIR            stop it, by process id, and remove DIR
#
# After "up", DIR/env holds shell assignments: IMAP_HOST (localhost),
# IMAP_PORT (plain and STARTTLS), IMAPS_PORT (TLS), IMAP_CA (its CA),
# IMAP_CERTS (certificates and keys), IMAP_PASSWORD (every user name works
# with it), IMAP_PID, IMAP_MAIL.
#
# The certificate is good for localhost, mail.test, 127.0.0.1 and ::1. Asked
# by SNI for wronghost.test, expired.test or selfsigned.test, it shows a
# certificate that is bad in that way.
#
# Settings from the environment, for "up":
#   IMAP_PASSWORD  "blue-tin-47"
#   IMAP_SETTINGS  more lines for dovecot.conf
#   IMAP_PREFIX    namespace prefix, such as "INBOX."
#
# Started by root, the whole of it runs as nobody; by anybody else, as that
# user. The folder is made under /tmp (or TMPDIR), because nobody must be able
# to reach it and the path of a socket is limited to 107 bytes.
# Needs: dovecot-imapd, openssl.
set -eu
umask 022

die() {
	echo "dovecot.sh: $*" >&2
	exit 1
}

usage() {
	sed -n '2,/^$/s/^# \{0,1\}//p' "$0" | sed '/^After/,$d' >&2
	exit 64
}

if [ "$(id -u)" = 0 ]; then
	who=nobody
	uid=$(id -u nobody)
	gid=$(id -g nobody)
	as() {
		setpriv --reuid="$uid" --regid="$gid" --clear-groups -- "$@"
	}
	own() {
		chown -R "$uid:$gid" "$@"
	}
else
	who=$(id -un)
	uid=$(id -u)
	gid=$(id -g)
	as() {
		"$@"
	}
	own() {
		:
	}
fi
group=$(getent group "$gid" | cut -d: -f1)

# A leaf certificate: name, SAN, and options that say how long it is valid.
leaf() {
	cert=$1
	san=$2
	shift 2
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -keyout "$cert.key" -out "$cert.csr" \
		-subj "/CN=$cert" 2>openssl.err || die "$(cat openssl.err)"
	printf '%s\n' "subjectAltName=$san" extendedKeyUsage=serverAuth \
		basicConstraints=CA:FALSE >"$cert.ext"
	openssl x509 -req -in "$cert.csr" -CA ca.pem -CAkey ca.key \
		-CAcreateserial -extfile "$cert.ext" -out "$cert.pem" "$@" \
		2>openssl.err || die "$(cat openssl.err)"
}

make_certificates() {
	mkdir -p "$1"
	cd "$1"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -keyout ca.key -out ca.pem -days 30 \
		-subj "/CN=throwaway test CA" \
		-addext basicConstraints=critical,CA:TRUE \
		-addext keyUsage=critical,keyCertSign,cRLSign \
		2>openssl.err || die "$(cat openssl.err)"
	leaf good "DNS:localhost,DNS:mail.test,IP:127.0.0.1,IP:::1" -days 30
	leaf wronghost "DNS:other.test" -days 30
	leaf expired "DNS:expired.test" -days -1
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 \
		-nodes -keyout selfsigned.key -out selfsigned.pem -days 30 \
		-subj "/CN=selfsigned.test" \
		-addext subjectAltName=DNS:selfsigned.test,DNS:localhost \
		2>openssl.err || die "$(cat openssl.err)"
	cd "$OLDPWD"
}

sni() {
	cat <<CONF
local_name $1.test {
  ssl_cert = <$DIR/tls/$1.pem
  ssl_key = <$DIR/tls/$1.key
}
CONF
}

# Arguments: the port for plain and STARTTLS, the port for TLS.
write_config() {
	cat >"$DIR/dovecot.conf" <<CONF
base_dir = $DIR/run
state_dir = $DIR/run
instance_name = $(basename "$DIR")
log_path = $DIR/log
protocols = imap
listen = 127.0.0.1
default_internal_user = $who
default_internal_group = $group
default_login_user = $who
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:$DIR/mail/%u
mail_max_userip_connections = 100
mail_fsync = never
auth_mechanisms = plain login xoauth2
auth_failure_delay = 0
auth_username_format = %u
disable_plaintext_auth = no
ssl = yes
ssl_min_protocol = TLSv1.2
ssl_cert = <$DIR/tls/good.pem
ssl_key = <$DIR/tls/good.key
$(sni wronghost)
$(sni expired)
$(sni selfsigned)
namespace inbox {
  inbox = yes
  separator = .
  prefix = ${IMAP_PREFIX:-}
}
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = $DIR/oauth2.conf
}
passdb {
  driver = static
  args = password=$IMAP_PASSWORD
}
userdb {
  driver = static
  args = uid=$uid gid=$gid home=$DIR/mail/%u allow_all_users=yes
}
service imap-login {
  chroot =
  service_count = 0
  process_min_avail = 1
  inet_listener imap {
    port = $1
  }
  inet_listener imaps {
    port = $2
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
${IMAP_SETTINGS:-}
CONF
	cat >"$DIR/oauth2.conf" <<CONF
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=$DIR/keys/
username_attribute = sub
CONF
}

# A port that is free is found by trying; below the range that the kernel
# itself hands out.
start() {
	tries=0
	while :; do
		port=$(shuf -i 20000-32000 -n 1)
		write_config "$port" $((port + 1))
		own "$DIR"
		! as "$dovecot" -c "$DIR/dovecot.conf" 2>"$DIR/err" || break
		tries=$((tries + 1))
		[ "$tries" -lt 10 ] || {
			cat "$DIR/err" "$DIR/log" >&2
			die "dovecot did not start"
		}
	done
	i=0
	while [ ! -s "$DIR/run/master.pid" ]; do
		i=$((i + 1))
		[ "$i" -lt 100 ] || die "dovecot wrote no pid file"
		sleep 0.05
	done
}

up() {
	dovecot=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v dovecot) ||
		die "dovecot is not installed (Debian: dovecot-imapd)"
	IMAP_PASSWORD=${IMAP_PASSWORD:-blue-tin-47}
	DIR=$(mktemp -d "${TMPDIR:-/tmp}/bw-imap.XXXXXX")
	chmod 755 "$DIR"
	make_certificates "$DIR/tls"
	mkdir -p "$DIR/run" "$DIR/mail" "$DIR/keys/default/HS256"
	openssl rand -hex 32 | tr -d '\n' >"$DIR/token.key"
	openssl base64 -A -in "$DIR/token.key" >"$DIR/keys/default/HS256/default"
	: >"$DIR/log"
	start
	cat >"$DIR/env" <<ENV
IMAP_HOST=localhost
IMAP_PORT=$port
IMAPS_PORT=$((port + 1))
IMAP_CA=$DIR/tls/ca.pem
IMAP_CERTS=$DIR/tls
IMAP_PASSWORD='$IMAP_PASSWORD'
IMAP_PID=$(cat "$DIR/run/master.pid")
IMAP_MAIL=$DIR/mail
ENV
	echo "$DIR"
}

seed() {
	box=$DIR/mail/$1
	list=$(mktemp)
	mkdir -p "$box/cur" "$box/new" "$box/tmp"
	(cd "$3" && find . -maxdepth 1 -type f -name '*.eml') | sort \
		>"$list"
	per=$(wc -l <"$list")
	[ "$per" -gt 0 ] || die "no .eml files in '$3'"
	left=$2
	round=0
	now=$(date +%s)
	# Whole rounds by tar: one process for a round, not one for a mail.
	while [ "$left" -gt 0 ]; do
		head -n "$left" "$list" >"$list.part"
		tar -c -C "$3" --no-recursion -T "$list.part" \
			--transform "s,^\\./,$now.R$round.," |
			tar -x -m --no-same-owner -C "$box/new"
		left=$((left - per))
		round=$((round + 1))
	done
	rm -f "$list" "$list.part"
	own "$box"
}

put() {
	box=$DIR/mail/$1
	folder=$box${3:+/.$3}
	mkdir -p "$folder/cur" "$folder/new" "$folder/tmp"
	name=$(date +%s.%N).$$.put
	cp -- "$2" "$folder/tmp/$name"
	own "$box"
	mv "$folder/tmp/$name" "$folder/new/$name"
}

token() {
	b64() {
		openssl base64 -A | tr '+/' '-_' | tr -d '='
	}
	now=$(date +%s)
	head=$(printf '{"alg":"HS256","typ":"JWT"}' | b64)
	body=$(printf '{"sub":"%s","iat":%d,"nbf":%d,"exp":%d}' "$1" \
		$((now - 60)) $((now - 60)) $((now + 3600)) | b64)
	mac=$(printf '%s.%s' "$head" "$body" | openssl dgst -binary -sha256 \
		-mac HMAC -macopt "key:$(cat "$DIR/token.key")" | b64)
	echo "$head.$body.$mac"
}

# The next UIDVALIDITY, and no UID given yet (the header of uidlist v3).
renumber() {
	box=$DIR/mail/$1
	read -r _ validity _ guid <"$box/dovecot-uidlist"
	rm -f "$box"/dovecot.index*
	echo "3 V$((${validity#V} + 1)) N1 $guid" >"$box/dovecot-uidlist"
	own "$box"
}

kick() {
	master=$(cat "$DIR/run/master.pid")
	for pid in $(ps -o pid=,comm= --ppid "$master" |
		awk '$2 == "imap" { print $1 }'); do
		kill -9 "$pid"
	done
}

down() {
	if [ -s "$DIR/run/master.pid" ]; then
		master=$(cat "$DIR/run/master.pid")
		kill "$master" 2>/dev/null || true
		i=0
		while kill -0 "$master" 2>/dev/null && [ "$i" -lt 100 ]; do
			sleep 0.05
			i=$((i + 1))
		done
		kill -9 "$master" 2>/dev/null || true
	fi
	rm -rf "$DIR"
}

verb=${1:-}
[ "$verb" != up ] || {
	up
	exit
}
[ $# -ge 2 ] || usage
DIR=$2
[ -f "$DIR/env" ] || die "'$DIR' holds no Dovecot that this script started"
shift 2
case $verb:$# in
seed:3) seed "$@" ;;
put:2 | put:3) put "$@" ;;
ls:1 | ls:2)
	folder=$DIR/mail/$1${2:+/.$2}
	find "$folder/cur" "$folder/new" -type f 2>/dev/null | wc -l
	;;
renumber:1) renumber "$1" ;;
token:1) token "$@" ;;
kick:0) kick ;;
down:0) down ;;
*) usage ;;
esac
