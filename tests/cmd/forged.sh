#!/bin/sh
# forged.sh: what somebody can suppress who has none of our mails.
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/cmd/forged.py
