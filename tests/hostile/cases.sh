#!/bin/sh
# Every hostile mail that generate.py knows, under AddressSanitizer and UBSan:
# 0 crashes, and what check.py asks of each verdict. The long form has them in
# more sizes, also above what is parsed.
#
# Shown to fail: with the first test of work_is_address() taken out, dsn-nul
# was hard; with "from = at" left out of newline_normalise()'s run of CRs
# (reading one byte beyond the mail) ASan stopped bytes-cr.
. "$(dirname "$0")/lib.sh"
need "$B/san/bouncewatch"
sizes=1048576
[ -z "$LONG" ] || sizes="1000 65536 262144 1048575 1048576 4000000"
bad=0
python3 $here/generate.py --table || bad=1
for size in $sizes; do
	python3 $here/generate.py "$work" "$size"
	python3 $here/check.py "$work" "$B/san/bouncewatch" "$size bytes" ||
		bad=1
done
exit $bad
