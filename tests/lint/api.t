#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every public function of libhbclient is declared with a word about it, exported, and called by a
# test_api_ program; nothing else is exported.
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
: "${HB_BUILD:=$HB_TOP/build}"
cd "$HB_TOP" || exit 1

headers=(include/heartbeat/hb_api.h include/heartbeat/ha_msg.h include/heartbeat/clplumbing/*.h)
exported=$(sed -n 's/^\t\([A-Za-z_0-9]*\);$/\1/p' lib/hbclient/hbclient.map | sort)
declared=$(sed -E 's/ HB_CL_LOG_FORMAT.*//' "${headers[@]}" |
    sed -nE 's/^(extern )?[A-Za-z].*[ *]([A-Za-z_0-9]+)(\(.*|;)$/\2/p; s/^(void|int) (cl_log|cl_perror)\(.*/\2/p' |
    grep -vxE '.*_t|.*_callback|struct .*|llc_ops|IPC_[A-Za-z]+|G[A-Z]+[A-Za-z]+_?s?|GLLclusterSource' | sort -u)
operations=$(sed -nE 's/^\t.*\(\*([a-z_]+)\)\(ll_cluster_t.*/\1/p' include/heartbeat/hb_api.h)
is "$(comm -23 <(echo "$exported") <(echo "$declared"))" '' 'what is exported is declared' || true
is "$(comm -13 <(echo "$exported") <(echo "$declared"))" '' 'what is declared is exported' || true

# one FUNCTION: lines of the tests that use it
untested=
for name in $exported $operations; do
    grep -qE "(^|[^A-Za-z_])$name([^A-Za-z_0-9]|\$)" tests/unit/test_api_*.c || untested+=" $name"
done
is "$untested" '' 'every public function has a test' || true
is "$(wc -w <<<"$operations")" 44 'the table of operations is complete' || true

# A function has a comment above it, or belongs to the one above that has.
undocumented=$(awk '
    FNR == 1 { said = 0 }
    /^[ \t]*(\/\*|\*|.*\*\/$)/ { said = 1; next }
    /^$/ { said = 0; next }
    /^[A-Za-z].*\(.*\);?.*$/ && !said && !/^(typedef|struct|#)/ { print FILENAME ": " $0 }' \
    include/heartbeat/hb_api.h)
is "$undocumented" '' 'every function of hb_api.h says what it does' || true

lib=$HB_BUILD/plain/.libs/libhbclient.so
is "$(nm -D --defined-only "$lib" | awk '{ print $3 }' | sort)" "$exported" 'the library shows that and nothing else' || true
tap_end
