# A Postfix of its own: unpacked, in folders of its own, on a port of loopback,
# for the time of the test. It knows nothing of the machine's.
# shellcheck shell=sh disable=SC2034,SC2154
need_mta

free_port() {
	python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# postfix_up: main.cf and master.cf in $T/postfix; smtpd on the port $port, and
# one on $port_access that asks the export instead
postfix_up() {
	pf=$T/postfix
	mkdir -p "$pf/etc" "$pf/data" "$pf/queue" || exit 1
	for d in pid incoming active deferred bounce defer flush trace \
		corrupt saved hold private public maildrop; do
		mkdir "$pf/queue/$d"
		! is_root || [ $d = pid ] ||
			chown $uid_postfix:$uid_postfix "$pf/queue/$d"
	done
	! is_root || chown $uid_postfix:$uid_postfix "$pf/data"
	chmod 700 "$pf/queue/private"
	port=$(free_port) port_access=$(free_port)
	cat >"$pf/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $pf/queue
data_directory = $pf/data
command_directory = $mta/usr/sbin
daemon_directory = $mta/usr/lib/postfix/sbin
shlib_directory = $mta/usr/lib/postfix
meta_directory = $pf/etc
import_environment = MAIL_CONFIG LD_LIBRARY_PATH LD_PRELOAD
 NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
maillog_file = $pf/log
maillog_file_prefixes = $T
myhostname = mx.example.net
mydestination =
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_client_connection_count_limit = 0
smtpd_hard_error_limit = 100000
smtpd_soft_error_limit = 100000
smtpd_junk_command_limit = 100000
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
END
	cat >"$pf/etc/master.cf" <<END
127.0.0.1:$port inet n - n - - smtpd
127.0.0.1:$port_access inet n - n - - smtpd
 -o smtpd_recipient_restrictions=check_recipient_access,hash:$pf/etc/suppressed
cleanup unix n - n - 0 cleanup
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
END
	# What Debian's packages add to /etc/postfix/dynamicmaps.cf.
	cat >"$pf/etc/dynamicmaps.cf" <<END
cdb postfix-cdb.so dict_cdb_open mkmap_cdb_open
lmdb postfix-lmdb.so dict_lmdb_open mkmap_lmdb_open
sqlite postfix-sqlite.so dict_sqlite_open
END
}

# post COMMAND...: a program of Postfix, by root
post() {
	command=$1
	shift
	MAIL_CONFIG=$pf/etc LD_LIBRARY_PATH=$mta/usr/lib/postfix \
		named "$mta/usr/sbin/$command" "$@"
}

# asks MAP KEY...: what postmap -q says, as the user postfix; stdin: `-`
asks() {
	map=$1
	shift
	if is_root; then
		MAIL_CONFIG=$pf/etc LD_LIBRARY_PATH=$mta/usr/lib/postfix \
			named setpriv --reuid=$uid_postfix \
			--regid=$uid_postfix --groups=$uid_bouncewatch \
			"$mta/usr/sbin/postmap" -q "$@" "$map"
	else
		post postmap -q "$@" "$map"
	fi
}

master=
postfix_down() {
	[ -z "$master" ] || { kill "$master" && wait "$master"; } 2>/dev/null
	master=
}
trap 'postfix_down; rm -rf "$T"' EXIT

# It closes every number that a file might have: not a million of them. It ends
# by itself, too, should we be killed.
postfix_start() {
	(
		export MAIL_CONFIG="$pf/etc" \
			LD_LIBRARY_PATH="$mta/usr/lib/postfix"
		export NSS_WRAPPER_PASSWD="$T/passwd" \
			NSS_WRAPPER_GROUP="$T/group" LD_PRELOAD=libnss_wrapper.so
		exec prlimit --nofile=1024 "$mta/usr/lib/postfix/sbin/master" -d -e 120
	) >"$pf/master.out" 2>&1 &
	master=$!
}

# answers PORT ADDRESS...: of smtpd, ADDRESS TAB REPLY; no address: lines of
# stdin
answers() { python3 "$here/postfix.py" "$@"; }
