#!/bin/sh
# replay: other rules, the same events; the state follows, hands stay.
. "$(dirname "$0")/lib.sh"

cat >events.csv <<'END'
recipient,at,event,status,smtp,diagnostic
a@b.example.org,2026-11-20T10:00:00Z,bounced,5.1.1,550,User unknown
c@b.example.org,2026-11-20T10:00:01Z,bounced,5.2.2,,552 5.2.2 mailbox full
d@b.example.org,2026-11-20T10:00:02Z,bounced,5.1.1,550,User unknown
h@b.example.org,2026-11-20T10:00:03Z,bounced,5.1.1,550,User unknown
END
cat >mine.yaml <<'END'
family: mine
rank: 6
rules:
  - rule: mine-full
    reason: mailbox-full
    any: ["user unknown"]
    examples: ["550 User unknown"]
    not: ["550 nothing"]
END
cp bouncewatch.yaml before.yaml
run import events events.csv
run suppress --reason=asked h@b.example.org
run release --reason=asked d@b.example.org

run replay
ends "under the same rules" 0
has "nothing changes" err "judged 4 events again: 4 the same, 0 changed"
is "and nothing is printed" "$(cat out)" ""

echo "rules: [$T/mine.yaml]" >>bouncewatch.yaml
run replay --dry-run
has "a dry run tells each difference" out \
	"a@b.example.org: hard user-unknown (user-unknown-words) -> soft mailbox-full (mine-full)"
has "and what would come of it" err "would be: 0 addresses suppressed, 1 no longer suppressed"
run check a@b.example.org
ends "but changes nothing" 1

run replay --format=csv
has "then it is done" out "2026-11-20T10:00:00Z,a@b.example.org,hard,user-unknown,soft,mailbox-full,mine-full"
run check a@b.example.org
ends "the address may be mailed again" 0
run explain a@b.example.org
has "the change log says why" out "judged again by replay"
run check h@b.example.org
ends "what a person decided stays" 1
run status
has "the rule is counted" out "mine-full"
run replay
has "a second time changes nothing" err "4 the same, 0 changed"

cp before.yaml bouncewatch.yaml
run replay --from=2026-11-21
has "a window can be given" err "judged 0 events again"
run replay --format=jsonl
has "and back" out '"old_rule":"mine-full","class":"hard","reason":"user-unknown"'
run check a@b.example.org
ends "suppresses again" 1
run check d@b.example.org
ends "but not what was released since" 0
run replay now
ends "names have no place" 64
end
