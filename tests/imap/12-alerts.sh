#!/bin/sh
# What opens and closes is told: by a mail through sendmail and to a command,
# once each, also across a restart, and again when it could not be told.
. "$(dirname "$0")/lib.sh"

cat >"$DIR/sendmail" <<END
#!/bin/sh
[ -e "$DIR/broken" ] && { echo "out of stamps" >&2; exit 75; }
cat >>"$DIR/mail"
echo "--- end" >>"$DIR/mail"
END
cat >"$DIR/page" <<END
#!/bin/sh
cat >>"$DIR/pages"
END
chmod +x "$DIR/sendmail" "$DIR/page"

write_config() {
	"$here/dovecot.sh" seed "$IMAP_SERVER" alerts 0 "$DIR/mails"
	config_dovecot alerts
	cat >>"$DIR/bouncewatch.yaml" <<-END
		mail: { sendmail: [$DIR/sendmail, -t], from: bw@example.com }
		alerts:
		  to: [deliverability@example.com, ops@example.com]
		  command: [$DIR/page]
	END
}

change() {
	python3 - "$DIR/bouncewatch.db" "$1" <<-'END'
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1], timeout=5)
		db.execute(sys.argv[2])
		db.commit()
	END
}

mails() {
	[ "$(grep -c '^--- end' "$DIR/mail" 2>/dev/null)" = "$1" ]
}

python3 "$here/mails.py" "$DIR/mails" 1
write_config
start_watch
ok "the daemon runs" wait_for 5 logged watch.started
at=$(date +%s)
# What was counted is counted again as time goes on.
change "insert into hours (kind, name, hour, n, engaged)
	values (1, 'google', $at / 3600, 412, 3)"
change "insert into incidents (id, kind, name, cause, state, from_at, opened_at,
	events, engaged, usual, alerted)
	values (7, 1, 'google', 1, 1, $at / 3600 * 3600, $at, 412, 3, 9.6, 0)"
ok "an incident is told within a minute" wait_for 25 mails 1
ok "to whom it concerns" grep -q '^	ops@example.com' "$DIR/mail"
ok "with a subject" grep -q \
	'^Subject: \[bouncewatch\] incident 7 opened: provider google' "$DIR/mail"
ok "and what to type" grep -q \
	'bouncewatch incident release --reason=TEXT 7' "$DIR/mail"
ok "that nobody's machine answers" grep -q '^Auto-Submitted: auto-generated' \
	"$DIR/mail"
# It is begun when the mail is out.
ok "the command got the text" wait_for 20 \
	grep -sq '412, where 10 are usual' "$DIR/pages"
ok "another parser reads the same" python3 - "$DIR/mail" <<'END'
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
assert m["From"].addresses[0].addr_spec == "bw@example.com", m["From"]
assert [a.addr_spec for a in m["To"].addresses] == ["deliverability@example.com", "ops@example.com"], m["To"]
assert m["Message-ID"].startswith("<incident-7-") and not m.defects
assert "412, where 10 are usual" in m.get_content()
END
sleep 11
ok "once" mails 1

stop_watch
touch "$DIR/broken"
: >"$DIR/pages"
sed -i '/command:.*page/d' "$DIR/bouncewatch.yaml"
change "update incidents set state = 2, to_at = $at, closed_at = $at"
start_watch
ok "what cannot be told is logged" wait_for 10 logged 'alert.failed.*out of stamps'
is "and kept for the report" 1 "$(sql "select count(*) from troubles
	where what = 'alerts' and detail like '%out of stamps'")"
is "and is not taken for told" 1 "$(sql "select alerted from incidents where id = 7")"
stop_watch
rm "$DIR/broken"
start_watch
ok "and told by the next" wait_for 10 mails 2
ok "that it is over" grep -q 'incident 7 closed: provider google' "$DIR/mail"
stop_watch
start_watch
sleep 3
ok "a restart tells nothing twice" mails 2
change "insert into incidents (id, kind, name, cause, state, from_at, to_at,
	opened_at, closed_at, events, engaged, usual, alerted)
	values (8, 1, 'yahoo', 1, 2, 1600000000, 1600003600, $at, $at, 50, 0, 1, 0)"
is_told() { [ "$(sql "select alerted from incidents where id = 8")" = 3 ]; }
ok "history is passed over" wait_for 40 is_told
ok "in silence" mails 2
finish
