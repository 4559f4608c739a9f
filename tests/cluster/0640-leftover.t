#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A group that was up when all of heartbeat was killed, and whose line was removed before the next start,
# is stopped; where that fails heartbeat does not start.
. "$(dirname "$0")/lib.sh"
rig_up 1
RESOURCES=$'node1 svc::one\nnode1 svc::two' configure 'ping 10.77.0.254'
start node1
wait_for has_svc node1 one && wait_for has_svc node1 two

# All at once: who is left would start the others again. Held first, from the one that restarts downwards.
kill_all() {
    local p
    for p in hb-guard heartbeat hb-node; do on node1 pkill -STOP -x "$p"; done
    on node1 pkill -KILL -x 'hb-guard|heartbeat|hb-node'
    ! our_processes node1
}
wait_for kill_all
check 'both are left up' has_svc node1 two
RESOURCES='node1 svc::one' configure 'ping 10.77.0.254'
behave node1 two stop fail
start node1
is $? 6 'a start beside a group that nobody would look after is refused'
check 'with the name of the group' grep -q 'group svc::two was up here' "$WORK/start.node1"
check 'the group is still up' has_svc node1 two

behave node1 two stop ''
check 'when it can be stopped heartbeat starts' start node1
check 'it is down' eval '! has_svc node1 two'
check 'the group that is left comes up' wait_for has_svc node1 one
tap_end
