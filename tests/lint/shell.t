#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every shell script passes shellcheck.
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
. "$HB_TOP/tests/lint/files.sh"
cd "$HB_TOP" || exit 1
command -v shellcheck >/dev/null || skip_all 'no shellcheck'

for file in $(sources); do
    case ${file##*/} in
    *.sh|*.t) ;;
    *.*) continue ;;
    esac
    head -n 1 "$file" | grep -qE '^#!.*[/ ](ba|da)?sh( |$)|^# shellcheck shell' || continue
    out=$(shellcheck -x -S warning -P SCRIPTDIR -P "$HB_TOP" -e SC1090,SC1091 "$file")
    # what runs in /bin/sh must be read by dash, too
    head -n 1 "$file" | grep -q '/bin/sh' && command -v dash >/dev/null && out+=$(dash -n "$file" 2>&1)
    is "$out" '' "$file" || true
done
tap_end
