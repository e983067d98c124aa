#!/bin/sh
# Every allocation fails, once and from then on, while golden mails are judged
# (the hostile ones, too, in the long form): no crash, no leak, nobody is
# suppressed for want of memory, and what it changes is told. The same with the
# command `parse` as a whole: its configuration, rules of a user, its output.
#
# Shown to fail: with the free() of to_nfc() in daemon/charset.c left out, 54
# leaks; by the parsers as they were before memory made them doubt, 22 wrong;
# by charset.c as it was before it told of memory, 89 wrong; by `parse` as it
# was, 2 failures without a word.
. "$(dirname "$0")/lib.sh"
need "$B/hostile/oom" "$B/hostile/oom_parse" "$B/san/hostile/oom"
bad=0
cat >"$work/rules.yaml" <<'END'
family: mine
rank: 2
providers:
  - name: example
    host: ["*.example.org"]
    any: ["said the host of example"]
rules:
  - rule: mine-no-desk
    reason: user-unknown
    any: ["no such desk", "the desk of * is gone"]
    none: ["tomorrow"]
    status: ["5.1.*", "x.2.2"]
    smtp: ["550"]
    examples: ["550 5.1.1 no such desk"]
    not: ["550 5.1.1 no such desk, come tomorrow"]
END
cat >"$work/conf.yaml" <<END
database: $work/none.db
own: ["*@news.example.com"]
streams:
  headers: [List-Id]
rules: [$work/rules.yaml]
END
some="tests/corpus/postfix/user-unknown.eml
tests/corpus/language/russian-unknown.eml
tests/corpus/address/utf8-global.eml
tests/corpus/broken/report-in-base64.eml"
# shellcheck disable=SC2086
for options in --format=jsonl --explain; do
	"$B/hostile/oom_parse" "--config=$work/conf.yaml" parse $options \
		$some || bad=1
done
"$B/hostile/oom" tests/corpus/*/*.eml || bad=1
"$B/san/hostile/oom" tests/corpus/*/*.eml || bad=1
if [ -n "$LONG" ]; then
	python3 $here/generate.py "$work" 4000
	"$B/hostile/oom" "$work"/*.eml || bad=1
	"$B/san/hostile/oom" "$work"/*.eml || bad=1
fi
exit $bad
