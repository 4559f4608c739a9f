#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two nodes of heartbeat 3.0.6 with three groups become ours, one after the other, and go back again,
# with the same files in place, while a client asks each address all the time. At every moment each
# service is up on one node at most; the longest gap that the client saw is printed.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
LIMIT=$((LIMIT * 3 / 2))        # the old one waits ten seconds at each start
VIPS=("$VIP" 10.77.0.101 10.77.0.102)
SERVICES=(web db mail)
RESOURCES="node1 IPaddr::${VIPS[0]}/24/eth0 svc::web
node2 IPaddr::${VIPS[1]}/24/eth0 svc::db
node1 IPaddr::${VIPS[2]}/24/eth0 svc::mail"
FAILBACK='auto_failback on'
rig_up 2 --install "node1=$PEER" --install "node2=$PEER"
PRODUCT[node1]=old PRODUCT[node2]=old
configure 'initdead 8'

all_on() { local s; for s in "${SERVICES[@]}"; do runs_on "$s" "$1" || return; done; }
all_home() { runs_on web node1 && runs_on db node2 && runs_on mail node1 && settled; }
addresses_home() {
    [ "$(address_holders "${VIPS[0]}") $(address_holders "${VIPS[1]}") $(address_holders "${VIPS[2]}")" = 'node1 node2 node1' ]
}
uuid() { od -An -tx1 "$(file_of "$1" /var/lib/heartbeat/hb_uuid)"; }

# gap_begin / gap_end TEXT: in between a client asks all addresses all the time
gap_begin() {
    "$NETRIG" probe "$RIG" "${VIPS[@]}" --out "$WORK/probe.json" &
    PROBE=$!
    wait_for test -e "$WORK/probe.json"
}
gap_end() {
    kill "$PROBE"
    wait "$PROBE" 2>/dev/null
    diag "longest gap, $1: $(grep -o '"longest_gap_ms":[0-9]*' "$WORK/probe.json" | cut -d: -f2 | sort -n | tail -n 1) ms"
    rm -f "$WORK/probe.json"
}

# replace NODE PRODUCT DIR: what an administrator does; its groups go to the other node first
replace() {
    local other=node$((3 - ${1#node})) before
    before=$(uuid "$1")
    gap_begin
    on "$1" /usr/share/heartbeat/hb_standby all >/dev/null 2>&1
    check "$1 hands everything over" wait_for all_on "$other"
    check 'and rests' wait_for settled
    stop "$1"
    rig poweroff "$1"
    rig install "$1" "$3"
    PRODUCT[$1]=$2
    rig boot "$1"
    start "$1"
    check "$1 joins with the other package" wait_for settled
    if ! wait_for all_home; then fail 'each group is at home again'; exit 1; fi
    pass 'each group is at home again'
    is "$(uuid "$1")" "$before" "$1 has kept its uuid" || true
    gap_end "$1 becomes $2"
}

start node1 & start node2 & wait
check 'two nodes of 3.0.6, each group at home' wait_for all_home
gap_begin
on node1 /usr/share/heartbeat/hb_standby all >/dev/null 2>&1
check 'a planned move between them' wait_for all_on node2
check 'is over' wait_for settled
on node2 /usr/share/heartbeat/hb_standby foreign >/dev/null 2>&1
check 'and back' wait_for all_home
gap_end 'planned moves of 3.0.6'

replace node1 ours "$HB_ROOT"
replace node2 ours "$HB_ROOT"
check 'the addresses are where the services are' wait_for addresses_home
replace node2 old "$PEER"
replace node1 old "$PEER"
check 'the addresses, too' wait_for addresses_home

for s in "${SERVICES[@]}"; do check "$s was never up twice" never_two "$s"; done
tap_end
