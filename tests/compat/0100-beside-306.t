#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# One node of ours, one of heartbeat 3.0.6, in both roles: both become active, each group runs once,
# and each takes over from the other, after a crash and after an orderly stop.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
OLD=${OLD:-node2}
NEW=node$((3 - ${OLD#node}))
RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web
node2 svc::db"
FAILBACK=${FAILBACK:-auto_failback on}
rig_up 2 --install "$OLD=$PEER"
PRODUCT[$OLD]=old
configure

once() { runs_on web "$1" && runs_on db "$2" && settled "${@:3}"; }
start node1 node2
check "both active ($OLD runs 3.0.6)" wait_for settled
check 'each group runs on its home node' wait_for once node1 node2 node1 node2
is "$(address_holders)" node1 'the address, too' || true

rig crash "$OLD" >/dev/null
check 'the old one crashes: ours takes its group' wait_for once "$NEW" "$NEW" "$NEW"
rig boot "$OLD"
start "$OLD"
check 'it returns and gets its group back' wait_for once node1 node2 node1 node2

rig crash "$NEW" >/dev/null
check 'ours crashes: the old one takes its group' wait_for once "$OLD" "$OLD" "$OLD"
rig boot "$NEW"
start "$NEW"
check 'ours returns and gets its group back' wait_for once node1 node2 node1 node2

stop "$OLD"
check 'the old one stops in order: ours takes its group' wait_for once "$NEW" "$NEW" "$NEW"
start "$OLD"
check 'and gives it back' wait_for once node1 node2 node1 node2

stop "$NEW"
check 'ours stops in order: the old one takes its group' wait_for once "$OLD" "$OLD" "$OLD"
start "$NEW"
check 'and gives it back' wait_for once node1 node2 node1 node2

for s in web db; do check "$s was never up twice" never_two $s; done
is "$(address_holders)" node1 'the address is on one node' || true
tap_end
