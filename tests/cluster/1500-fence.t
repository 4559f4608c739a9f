#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A node that freezes with a group is switched off before the other takes the group; an orderly stop is no reason to.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/switch.sh"
RESOURCES='node1 svc::web'
switch_install "$HB_ROOT"
HB_ROOT=$SWITCHED
# has_left NODE OTHER: as hb_status of NODE says
has_left() { on "$1" hb_status --json 2>/dev/null | tr -d ' \n' | grep -q "\"name\":\"$2\",\"self\":[a-z]*,\"state\":\"left\""; }
rig_up 2
switch_start
configure 'stonith_host * external/switch node1,node2' 'deadtime 4' 'warntime 2' 'initdead 10'
start node1 node2
check 'the group runs on its home' wait_for up_and_settled web node1
check 'the device was asked whether it works' wait_for logged node2 'fencing device external/switch is operational'

rig freeze node1 >/dev/null
check 'its owner freezes: the group runs on the other node' wait_for has_svc node2 web
is "$(switch_calls node2)" 'reset node1;' 'which had the owner reset' || true
check 'and said so' wait_for logged node2 'fencing of node1: OK'
check 'first it was off, then the group was started' never_two web
refuse 'the take-over is not called best-effort' logged node2 'on the deadtime alone'

rig boot node1
start node1
check 'the one that was reset comes back' wait_for settled
is "$(holders web)" node2 'and leaves the group where it is' || true
stop node2
check 'an orderly stop hands the group over' wait_for runs_on web node1
on node1 pkill -9 -x hb-node
check 'a new hb-node knows that the other has left' wait_for has_left node1 node2
start node2
check 'and back in the cluster' wait_for settled
is "$(switch_calls node1)$(switch_calls node2)" 'reset node1;' 'nobody was fenced for that' || true
tap_end
