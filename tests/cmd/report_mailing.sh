#!/bin/sh
# report: what a larger mailing explains is no spike of a reason, and hides none
# of what bounces elsewhere.
. "$(dirname "$0")/lib.sh"
printf 'report: {dns: false}\n' >>bouncewatch.yaml

# The week that is looked at ends a week ago, so that no day is unfinished.
to=$(date -u -d '7 days ago' +%F)

# Twelve weeks of two streams, each with 1,000 mails a week, and the last one:
# so many mails of news, and what they and the blocks of orders come to. And so
# many mails of news in the evening before that week, and what bounced in the
# night.
world() {
	rm -f test.db
	for week in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
		date -u -d "$((7 * week + 10)) days ago" +%F
	done | awk -v mails="$1" -v news="$2" -v spam="$3" -v evening="$4" \
		-v late="$5" -v eve="$(date -u -d '14 days ago' +%F)" \
		-v night="$(date -u -d '13 days ago' +%F)" '
		function put(n, stream, what) {
			while (n-- > 0) {
				at = $1 "T09:0" n % 10
				line(at ":30Z," at ":00Z," what "," stream)
			}
		}
		function line(what) {
			print "u" ++u "@d" u % 100 ".example.org," what >"events.csv"
		}
		BEGIN {
			print "recipient,at,sent_at,status,diagnostic,stream" >"events.csv"
			print "at,n,stream" >"sent.csv"
		}
		{
			put(100 + NR % 5, "orders",
				"4.2.2,452 4.2.2 The email account that you tried to reach is over quota")
			put(NR == 1 ? spam : 40 + NR % 3, "orders",
				"5.7.1,550 5.7.1 Message rejected as spam by content filter")
			put(NR == 1 ? news : 40 + NR % 7, "news", "5.1.1,550 5.1.1 User unknown")
			print $1 ",1000,orders" >"sent.csv"
			print $1 "," (NR == 1 ? mails : 1000) ",news" >"sent.csv"
		}
		END {
			print eve "T20:00:00Z," evening ",news" >"sent.csv"
			while (late-- > 0)
				line(night "T02:00:00Z," eve "T20:00:00Z," \
					"5.1.1,550 5.1.1 User unknown,news")
		}'
	run import events events.csv
	run report --to="$to" --format=jsonl
	before=$(jq -c 'select(.type == "spike") | [.by, .name, .n]' out)
	run import sent sent.csv
	run report --to="$to" --format=jsonl
	after=$(jq -c 'select(.type == "spike") | [.by, .name, .n]' out)
	run report --to="$to"
}

world 4000 160 40 0 0
is "four times the bounces" "$before" '["stream","news",160]'
is "of four times the mails (seen to fail)" "$after" ''
lacks "are as ever" out "More than usual"
has "and why is told" out "These are 2.5 times the mails of a usual week."

world 5000 40 160 0 0
is "blocks of another stream" "$before" '["reason","spam",160]'
is "are not explained by mails that do not bounce (seen to fail)" "$after" \
	'["reason","spam",160]'
has "nor usual" out "More than usual: 160 block, where 4"

world 1000 40 40 6000 200
is "a mailing of the evening before that week" "$before" '["stream","news",240]'
is "bounces in it (seen to fail)" "$after" ''
lacks "which is not more than usual" out "More than usual"

world 1000 40 40 1000 200
is "if it bounces as ever" "$after" '["stream","news",240]'
end
