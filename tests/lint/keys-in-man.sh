#!/bin/sh
# Every key of keys.def has a paragraph in bouncewatch.yaml(5), and the manual
# has no key that is none. (That type, default and range agree as well is
# tests/unit/conf-key.c.)
. "$(dirname "$0")/lib.sh"
page=man/bouncewatch.yaml.5
table=conf/keys.def
[ -f "$page" ] || { tell "$page: is missing"; end; }

keys=$(sed -n 's/^\(CONF\|ACCOUNT\|EXPORT\)("\([^"]*\)".*/\2/p' "$table" | sort)
# The keys of rule files are in a section of their own.
told=$(awk '/^\.Sh /{ in_keys = /^\.Sh KEYS/ } in_keys' "$page" |
	sed -n 's/^\.It Ic \([^ ]*\).*/\1/p' | sort)
[ -n "$keys" ] || tell "$table: no keys found"

for key in $keys; do
	printf '%s\n' "$told" | grep -qxF "$key" ||
		tell "$page: has no paragraph for '$key' of $table"
done
for key in $told; do
	printf '%s\n' "$keys" | grep -qxF "$key" ||
		tell "$page: '$key' is no key of $table"
done
twice=$(printf '%s\n' "$told" | uniq -d)
[ -z "$twice" ] || tell "$page: has more than one paragraph for $twice"
end
