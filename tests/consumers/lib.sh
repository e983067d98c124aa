# Shared by the scenarios of this folder: other people's programs read what we
# write. As tests/cmd/lib.sh, with a database in a folder as the service has it
# and the mail systems that .ci/unpack put into $B/mta.
# shellcheck shell=sh
# shellcheck disable=SC2034
. "$(dirname "$0")/../cmd/lib.sh"
here=$top/tests/consumers
# Others than root are to come through to what is theirs.
chmod 711 "$T"
bin=$T/bin
mkdir "$bin" && cp "$BW" "$bin/bouncewatch" || exit 1
BW=$bin/bouncewatch
db=$T/lib/bouncewatch.db
printf 'database: %s\nown: ["*@news.example.com"]\n' "$db" >bouncewatch.yaml
chmod 644 bouncewatch.yaml

# Users that only these programs know (libnss-wrapper): the machine's own stay
# as they are. postfix is in the group bouncewatch, as the manual page asks.
uid_bouncewatch=64001 uid_postfix=64002 uid_exim=64003 gid_postdrop=64004
uid_stranger=64005
{
	cat /etc/passwd
	echo "bouncewatch:x:$uid_bouncewatch:$uid_bouncewatch::/:/bin/false"
	echo "postfix:x:$uid_postfix:$uid_postfix::/:/bin/false"
	echo "Debian-exim:x:$uid_exim:$uid_exim::/:/bin/false"
} | awk -F: '{ last[$1] = $0 } END { for (u in last) print last[u] }' >passwd
{
	cat /etc/group
	echo "bouncewatch:x:$uid_bouncewatch:postfix,Debian-exim"
	echo "postfix:x:$uid_postfix:"
	echo "Debian-exim:x:$uid_exim:"
	echo "postdrop:x:$gid_postdrop:"
} | awk -F: '{ last[$1] = $0 } END { for (g in last) print last[g] }' >group
chmod 644 passwd group

# named COMMAND...: with those users
named() {
	NSS_WRAPPER_PASSWD=$T/passwd NSS_WRAPPER_GROUP=$T/group \
		LD_PRELOAD=libnss_wrapper.so "$@"
}

is_root() { [ "$(id -u)" = 0 ]; }

# as UID GROUPS COMMAND...: as this user, in these groups besides
as() {
	as_uid=$1 as_groups=$2
	shift 2
	setpriv --reuid="$as_uid" --regid="$as_uid" --groups="$as_groups" "$@"
}

# The folder as bouncewatch.tmpfiles makes it; the database in it is made, and
# written, by the service's user.
mkdir lib && chmod 2750 lib || exit 1
if is_root; then
	chown "$uid_bouncewatch:$uid_bouncewatch" lib
	chmod 2750 lib # chown took the bit
fi
ours() {
	if is_root; then
		(umask 027 && as $uid_bouncewatch $uid_bouncewatch "$BW" "$@")
	else
		"$BW" "$@"
	fi
}

# recipe MARK FILE: the literal block after the line ".\" recipe MARK" of a
# manual page, as a reader sees it, with our database in it
recipe() {
	awk -v name="$1" '
	$0 == ".\\\" recipe " name { on = 1 }
	on && /^\.Ed/ { exit }
	on && show { gsub(/\\e/, "\\"); print }
	on && /^\.Bd/ { show = 1 }' "$top/man/$2" |
		sed "s,/var/lib/bouncewatch/bouncewatch.db,$db,g"
}

# need_mta: else everything is skipped
need_mta() {
	[ -e "$B/mta/.unpacked" ] || {
		echo "1..0 # SKIP no mail systems in $B/mta"
		exit 0
	}
	mkdir -p mta/usr
	cp -r "$B/mta/usr/sbin" "$B/mta/usr/lib" mta/usr || exit 1
	mta=$T/mta
}
