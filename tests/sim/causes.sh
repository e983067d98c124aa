#!/bin/sh
# What the report says of seven things that happen to senders. LONG=1: fifty
# of each.
set -u
exec "$B/sim/causes"
