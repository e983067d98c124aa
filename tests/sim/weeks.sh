#!/bin/sh
# Spikes in weeks that are made up: what is false, what is found. LONG=1: more.
set -u
exec "$B/sim/weeks"
