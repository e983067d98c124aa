#!/bin/sh
# What happens to mails on the server after they are recorded, with and
# without the extensions that make it easy.
. "$(dirname "$0")/lib.sh"

move='after: { bounce: "move Bounces" }'

# act NAME AFTER FAKE-OPTION...
act() {
	name=$1 after=$2
	shift 2
	rm -f "$DIR"/bouncewatch.db*
	fake "$name" "$@"
	config_fake "$after"
	once
	is "$name: ends well" 0 "$status"
}

states() {
	sql "select group_concat(state) from uids"
}

act keep 'after: { bounce: keep }'
is "keep: nothing is touched" 0 "$(wire "store|copy|move|select inbox")"
is "keep: done" 1,1,1 "$(states)"

act move "$move"
is "move: by MOVE, again after the folder was missing" 2 \
	"$(wire "uid move 1:3 .bounces.\$")"
is "move: the folder is made once" 1 "$(wire " create ")"
is "move: and subscribed" 1 "$(wire " subscribe ")"
is "move: all are there" "1 2 3" "$(held Bounces)"
is "move: none is left" "" "$(held INBOX)"
is "move: done" 1,1,1 "$(states)"

act copy "$move" caps="UIDPLUS"
is "without MOVE: copied" "1 2 3" "$(held Bounces)"
is "without MOVE: and removed" "" "$(held INBOX)"
is "without MOVE: by UID EXPUNGE" 1 "$(wire "uid expunge 1:3")"
is "without MOVE: done" 1,1,1 "$(states)"

act mark "$move" caps=""
is "without UIDPLUS: copied" "1 2 3" "$(held Bounces)"
is "without UIDPLUS: marked" "1 2 3" "$(held INBOX '\Deleted')"
is "without UIDPLUS: no EXPUNGE of other people's mail" 0 "$(wire "expunge")"
once
is "without UIDPLUS: once is enough" "1 2 3" "$(held Bounces)"

act flag 'after: { bounce: flag }'
is "flag: seen" "1 2 3" "$(held INBOX '\Seen')"
act keyword 'after: { bounce: "flag Bounced" }'
is "flag with a keyword: set" "1 2 3" "$(held INBOX Bounced)"
act keyword-refused 'after: { bounce: "flag Bounced" }' flags='\Seen'
is "a keyword that is not kept: not set" "" "$(held INBOX Bounced)"
ok "a keyword that is not kept: it says so" logged "action.impossible"
is "a keyword that is not kept: not done" 0,0,0 "$(states)"

act read-only "$move" access=READ-ONLY
is "read-only: nothing is tried" 0 "$(wire "store|copy|move")"
is "read-only: recorded" 3 "$(recorded)"
ok "read-only: it says so" logged "read-only"

# The connection is lost between COPY and what follows.
act copy-lost "$move" caps="UIDPLUS" scenario=copy-then-eof 2>/dev/null
once
is "lost after COPY: removed at the next pass" "" "$(held INBOX)"
is "lost after COPY: each was copied once" "1 2 3" "$(held Bounces)"
is "lost after COPY: done" 1,1,1 "$(states)"

act move-lost "$move" scenario=move-then-eof
once
is "lost after MOVE: each was moved once" "1 2 3" "$(held Bounces)"
is "lost after MOVE: done" 1,1,1 "$(states)"

# The server says no: recorded, and tried again.
act move-refused "$move" scenario=move-refused
is "a full target: not done yet" 0,0,0 "$(states)"
ok "a full target: it says so" logged "OVERQUOTA"
once
is "a full target: moved at the next pass" "1 2 3" "$(held Bounces)"
is "a full target: done" 1,1,1 "$(states)"

# Names: a prefix, a delimiter, letters of the world.
act prefix 'after: { bounce: "move Bounces/Hard" }' prefix=INBOX.
is "prefix: put before" "1 2 3" "$(held INBOX.Bounces.Hard)"
act utf7 'after: { bounce: "move Rückläufer & mehr" }'
is "modified UTF-7" "1 2 3" "$(held 'R&APw-ckl&AOQ-ufer &- mehr')"

# Later settings take over what earlier ones left undone.
act later "$move" scenario=move-refused times=0
config_fake 'after: { bounce: keep }'
once
is "an action that is no longer wanted is done" 1,1,1 "$(states)"

# The real one, with a prefix.
python3 "$here/mails.py" "$DIR/mails" 5
"$here/dovecot.sh" seed "$IMAP_SERVER" actions 5 "$DIR/mails"
rm -f "$DIR"/bouncewatch.db*
config_dovecot actions 'after: { bounce: "move Archive/2026/Hard" }'
once
is "Dovecot: moved into a folder below folders" 5 \
	"$("$here/dovecot.sh" ls "$IMAP_SERVER" actions Archive.2026.Hard)"
finish
