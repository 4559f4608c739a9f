#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord: how calls end, beside how those of 4.12 do (tests/ldirectord/calls).
. "$(dirname "$0")/ldir.sh"
mkdir -p /run/ha.d /etc/ha.d
mount --bind /run/ha.d /etc/ha.d
grep -E '^[0-9]' "$HB_TOP/tests/ldirectord/calls" >"$WORK/rows"
"$HB_TOP/tests/ldirectord/call" "$LDIRECTORD" "$WORK/rows" >"$WORK/got"
is "$(wc -l <"$WORK/got")" "$(wc -l <"$WORK/rows")" 'an answer to each call'
is "$(paste -d ' ' "$WORK/got" "$WORK/rows" | awk '{ want = $3 == "=" ? $2 : $3; if ($1 != want) print }')" '' 'each as it should be'
tap_end
