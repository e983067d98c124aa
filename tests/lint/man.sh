#!/bin/sh
# The manual pages are clean mdoc.
. "$(dirname "$0")/lib.sh"
need mandoc
set -- man/*.[1-8]
[ -f "$1" ] || tell "man: no pages"
mandoc -Tlint -W warning "$@" || found=1
end
