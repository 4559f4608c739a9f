#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each header compiles alone; the installed ones also as plain C99 without GNU words.
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
. "$HB_TOP/tests/lint/files.sh"
cd "$HB_TOP" || exit 1

# shellcheck disable=SC2046  # words
compiles() {
    echo "#include \"$1\"" | gcc -fsyntax-only -x c - -Wall -Wextra -Wstrict-prototypes -Wundef -Werror \
        "${@:2}" -D_GNU_SOURCE -DG_LOG_DOMAIN='"lint"' \
        -Iinclude -Iinclude/heartbeat -Ilib -Iheartbeat -Itests -I. $(pkg-config --cflags glib-2.0 libnl-3.0) 2>&1 | sed 's/^/# /' >&2
    [ "${PIPESTATUS[1]}" = 0 ]
}

for file in $(sources | grep '\.h$'); do
    case $file in
    include/*) check "$file" compiles "${file#include/}" -std=c99 -pedantic ;;
    */banned.h) ;;      # meant to come last
    *) check "$file" compiles "$file" -std=gnu11 ;;
    esac
done
tap_end
