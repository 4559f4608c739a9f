#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The core has no clock, file, socket, log or random source: what its library takes from outside is
# on a short list (core-symbols.allow, one regular expression a line).
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
: "${HB_BUILD:=$HB_TOP/build}"

lib=$HB_BUILD/plain/.libs/libhbcore.a
nm -A "$lib" >/dev/null || { echo "Bail out! the core library cannot be read: run make first"; exit 1; }
defined=$(nm --defined-only "$lib" | awk 'NF == 3 { print $3 }' | sort -u)
needed=$(nm --undefined-only "$lib" | awk '$1 == "U" { print $2 }' | sort -u)
allow=$(mktemp)
grep -v -e '^#' -e '^$' "$HB_TOP/tests/lint/core-symbols.allow" >"$allow"
trap 'rm -f "$allow"' EXIT
is "$(comm -13 <(echo "$defined") <(echo "$needed") | grep -vxEf "$allow")" '' \
    'the core needs no symbol off its list' || true
# constant tables of pointers live in .data.rel.ro and are not variables
data=$(objdump -t "$lib" | awk 'NF > 3 && $(NF - 2) ~ /^(\.data|\.bss|\*COM\*)/ &&
    $(NF - 2) !~ /^\.data\.rel\.ro/ && $(NF - 2) != $NF { print $NF }' | head)
is "$data" '' 'the core has no variables of its own: many cores live in one process' || true
tap_end
