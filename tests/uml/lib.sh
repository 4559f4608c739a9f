# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# lib.sh - sourced by the uml tests: our programs on nodes with kernels of their own (tests/rig/README-uml.md).
#
# Where such a kernel cannot be had, or does not boot, the test is skipped with the reason: that is the machine's fault.
# Each command in a node costs it a tenth of a second of processor: what is waited for is written to /rig, and looked
# at from here.

set -u
export LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
HB_TOP=${HB_TOP:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
HB_BUILD=${HB_BUILD:-$HB_TOP/build}
HB_ROOT=${HB_ROOT:-$HB_BUILD/root}
# shellcheck source=tests/lib/tap.sh
. "$HB_TOP/tests/lib/tap.sh"
# shellcheck source=tests/lib/debian.sh
. "$HB_TOP/tests/lib/debian.sh"

UMLRIG=$HB_TOP/tests/rig/umlrig
RIG=u$$
LIMIT=${HB_TEST_LIMIT:-60}
NODES=()
TREES=("$HB_ROOT")              # what is installed on each node, the last one over the others
export UMLRIG_QUIET=1

[ "$(id -u)" = 0 ] || skip_all 'needs root'
[ -x "$HB_ROOT/usr/libexec/heartbeat/heartbeat" ] || skip_all "no heartbeat installed in $HB_ROOT"

# uml_up N [umlrig options]: N nodes that have our programs
uml_up() {
    local n=$1 i dir=$HB_BUILD/uml why kernel=()
    shift
    mkdir -p "$HB_BUILD"
    exec 9>"$dir.lock"
    flock 9
    hb_unpack "$dir" user-mode-linux >/dev/null 2>&1 || skip_all 'no User Mode Linux to be had'
    flock -u 9
    exec 9>&-
    kernel=("$dir/usr/bin/linux.uml" "$dir/usr/lib/uml/modules")
    why=$("$UMLRIG" check "${kernel[@]}" 2>&1) || skip_all "User Mode Linux cannot run here: $why"
    trap uml_down EXIT
    trap 'exit 1' INT TERM HUP
    "$UMLRIG" up "$RIG" "$n" --kernel "${kernel[0]}" --moddir "${kernel[1]}" --rs 0 "$@" >/dev/null 2>&1 || {
        why=$("$UMLRIG" log "$RIG" node1 2>&1 | tail -n 1)
        skip_all "a User Mode Linux kernel does not boot here: $why"
    }
    for ((i = 1; i <= n; i++)); do NODES+=("node$i"); done
    for i in "${NODES[@]}"; do install_on "$i" || { fail "our programs can be installed on $i"; exit 1; }; done
}

uml_down() {
    local rc=$? n
    if [ "$rc" != 0 ] || [ "$TAP_FAILED" != 0 ]; then
        for n in "${NODES[@]}"; do
            diag "---- $n"
            diag "$(tail -n 60 "$(of "$n" ha-log)" 2>/dev/null)"
            diag "$("$UMLRIG" log "$RIG" "$n" | tail -n 15)"
        done
    fi
    "$UMLRIG" down "$RIG"
    exit "$rc"
}

on() { "$UMLRIG" exec "$RIG" "$@" </dev/null; }     # NODE CMD...
rig() { local c=$1; shift; "$UMLRIG" "$c" "$RIG" "$@"; }
of() { echo "$("$UMLRIG" dir "$RIG" "$1")/share/$2"; }     # NODE FILE-OF-/rig, seen from here

# What a package would have made, too.
install_on() {
    local tree
    for tree in "${TREES[@]}"; do on "$1" cp -a "$tree/usr" "$tree/etc" / || return; done
    on "$1" sh -c "grep -q '^haclient:' /etc/group || echo 'haclient:x:990:' >>/etc/group
        for u in heartbeat hacluster; do
            grep -q \"^\$u:\" /etc/passwd || echo \"\$u:x:990:990::/:/bin/false\" >>/etc/passwd
        done
        mkdir -p /var/lib/heartbeat"
}

# put NODE PATH [MODE] < text
put() {
    "$UMLRIG" exec "$RIG" "$1" -- sh -c "cat >'$2' && chmod '${3:-644}' '$2'"
}

# A service that tells /rig/NAME when it is up, and /rig/svc all that is done to it.
svc_script() {
    cat <<'SVC'
#!/bin/sh
case $2 in
start) : >"/run/svc.$1"; echo "$1 start" >>/rig/svc ;;
stop) rm -f "/run/svc.$1"; echo "$1 stop" >>/rig/svc ;;
status) if [ -e "/run/svc.$1" ]; then echo running; else echo stopped; exit 3; fi ;;
esac
SVC
}

# configure [LINE...]: lines of ha.cf on all nodes; RESOURCES is the text of haresources
configure() {
    local n
    for n in "${NODES[@]}"; do
        printf '%s\n' 'logfile /rig/ha-log' 'keepalive 200ms' 'deadtime 3' 'warntime 2' 'initdead 20' 'bcast eth0 eth1' \
            'auto_failback off' "node ${NODES[*]}" "$@" | put "$n" /etc/ha.d/ha.cf
        printf '%s\n' "$RESOURCES" | put "$n" /etc/ha.d/haresources
        printf 'auth 1\n1 sha1 a test secret\n' | put "$n" /etc/ha.d/authkeys 600
        svc_script | put "$n" /etc/ha.d/resource.d/svc 755
    done
}

# wait_for CONDITION...: until the command succeeds; fails after LIMIT seconds
wait_for() {
    local end=$((${EPOCHREALTIME/./} + LIMIT * 1000000))
    until "$@"; do
        [ "${EPOCHREALTIME/./}" -lt "$end" ] || { diag "not within $LIMIT s: $*"; return 1; }
        sleep 0.1
    done
}

boots() { grep -c boot "$(of "$1" boots)" 2>/dev/null; }
booted() { [ "$(boots "$1")" = "$2" ]; }            # NODE TIMES
# last_word NODE NAME: what was done to the service there last
last_word() { awk -v s="$2" '$1 == s { w = $2 } END { print w }' "$(of "$1" svc)" 2>/dev/null; }
is_up() { [ "$(last_word "$1" "$2")" = start ]; }
logged() { grep -qE -- "$2" "$(of "$1" ha-log)" 2>/dev/null; }
