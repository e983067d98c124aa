#!/bin/sh
# `make install` puts the program, its pages and its service in place, below
# DESTDIR and nowhere else, and `make uninstall` takes every file away again.
. "$(dirname "$0")/lib.sh"
unset MAKEFLAGS MAKELEVEL MFLAGS
to=$(mktemp -d) || exit 1
trap 'rm -rf "$to"' EXIT
make B="$B" DESTDIR="$to" PREFIX=/opt/x install >"$to.log" 2>&1 ||
	tell "make install failed: $(cat "$to.log")"
for f in bin/bouncewatch lib/systemd/system/bouncewatch.service \
	lib/systemd/system/bouncewatch-report.service \
	lib/systemd/system/bouncewatch-report.timer \
	share/man/man1/bouncewatch.1 share/man/man5/bouncewatch.yaml.5 \
	share/doc/bouncewatch/bouncewatch.yaml \
	share/doc/bouncewatch/rules.yaml \
	share/bash-completion/completions/bouncewatch \
	share/zsh/site-functions/_bouncewatch; do
	[ -s "$to/opt/x/$f" ] || tell "make install: no $f"
done
grep -q '^ExecStart=/opt/x/bin/bouncewatch ' \
	"$to/opt/x/lib/systemd/system/bouncewatch.service" ||
	tell "make install: the service starts another program"
# A helper of ours must not die of a stop before what it runs is done with.
grep -qx 'KillMode=mixed' "$to/opt/x/lib/systemd/system/bouncewatch.service" ||
	tell "bouncewatch.service: a stop reaches the helper, too"
# Who has no clock of its own is not to send by the wrong one. To pull the
# target in is for who sets the clock (systemd.special(7)).
for f in bouncewatch bouncewatch-report; do
	f=$to/opt/x/lib/systemd/system/$f.service
	grep -q '^After=.*time-sync\.target' "$f" ||
		tell "${f##*/}: starts before the clock is right"
	! grep -q '^Wants=.*time-sync' "$f" || tell "${f##*/}: wants the clock"
done
if command -v systemd-analyze >/dev/null; then
	systemd-analyze verify --man=no \
		"$to"/opt/x/lib/systemd/system/bouncewatch* 2>&1 |
		grep '^bouncewatch[^ ]*:' | grep -v 'not executable' &&
		tell "systemd does not like a unit"
fi
make B="$B" DESTDIR="$to" PREFIX=/opt/x uninstall >"$to.log" 2>&1 ||
	tell "make uninstall failed: $(cat "$to.log")"
rm -f "$to.log"
find "$to" -type f | grep . && tell "make uninstall: left these"
end
