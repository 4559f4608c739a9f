#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# auto_failback on: a node that returns gets its groups back, and only those.
. "$(dirname "$0")/lib.sh"
FAILBACK='auto_failback on'
RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web
node2 svc::db"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
rig crash node1 >/dev/null
wait_for runs_on web node2
rig boot node1
probe_start
start node1
check 'the group goes home' wait_for up_and_settled web node1
check 'with its address' wait_for has_address node1
probe_stop
diag "longest gap $GAP_MS ms"
is "$TWO_MS" 0 'no moment with two owners of the address' || true
is "$(calls node2 db)" 'start-begin start-done ' 'the other group was not touched' || true

# an orderly stop and a return
stop node1
wait_for runs_on web node2
start node1
check 'the same after an orderly stop' wait_for up_and_settled web node1
check 'never up twice' never_two web
tap_end
