#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Three nodes with a power switch: one that was stopped in order is known to be down by one that starts later, and nobody fences it; the
# result of a shot is passed on as well.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/switch.sh"
RESOURCES='node1 svc::web'
# state_of NODE OTHER STATE: as hb_status of NODE says
state_of() { on "$1" hb_status --json 2>/dev/null | tr -d ' \n' | grep -q "\"name\":\"$2\",\"self\":[a-z]*,\"state\":\"$3\""; }
switch_install "$HB_ROOT"
HB_ROOT=$SWITCHED
rig_up 3
switch_start
configure 'stonith_host * external/switch node1,node2,node3' 'deadtime 4' 'warntime 2' 'initdead 20'
start node1 node2 node3
check 'the group runs on its home' wait_for up_and_settled web node1

stop node3
check 'a node is stopped' wait_for state_of node1 node3 left
stop node2
start node2
check 'one that starts meanwhile is told so' wait_for logged node2 'node node3 is down, as node1 says'
check 'and says so' wait_for state_of node2 node3 left
check 'all is settled' wait_for settled node1 node2

rig freeze node1 >/dev/null
check 'the owner freezes: the group runs on the other node' wait_for has_svc node2 web
is "$(switch_calls node2)" 'reset node1;' 'which had it reset, and nobody else' || true
check 'never up twice' never_two web
start node3
check 'the third is told of the reset' wait_for logged node3 'node node1 is down, as node2 says'
tap_end
