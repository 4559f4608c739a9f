# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# rsc.sh - sourced by the tests of resource scripts: the scripts as installed, in namespaces of their own
# (mounts, network, processes), so that nothing that they do or kill is outside of the test.

set -u
export LC_ALL=C
HB_TOP=${HB_TOP:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
HB_BUILD=${HB_BUILD:-$HB_TOP/build}
HB_ROOT=${HB_ROOT:-$HB_BUILD/root}
# shellcheck source=tests/lib/tap.sh
. "$HB_TOP/tests/lib/tap.sh"

[ "$(id -u)" = 0 ] || skip_all 'needs root'
[ -x "$HB_ROOT/usr/libexec/heartbeat/hb-limit" ] || { echo "Bail out! no scripts installed in $HB_ROOT"; exit 1; }
if [ -z "${HB_RSC_INSIDE:-}" ]; then
    unshare -m -n -p -f true 2>/dev/null || skip_all 'namespaces are not allowed here'
    HB_RSC_INSIDE=1 exec unshare -m -n -p -f --kill-child --propagation private --mount-proc "$0" "$@"
fi
mount -t tmpfs -o mode=755 tmpfs /run && mkdir /run/stub /run/trial || exit 1
WORK=/run/trial
STUBS=/run/stub                 # comes before all other programs
CALLS=/run/calls                # what the stubs were called with, a line each
RSC=$HB_ROOT/etc/ha.d/resource.d
export HA_BIN=$HB_ROOT/usr/libexec/heartbeat PATH=$STUBS:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
: >"$CALLS"

# stub NAME [< SCRIPT]: a program that notes its calls, and then does what SCRIPT says
stub() {
    { printf '#!/bin/sh\necho "%s $*" >>%s\n' "$1" "$CALLS"; [ -t 0 ] || cat; } >"$STUBS/$1"
    chmod 755 "$STUBS/$1"
}

# call NAME ARGUMENTS...: sets OUT, ERR, CODE
call() {
    local name=$1
    shift
    "$RSC/$name" "$@" >/run/out 2>/run/err </dev/null
    CODE=$?
    OUT=$(cat /run/out) ERR=$(cat /run/err)
}

# expect CODE OUT SENTENCE: of the last call
expect() { is "$CODE $OUT" "$1 $2" "$3" || diag "$ERR"; }

# gives "NAME ARGUMENTS..." CODE OUT: the call, and what it should say
gives() {
    local words
    read -r -a words <<<"$1"
    call "${words[@]}"
    expect "$2" "$3" "$1"
}

calls() { cat "$CALLS"; : >"$CALLS"; }
DONE='INFO:  Success' UP='INFO:  Running OK' DOWN='INFO:  Resource is stopped'

# soon COMMAND...: true within 30 s
soon() {
    local i
    for ((i = 0; i < 600; i++)); do
        "$@" && return
        sleep 0.05
    done
    return 1
}

# dead PID: gone, or only waiting for its parent to notice
dead() { [ -n "$1" ] || return; case $(sed -n 's/^State:[^A-Z]*//p' "/proc/$1/status" 2>/dev/null) in ''|[ZX]*) return 0 ;; esac; return 1; }
