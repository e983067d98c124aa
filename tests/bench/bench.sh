#!/bin/sh
# Every figure beside its goal: what the parsers do, what the database is and
# does. Nothing else should run on the machine. The first time it makes a
# database of ten million addresses in $B/bench (a quarter of an hour).
#
# And one of thirty million events of ten years for the report (five minutes).
#
# bench.sh [N [SEED]]: N addresses in the first.
cd "$(dirname "$0")" || exit 1
status=0
./parse.sh || status=1
./store.sh "$@" || status=1
./typos.sh || status=1
./years.sh || status=1
exit $status
