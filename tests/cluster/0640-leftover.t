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

# That takes a while: who says "start" meanwhile waits for the one that is at it, and is told its result.
behave node1 two stop 5
start node1 &
first=$!
begun() { [[ $(calls node1 two) =~ stop-begin\ $ ]]; }
wait_for begun
check 'a start beside another one that takes long waits for it' on node1 /etc/init.d/heartbeat start
check 'and heartbeat is up when it returns' on node1 hb_status
wait $first
is $? 0 'when it can be stopped heartbeat starts'
check 'it is down' eval '! has_svc node1 two'
check 'the group that is left comes up' wait_for has_svc node1 one
tap_end
