#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may include whom: the arrows of doc/layout.md, section 2, read from the #include lines.
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
. "$HB_TOP/tests/lint/files.sh"
cd "$HB_TOP" || exit 1

# folder: regular expression of what its files may include beside their own folder
rules=$(sed 's/^ *//' <<'EOT'
    lib/util            ^util/
    lib/log             ^util/
    lib/wire            ^(util|heartbeat/hb_auth)
    lib/ipc             ^util/
    lib/compat-plumb    ^(util|wire|ipc|log)/
    lib/apphb           ^(util|ipc)/
    lib/hbclient        ^(util|wire|ipc)/
    lib/plugin          ^(util/|heartbeat/hb_|wire/frame\.h$|conf/(config|load)\.h$)
    lib/stonith         ^(util|plugin)/|^heartbeat/hb_stonith\.h$
    heartbeat/conf      ^util/
    heartbeat/core      ^(util/|wire/(typed|msgtypes)\.|conf/config\.h$|log/messages\.def$)
    heartbeat/channel   ^(util/|conf/config\.h$|core/effects\.h$)
    heartbeat/media     ^heartbeat/hb_medium\.h$
    heartbeat/auth      ^(heartbeat/hb_auth|wire/digest)\.h$
    heartbeat/node      ^(util|log|wire|ipc|plugin|conf|channel|core)/|^(heartbeat/hb_|resource\.d/(ip/(addr|args)|ocf/args)\.h$)
    heartbeat/logger    ^(util|log)/
    heartbeat/exec    ^(util|log|conf|channel|ipc)/|^((plugin|stonith|logger)/[a-z]+|heartbeat/hb_medium|core/effects)\.h$|^wire/fields\.def$
    heartbeat/fence     ^(util|conf|stonith)/|^heartbeat/hb_stonith\.h$
    heartbeat/tools     ^(util|log|conf|ipc)/
    heartbeat/clients   ^(util|ipc|wire|apphb)/
    ldirectord/conf     ^util/|^ldirectord/(conf/|check/check_sql\.h$)
    ldirectord/check    ^util/|^ldirectord/(conf|check)/
    ldirectord/ipvs     ^util/|^ldirectord/(conf|ipvs)/
    ldirectord/director ^util/|^ldirectord/(conf|ipvs|director)/
    ldirectord/run      ^(util|log|ldirectord)/
    resource.d          ^(util|log)/
    tests/sim           ^(util|log|wire|conf|core)/
EOT
)

while read -r dir allowed; do
    [ -d "$dir" ] || { fail "$dir is there" || true; continue; }
    own=$(basename "$dir")
    bad=$(grep -rnE '^#[[:blank:]]*include "' --include='*.[ch]' --include='*.def' "$dir" |
        sed -E 's/:#[[:blank:]]*include "/ /; s/".*//' |
        while read -r place what; do
            case $what in
            "$own"/*|config.h|util/banned.h) ;;
            */*) [[ $what =~ $allowed ]] || echo "$place $what" ;;
            esac
        done)
    is "$bad" '' "$dir includes only what it may" || true
done <<<"$rules"
is "$(find heartbeat lib ldirectord -name '*.[ch]' -printf '%h\n' | sort -u | grep -vxF "$(sed 's/ .*//' <<<"$rules")")" '' \
    'each folder with sources has a row above' || true
tap_end
