#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The packages that the README tells a user to install are those that the tests build with, and each
# library that configure asks for is among them.
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
. "$HB_TOP/tests/lib/debian.sh"
cd "$HB_TOP" || exit 1

told=$(sed -n '/apt-get install gcc/,/autogen/p' README.md | grep -v autogen | tr -s ' \\' '\n' | grep -vxE 'apt-get|install|' | sort)
is "$told" "$(printf '%s\n' "${HB_BUILD_PACKAGES[@]}" | grep -vx libc6-dev | sort)" 'the README names what is built with' || true
asked=$(grep -oE '\[lib[a-z0-9+.-]*-dev\]|apt-get install lib[a-z0-9+.-]*-dev|zlib1g-dev' configure.ac |
    grep -oE '(lib|zlib)[a-z0-9+.-]*-dev' | sort -u)
is "$(comm -23 <(echo "$asked") <(echo "$told"))" '' 'and what configure asks for is there' || true
[ -n "$asked" ]; ok $? 'configure asks for something'
tap_end
