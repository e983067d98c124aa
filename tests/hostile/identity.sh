#!/bin/sh
# The identity of an address, by random pairs of mailboxes (identity.c): 0
# distinct mailboxes are merged, 0 spellings of one are split, each key is its
# own. A quarter of a million pairs, 4 million in the long form. The table of
# rows is tests/unit/parsers-address.c.
#
# Shown to fail: with '!' folded to '%' in fold() of parsers/address.c, 12
# merged; without the folding of literals, 3,660 split; without the second
# normalise() of canonical_local(), 2,658 split and 10,861 not their own.
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
