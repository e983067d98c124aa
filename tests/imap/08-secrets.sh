#!/bin/sh
# Where secrets come from, that they are asked for anew, and where they must
# never be seen.
. "$(dirname "$0")/lib.sh"

secret=wolf-in-winter-93

# A program that counts its runs and prints what is in a file.
cat >"$DIR/agent" <<END
#!/bin/sh
echo run >>'$DIR/runs'
echo 'words for the log' >&2
cat '$DIR/vault'
END
chmod +x "$DIR/agent"
echo "$secret" >"$DIR/vault"

runs() {
	wc -l <"$DIR/runs"
}

# shellcheck disable=SC2317 # called by name
has_run() {
	[ "$(runs)" -ge "$1" ]
}

fake command password="$secret" mails=1
config_fake "password_command: [$DIR/agent]"
once
is "password_command: logged in" 0 "$status"
is "password_command: run once" 1 "$(runs)"

# In the daemon, again before each login.
fake again password="$secret" scenario=idle-bye times=2
config_fake "password_command: [$DIR/agent]"
rm "$DIR/runs"
start_watch
ok "it is run again for each login" wait_for 12 has_run 3
ok "and the daemon goes on" wait_for 5 has_recorded 5

# Nowhere but on the wire.
ok "the trace is there" logged "imap.sent.*IDLE"
ok "it hides the login" logged "imap.sent.*line=\(hidden\)"
is "no log has the secret" 0 "$(grep -c "$secret" "$DIR/log")"
is "no argument has it" 0 "$(tr '\0' ' ' <"/proc/$watcher/cmdline" |
	grep -c "$secret")"
# Not even its owner may read it, so that is fine, too.
is "no environment has it" 0 "$(cat "/proc/$watcher/environ" 2>/dev/null |
	tr '\0' '\n' | grep -c "$secret")"
is "the memory of the process is not for others" "Max core file size 0" \
	"$(sed -n 's/^\(Max core file size\) *\([0-9a-z]*\).*/\1 \2/p' \
		"/proc/$watcher/limits")"
stop_watch
is "it ends well" 0 "$status"

# Programs that fail: what they said on standard error is told.
failing() {
	printf '#!/bin/sh\n%s\n' "$2" >"$DIR/agent"
	config_fake "password_command: [$DIR/agent]"
	once
	is "a program that $1: try again" 75 "$status"
	ok "a program that $1: it says why" logged "$3"
}

fake failing
failing "fails" "echo $secret; echo the vault is shut >&2; exit 3" \
	"ended with status 3: the vault is shut"
is "what it printed is not told" 0 "$(grep -c "$secret" "$DIR/log")"
failing "prints nothing" "exit 0" "printed nothing"
failing "prints too much" "head -c 5000 /dev/zero | tr '\\0' x" \
	"longer than 4096"
failing "is killed" 'kill -9 $$' "signal 9"
config_fake "password_command: [$DIR/no-such-program]"
once
ok "a program that is not there: an error" test "$status" = 75 -o \
	"$status" = 78
is "none of these logged in" 0 "$(wire " login ")"

# Files, tokens, mechanisms, strange letters.
fake refused password=other
config_fake
once
is "a wrong password" 77 "$status"
ok "says what to check" logged "AUTHENTICATIONFAILED"
for auth in login plain; do
	printf 'a "b\\c\303\244\n' >"$DIR/vault"
	chmod 600 "$DIR/vault"
	fake "strange-$auth" password="$(cat "$DIR/vault")"
	config_fake "auth: $auth" "password_file: $DIR/vault"
	once
	is "$auth: quotes, backslashes and UTF-8" 0 "$status"
done
fake no-sasl-ir password="$PASSWORD" caps=IDLE
config_fake "auth: plain"
once
is "plain without SASL-IR" 0 "$status"
echo token-74 >"$DIR/token"
chmod 600 "$DIR/token"
fake token token=token-74 user=alice
config_fake "auth: xoauth2" "token_file: $DIR/token"
once
is "xoauth2" 0 "$status"
fake bad-token token=token-75 user=alice
config_fake "auth: xoauth2" "token_file: $DIR/token"
once
is "xoauth2 with an old token" 77 "$status"
fake login-disabled caps=LOGINDISABLED
config_fake
once
is "LOGINDISABLED: refused" 69 "$status"
is "LOGINDISABLED: no login is sent" 0 "$(wire " login ")"
fake later scenario=login-later
config_fake
once
is "a server that is not ready: try again" 75 "$status"

"$here/dovecot.sh" token "$IMAP_SERVER" token >"$DIR/token"
config_dovecot token "auth: xoauth2" "token_file: $DIR/token"
once
is "Dovecot: xoauth2" 0 "$status"
printf 'one\r\ntwo\n' >"$DIR/token"
fake line-break token=one
config_fake "auth: xoauth2" "token_file: $DIR/token"
once
is "only the first line of a file counts" 0 "$status"

# Refused once: the daemon does not try again soon, whoever pokes it.
fake lockout password=other
config_fake
start_watch
ok "a refused password is an error in the log" wait_for 5 logged \
	"error mailbox.trouble.*retry_in"
for _ in 1 2 3 4 5; do
	kill -USR1 "$watcher"
	sleep 0.1
done
is "pokes do not make it try again" 1 "$(wire " login ")"
is "and kept for the report" 1 "$(sql "select count(*) from troubles
	where what like 'mailbox %/INBOX' and ended_at is null
	and detail like '%AUTHENTICATIONFAILED%'")"
stop_watch
finish
