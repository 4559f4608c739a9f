#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every history that ever broke a rule, again.
. "$(dirname "$0")/lib.sh"
for file in "$HB_TOP"/tests/sim/seeds/*.seeds; do
    tell "the seeds of ${file##*/} break no rule" "$SIM/hb-sim" --replay "$file"
done
tap_end
