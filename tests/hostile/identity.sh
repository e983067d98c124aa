#!/bin/sh
# The identity of an address, by random pairs of mailboxes (identity.c): 0
# distinct mailboxes are merged, 0 spellings of one are split, each key is its
# own. A quarter of a million pairs, 4 million in the long form. The table of
# rows is tests/unit/parsers-address.c.
#
# Shown to fail: with '!' folded to '%' in fold() of parsers/address.c, 7 of
# 100,000 merged; without its case folding of literals, 1,441 split; without the
# second normalise() of canonical_local(), 992 split and 4,233 not their own.
. "$(dirname "$0")/lib.sh"
need "$B/hostile/identity"
pairs=250000
seeds=1
[ -z "$LONG" ] || pairs=1000000 seeds="1 2 3 4"
bad=0
for seed in $seeds; do
	"$B/hostile/identity" $pairs "$seed" || bad=1
done
exit $bad
