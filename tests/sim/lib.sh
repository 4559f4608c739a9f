# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lib.sh - sourced by the tests of this folder: where the programs are, from make check or from tests/run.
# shellcheck source=tests/lib/tap.sh
. "${HB_TOP:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}/tests/lib/tap.sh"

# shellcheck disable=SC2034  # for those who source this
SIM_BUILD=${HB_BUILDDIR:-${HB_BUILD:-$HB_TOP/build}/plain}
SIM=$SIM_BUILD/tests/sim
[ -x "$SIM/hb-sim" ] || { echo "Bail out! $SIM/hb-sim is not built: make check"; exit 1; }

# tell SENTENCE COMMAND...: one check; the output is told, the numbers of a good run too
tell() {
    local text=$1 out status
    shift
    out=$("$@" 2>&1)
    status=$?
    printf '%s\n' "$out" | sed 's/^[^#]/# &/'
    ok "$status" "$text"
}
