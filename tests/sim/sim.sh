#!/bin/sh
# A year of six senders: every figure that is to be reached. LONG=1: larger.
set -u
exec "$B/sim/sim"
