# shellcheck shell=bash disable=SC2034,SC2120
# SPDX-License-Identifier: GPL-2.0-or-later
# lib.sh - sourced by the cluster and compat tests: real daemons in a rig of their own.
#
# Nothing here waits for a time: wait_for takes a condition and a limit.

set -u
export LC_ALL=C
HB_TOP=${HB_TOP:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
HB_BUILD=${HB_BUILD:-$HB_TOP/build}
HB_ROOT=${HB_ROOT:-$HB_BUILD/root}
# shellcheck source=tests/lib/tap.sh
. "$HB_TOP/tests/lib/tap.sh"

NETRIG=$HB_TOP/tests/rig/netrig
RIG=t$$
VIP=10.77.0.100
LIMIT=${HB_TEST_LIMIT:-60}          # seconds, for what takes one; a loaded machine is not a failure
WORK=
NODES=()
declare -A PRODUCT=()   # NODE: "old" where heartbeat 3.0.6 runs
export NETRIG_QUIET=1

[ "$(id -u)" = 0 ] || skip_all 'needs root'
[ -x "$HB_ROOT/usr/libexec/heartbeat/heartbeat" ] || skip_all "no heartbeat installed in $HB_ROOT"

# Beside heartbeat 3.0.6 a test runs in a shell of its own and may say with 75 that the old one has
# failed of itself (lost_by_306): nothing can be told from that run, here is another.
again_where_306_fails() {
    local out rc try
    [ -z "${HB_TRY:-}" ] || return 0
    out=$(mktemp) || exit 1
    for try in 1 2 3 4; do
        HB_TRY=$try bash "$0" "$@" >"$out" 2>&1
        rc=$?
        [ "$rc" = 75 ] || break
        diag "heartbeat 3.0.6 has failed of itself, as its log tells: once more"
    done
    cat "$out"
    rm -f "$out"
    exit "$rc"
}
case $0 in */compat/*.t) again_where_306_fails "$@" ;; esac

# rig_up N [netrig options]: N nodes with two links and our programs
rig_up() {
    local n=$1 i
    shift
    WORK=$(mktemp -d) || exit 1
    trap rig_down EXIT
    trap 'exit 1' INT TERM HUP
    "$NETRIG" up "$RIG" "$n" --links 2 "$@" --install "$HB_ROOT" || { fail 'a rig can be made'; exit 1; }
    for ((i = 1; i <= n; i++)); do NODES+=("node$i"); done
}

rig_down() {
    local rc=$?
    [ "$rc" = 0 ] && [ "$TAP_FAILED" = 0 ] || show_logs
    "$NETRIG" down "$RIG" 2>/dev/null
    rm -rf "$WORK"
    exit "$rc"
}

show_logs() {
    local n
    for n in "${NODES[@]}"; do
        diag "---- $n"
        diag "$(tail -n "${HB_TEST_LOG_LINES:-60}" "$(file_of "$n" /var/log/ha-log)" 2>/dev/null)"
        diag "$(tail -n 40 "$(file_of "$n" /var/log/svc)" 2>/dev/null)"
    done
}

on() { "$NETRIG" exec "$RIG" "$@" </dev/null; }             # NODE CMD...
rig() { local c=$1; shift; "$NETRIG" "$c" "$RIG" "$@"; }    # netrig command in our rig
file_of() { "$NETRIG" path "$RIG" "$@"; }                   # NODE PATH, seen from here

# put NODE|all PATH [MODE] < text
put() {
    cat >"$WORK/put"
    "$NETRIG" put "$RIG" "$1" "$WORK/put" "$2" "${3:-644}"
}

# ----------------------------------------------------------- configuration

# A service that records what is done to it. /etc/ha.d/svc/NAME.VERB on a node makes it
# misbehave there: "fail", "hang", or a number of seconds to take.
svc_script() {
    cat <<'SVC'
#!/bin/sh
name=$1 verb=$2
up=/run/svc.$name
say() { echo "$(date +%s.%N) $name $1" >>/var/log/svc; }
how=$(cat "/etc/ha.d/svc/$name.$verb" 2>/dev/null)
[ "$verb" = status ] || say "$verb-begin"
case $how in
fail) say "$verb-failed"; exit 1 ;;
hang) echo $$ >"/run/svc.$name.hangs"; while :; do sleep 1000; done ;;
?*) sleep "$how" ;;
esac
case $verb in
start) : >"$up" ;;
stop) rm -f "$up" ;;
status) if [ -e "$up" ]; then echo running; else echo stopped; exit 3; fi ;;
*) exit 2 ;;
esac
[ "$verb" = status ] || say "$verb-done"
SVC
}

# cf [LINE...]: the ha.cf of the tests; later lines win. MEDIA: others than the usual. A machine that is busy with other
# tests stands still for a second now and then: that must not be a death.
cf() {
    printf '%s\n' 'logfile /var/log/ha-log' 'keepalive 100ms' 'deadtime 3' 'warntime 1500ms' 'initdead 5' \
        "${MEDIA:-bcast eth0 eth1}" "${FAILBACK:-auto_failback off}" "node ${NODES[*]}"
    [ $# = 0 ] || printf '%s\n' "$@"
}

# configure [LINE...]: all nodes; RESOURCES is the text of haresources
configure() {
    cf "$@" | put all /etc/ha.d/ha.cf
    printf '%s\n' "${RESOURCES:-node1 IPaddr::$VIP/24/eth0 svc::web}" | put all /etc/ha.d/haresources
    printf 'auth 1\n1 sha1 a test secret\n' | put all /etc/ha.d/authkeys 600
    svc_script | put all /etc/ha.d/resource.d/svc 755
}

# behave NODE NAME VERB HOW: "" ends it
behave() {
    if [ -n "$4" ]; then echo "$4" | put "$1" "/etc/ha.d/svc/$2.$3"; else on "$1" rm -f "/etc/ha.d/svc/$2.$3"; fi
}

start() { local n; for n; do on "$n" /etc/init.d/heartbeat start >"$WORK/start.$n" 2>&1 || return; done; }
stop() {
    timeout $((LIMIT * 2)) "$NETRIG" exec "$RIG" "$1" /etc/init.d/heartbeat stop >"$WORK/stop.$1" 2>&1 </dev/null && return
    give_up_where_306_fails
    return 1
}

# Faults of 3.0.6 that its log proves. Its FIFO mixes up what two of its scripts write at once, and both are lost: a group
# is started by nobody, or a node is in transition for ever and cannot be stopped (doc/resource-manager.md 6). One of its
# processes dies of itself, and takes the others along; no test kills its processes one by one.
FAULTS_OF_306='Message with zero fields|NV failure .msgfromsteam.|Emergency Shutdown: Master Control process died'
FAULTS_OF_306+='|process [0-9]+ killed by signal (6|7|8|11) '
lost_by_306() {
    local n sum=0
    for n in "${NODES[@]}"; do
        [ "${PRODUCT[$n]:-ours}" = ours ] || sum=$((sum + $(log_count "$n" "$FAULTS_OF_306")))
    done
    echo "$sum"
}
give_up_where_306_fails() { [ ${#PRODUCT[@]} = 0 ] || [ "$(lost_by_306)" = 0 ] || exit 75; }

# side_by_side NAME VALUE...: this test once for each VALUE of the variable NAME, all at once, as one check each; ends the
# script. With NAME set it returns: we are one of them. Call it before rig_up.
side_by_side() {
    local name=$1 value out
    shift
    [ -z "${!name:-}" ] || return 0
    out=$(mktemp -d) || exit 1
    for value; do
        { env "$name=$value" "$0" >"$out/$value" 2>&1; echo $? >"$out/$value.rc"; } &
    done
    wait
    for value; do
        [ "$(cat "$out/$value.rc")" = 0 ]
        ok $? "$name=$value" || diag "$(cat "$out/$value")"
    done
    rm -rf "$out"
    tap_end
    exit
}

# --------------------------------------------------------------- conditions

# wait_for CONDITION...: until the command succeeds; fails after LIMIT seconds. PACE: how often it looks, where that costs
wait_for() {
    local end=$((${EPOCHREALTIME/./} + LIMIT * 1000000))
    until "$@"; do
        [ "${EPOCHREALTIME/./}" -lt "$end" ] || { give_up_where_306_fails; diag "not within $LIMIT s: $*"; return 1; }
        sleep "${PACE:-0.03}"
    done
}

running() { [ -n "$(on "$1" cat /run/heartbeat.pid 2>/dev/null)" ] && on "$1" /etc/init.d/heartbeat status >/dev/null 2>&1; }
# our_processes NODE: there are some
our_processes() { on "$1" sh -c 'cat /proc/[0-9]*/comm' 2>/dev/null | grep -qxE 'heartbeat|hb-guard|hb-node|hb-log'; }
is_off() { ! on "$1" true 2>/dev/null; }

has_address() { on "$1" ip -4 -o addr 2>/dev/null | grep -q " ${2:-$VIP}/"; }
has_svc() { [ -e "$(file_of "$1" "/run/svc.$2" 2>/dev/null)" ]; }

# holders NAME: nodes on which service NAME is up, in order, with blanks between
holders() {
    local n out=
    for n in "${NODES[@]}"; do has_svc "$n" "$1" && out+="$n "; done
    echo "${out% }"
}

address_holders() {
    local n out=
    for n in "${NODES[@]}"; do has_address "$n" "${1:-$VIP}" && out+="$n "; done
    echo "${out% }"
}

runs_on() { [ "$(holders "$1")" = "$2" ]; }         # NAME "NODE": there and nowhere else
logged() { grep -qE -- "$2" "$(file_of "$1" /var/log/ha-log)" 2>/dev/null; }    # NODE REGEX
log_count() { local c; c=$(grep -cE -- "$2" "$(file_of "$1" /var/log/ha-log)" 2>/dev/null); echo "${c:-0}"; }

# settled [NODE...]: each is up, hears the others that are up, and is in the middle of nothing
settled() {
    local n out
    for n in "${@:-${NODES[@]}}"; do
        if [ "${PRODUCT[$n]:-ours}" = ours ]; then
            out=$(on "$n" hb_status --json 2>/dev/null) || return 1
            [[ $out =~ \"status\":\ *\"active\" ]] || return 1
            if [[ $out =~ \"in_transition\":\ *true || $out =~ \"waits_for\":\ *\{ ]]; then return 1; fi
        else
            case $(on "$n" cl_status rscstatus 2>/dev/null) in
            local|foreign|all|none) ;;
            *) return 1 ;;
            esac
        fi
    done
}

# up_and_settled: all nodes started, the group NAME runs on NODE alone, nothing pending
up_and_settled() { runs_on "$1" "$2" && settled; }

# link_is NODE OTHER LINK up|DEAD: as hb_status on NODE shows it
link_is() { on "$1" hb_status 2>/dev/null | grep -E "^ *$2 " | grep -qF " $3 $4"; }

# calls NODE NAME: what was done to the service there, one word each
calls() { awk -v s="$2" '$2 == s { print $3 }' "$(file_of "$1" /var/log/svc)" 2>/dev/null | tr '\n' ' '; }

# never_two NAME: in all its history, which there must be, the service was up on one node at a time. A node that
# crashed had it until the moment of the crash. What began before HISTORY_FROM is not judged.
never_two() {
    local n
    for n in "${NODES[@]}"; do
        sed "s/^/$n /" "$(file_of "$n" /var/log/svc)" 2>/dev/null
    done | awk -v s="$1" '$3 == s { print $2, $1, $4 }' >"$WORK/history"
    awk '$2 == "crash" || $2 == "poweroff" { print $1, $3, "off" }' "/run/netrig/$RIG/events" >>"$WORK/history"
    sort -n "$WORK/history" >"$WORK/sorted"
    awk -v from="${HISTORY_FROM:-0}" '
        $3 == "start-begin" {
            for (n in up) if (up[n] && n != $2 && $1 >= from) { print "# " $1 ": starts on " $2 " while up on " n; bad = 1 }
            up[$2] = 1
            begun = 1
        }
        $3 == "stop-done" || $3 == "off" { up[$2] = 0 }
        END { if (!begun) print "# it was never started"; exit bad || !begun }' "$WORK/sorted"
}

# --------------------------------------------------------------- measuring

# probe_start / probe_stop: a client asks the address all the time; then GAP_MS is the longest
# time without an answer and TWO_MS the time in which two nodes claimed it
probe_start() {
    "$NETRIG" probe "$RIG" "$VIP" --out "$WORK/probe.json" &
    PROBE=$!
    wait_for test -e "$WORK/probe.json"
}

probe_stop() {
    kill "$PROBE"
    wait "$PROBE" 2>/dev/null
    GAP_MS=$(sed -n 's/.*"longest_gap_ms":\([0-9]*\).*/\1/p' "$WORK/probe.json" | head -n 1)
    TWO_MS=$(sed -n 's/.*"dual_active_ms":\([0-9]*\).*/\1/p' "$WORK/probe.json" | head -n 1)
    rm -f "$WORK/probe.json"
}

ms_now() { echo $((${EPOCHREALTIME/./} / 1000)); }
