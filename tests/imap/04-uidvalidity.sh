#!/bin/sh
# The server numbers the folder anew: all of it is read again, and nothing of
# it counts a second time.
. "$(dirname "$0")/lib.sh"

python3 "$here/mails.py" "$DIR/mails" 60
"$here/dovecot.sh" seed "$IMAP_SERVER" renumbered 50 "$DIR/mails"
config_dovecot renumbered
once
is "the first pass records them" 50 "$(recorded)"
"$here/dovecot.sh" renumber "$IMAP_SERVER" renumbered
"$here/dovecot.sh" put "$IMAP_SERVER" renumbered "$DIR/mails/00055.eml"
once
is "the second ends well" 0 "$status"
ok "it says what happened" logged "mailbox.renumbered"
is "only the new mail counts" 51 "$(recorded)"
is "no event twice" 51 "$(sql 'select count(*) from events')"
is "both epochs are known" 2 "$(sql 'select count(*) from mailboxes')"
once
ok "the third fetches nothing" not logged "BODY.PEEK"

# While the folder is open, which must not be: no action by an old UID.
fake renumber scenario=renumber
config_fake 'after: { bounce: "move Bounces" }'
rm -f "$DIR"/bouncewatch.db*
once
is "numbered anew in mid-session: all the same" 0 "$status"
is "each is recorded once" 3 "$(recorded)"
is "each is moved once" "1 2 3" "$(held Bounces)"
is "none stays" "" "$(held INBOX)"
finish
