#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# clang finds nothing to warn about either.
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
: "${HB_BUILD:=$HB_TOP/build}"
command -v clang >/dev/null || skip_all 'no clang'

mkdir -p "$HB_BUILD/clang" && cd "$HB_BUILD/clang" || exit 1
exec 9>lock
flock 9
out=$({ [ -e Makefile ] || "$HB_TOP/configure" -q --enable-werror CC=clang CFLAGS=-O0; } 2>&1 && make all 2>&1 9>&-)
ok $? 'everything compiles with clang, warnings as errors' || diag "$(grep -E 'error|warning' <<<"$out" | head -n 20)"
tap_end
