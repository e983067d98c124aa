# An Exim of its own: unpacked, with a configuration of its own, and no daemon.
# shellcheck shell=sh disable=SC2034,SC2154
need_mta
ex=$T/exim
mkdir -p "$ex/spool" || exit 1
! is_root || chown "$uid_exim" "$ex/spool"

# exim ARGUMENT...: as the user that Debian's runs as; elsewhere as who we are
exim() {
	if is_root; then
		named setpriv --reuid=$uid_exim --regid=$uid_exim \
			--groups=$uid_bouncewatch "$mta/usr/sbin/exim4" \
			-C "$ex/exim.conf" "$@"
	else
		named "$mta/usr/sbin/exim4" -C "$ex/exim.conf" "$@"
	fi
}
