#!/bin/sh
# coverage.sh BUILD ROOM: what gcov says of the room's files, after a run of a
# build with --coverage.
set -eu
cd "$(dirname "$0")/.."
find "$1/obj/$2" -name '*.gcno' | sort | while IFS= read -r data; do
	gcov -b -n "$data" 2>/dev/null
done | awk -v room="$2/" '
/^File / { file = substr($2, 2, length($2) - 2) }
/^(Lines executed|Taken at least once):/ && index(file, room) == 1 {
	percent = $0
	sub(/^[^:]*:/, "", percent)
	sub(/%.*/, "", percent)
	total = $NF
	kind = /^Lines/ ? "lines" : "branches"
	# A header is compiled many times: its best run counts.
	if (percent + 0 >= best[file, kind] + 0) {
		best[file, kind] = percent
		size[file, kind] = total
	}
	files[file]
}
END {
	for (file in files) {
		row = sprintf("%6.1f %% of %4d lines  %6.1f %% of %4d " \
			"branches  %s", best[file, "lines"],
			size[file, "lines"], best[file, "branches"],
			size[file, "branches"], file)
		print row | "sort -k 11"
		lines += size[file, "lines"]
		hit += size[file, "lines"] * best[file, "lines"] / 100
		branches += size[file, "branches"]
		taken += size[file, "branches"] * best[file, "branches"] / 100
	}
	close("sort -k 11")
	if (lines)
		printf "%6.1f %% of %4d lines  %6.1f %% of %4d branches  all\n",
			100 * hit / lines, lines,
			branches ? 100 * taken / branches : 0, branches
}'
