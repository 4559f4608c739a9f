#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An orderly stop of the owner: the group moves without waiting for the deadtime.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure 'deadtime 10' 'initdead 20'
start node1 node2
wait_for up_and_settled web node1
probe_start
t=$(ms_now)
stop node1
check 'the group runs on the other node' wait_for runs_on web node2
took=$(($(ms_now) - t))
diag "moved within $took ms"
[ "$took" -lt 9000 ]
ok $? 'without waiting for the deadtime'
check 'the address answers there' wait_for has_address node2
probe_stop
diag "longest gap $GAP_MS ms"
is "$TWO_MS" 0 'no moment with two owners of the address' || true
check 'never up twice' never_two web
is "$(calls node1 web)" 'start-begin start-done stop-begin stop-done ' 'the old owner stopped it once' || true
refuse 'the stopped node is not called dead' logged node2 'node node1: is dead'
check 'the survivor is settled' wait_for settled node2

# and the last one stops, too
stop node2
is $? 0 'the last node stops' || true
is "$(holders web)" '' 'then it runs nowhere' || true
tap_end
