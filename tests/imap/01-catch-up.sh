#!/bin/sh
# A mailbox with 500 bounces is read, parsed, recorded and emptied over TLS.
. "$(dirname "$0")/lib.sh"

python3 "$here/mails.py" "$DIR/mails" 500
"$here/dovecot.sh" seed "$IMAP_SERVER" catchup 500 "$DIR/mails"
config_dovecot catchup 'after: { bounce: "move Bounces" }'

began=$(now)
once
echo "# 500 mails fetched, recorded and moved in $(($(now) - began)) ms"
is "one pass ends well" 0 "$status"
is "all are recorded" 500 "$(recorded)"
is "each address once" 500 "$(sql 'select count(*) from addresses')"
is "all are done" 500 "$(sql 'select count(*) from uids where state = 1')"
is "the INBOX is empty" 0 "$("$here/dovecot.sh" ls "$IMAP_SERVER" catchup)"
is "all were moved" 500 \
	"$("$here/dovecot.sh" ls "$IMAP_SERVER" catchup Bounces)"

# An account that keeps its mails: the second pass fetches none of them.
"$here/dovecot.sh" seed "$IMAP_SERVER" keeper 20 "$DIR/mails"
config_dovecot keeper
once
is "mails that stay are recorded by digest, so not again" 500 "$(recorded)"
once
ok "the cursor saves fetching them again" \
	not logged "BODY.PEEK"
is "they stay" 20 "$("$here/dovecot.sh" ls "$IMAP_SERVER" keeper)"
# A maildir keeps flags as capital letters at the end of a name.
is "and nothing marks them" 0 "$(find "$IMAP_MAIL/keeper" -name '*,*[A-Z]' | wc -l)"
finish
