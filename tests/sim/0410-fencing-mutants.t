#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A core that fences wrongly must be found out as well.
. "$(dirname "$0")/lib.sh"
[ -f "$SIM/flags" ] || { echo "Bail out! $SIM/flags is not built: make check"; exit 1; }
while read -r name; do
    tell "a core with the fault '$name' breaks a rule" "$HB_TOP/tests/sim/mutate" --build "$SIM_BUILD" "$name"
done < <("$HB_TOP/tests/sim/mutate" --list fencing)
tap_end
