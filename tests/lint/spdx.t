#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each source file says its licence in the first lines; what is installed for others to link with
# or to load says LGPL.
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
. "$HB_TOP/tests/lint/files.sh"

missing='' wrong=''
for file in $(sources); do
    case $file in
    COPYING*|NEWS|*.md|*.hex|*.tsv|*.gitignore|*.clang-format|*.editorconfig|*corpus*|*/vectors/*|*.txt) continue ;;
    ha.d-examples/*|tests/conf/*|*/haresources*|*/authkeys*|*.cf|*.allow) continue ;;
    esac
    line=$(head -n 5 "$HB_TOP/$file" | grep -o 'SPDX-License-Identifier: [A-Za-z0-9.+-]*' | head -n 1)
    if [ -z "$line" ]; then missing+=" $file"; continue; fi
    case $file in
    include/*|heartbeat/media/*.c|heartbeat/auth/*.c|lib/*.c|lib/*.h)
        [ "$line" = 'SPDX-License-Identifier: LGPL-2.1-or-later' ] || wrong+=" $file" ;;
    esac
done
is "$missing" '' 'every source file names its licence' || true
is "$wrong" '' 'libraries, public headers and plugins are LGPL' || true
tap_end
