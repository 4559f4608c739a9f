#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The same histories where each node can fence the others: then no cut and no freeze excuses two owners.
. "$(dirname "$0")/lib.sh"
runs=500
[ -z "${HB_NIGHTLY:-}" ] || runs=200000
tell "no rule is broken in $runs histories with fencing" "$SIM/hb-sim" --fencing --runs "$runs" --keep-going
tap_end
