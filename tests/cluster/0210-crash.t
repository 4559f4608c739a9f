#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The owner loses power: the other node takes its group when the deadtime is over, and once only.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
probe_start
t=$(rig crash node1)
check 'the survivor takes the group' wait_for runs_on web node2
took=$(awk '$2 == "web" && $3 == "start-begin" { print $1 }' "$(file_of node2 /var/log/svc)" |
    awk -v t="$t" '{ printf "%d", ($1 - t) * 1000 }')
diag "started $took ms after the crash"
# counted from the last beat, which is up to one keepalive before the crash
[ "$took" -ge 2850 ]
ok $? 'not before the deadtime'
check 'the survivor answers for the address' wait_for has_address node2
check 'nothing is pending' wait_for settled node2
probe_stop
diag "longest gap $GAP_MS ms"
is "$TWO_MS" 0 'no moment with two owners of the address' || true
check 'the death is in the log' logged node2 'node node1: is dead'
check 'never up twice' never_two web

# back with auto_failback off: it stays
rig boot node1
start node1
check 'the node that returns becomes settled' wait_for settled
check 'the group stays where it is (auto_failback off)' runs_on web node2
check 'still never up twice' never_two web
tap_end
