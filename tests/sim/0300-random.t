#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Ten thousand histories; a million in a nightly run.
. "$(dirname "$0")/lib.sh"
runs=10000
[ -z "${HB_NIGHTLY:-}" ] || runs=1000000
tell "no rule is broken in $runs histories" "$SIM/hb-sim" --runs "$runs" --keep-going
san=${HB_BUILD:-/nonexistent}/san/tests/sim/hb-sim
if [ -x "$san" ]; then
    tell "the sanitizers find nothing in 200 histories" "$san" --seed 1000000 --runs 200 --keep-going
fi
tap_end
