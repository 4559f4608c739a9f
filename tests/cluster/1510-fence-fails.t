#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# While a node cannot be fenced its group is not taken; it is tried again, and no longer when the node is back.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/switch.sh"
RESOURCES='node1 svc::web'
switch_install "$HB_ROOT"
HB_ROOT=$SWITCHED
rig_up 2
switch_start
configure 'stonith_host * external/switch node1,node2' 'deadtime 4' 'warntime 2' 'initdead 10'
switch_is node2 fails
start node1 node2
check 'the group runs on its home' wait_for up_and_settled web node1

rig freeze node1 >/dev/null
tried() { [ "$(n_switch_calls node2)" -ge "$1" ]; }
check 'the device fails: it is tried again' wait_for tried 2
refuse 'the group is not taken meanwhile' has_svc node2 web

rig thaw node1 >/dev/null
check 'the owner is back' wait_for settled
is "$(holders web)" node1 'and still has the group' || true
BEFORE=$(n_switch_calls node2)
switch_is node2 ''
later() { [ "$(on node2 cut -d. -f1 /proc/uptime)" -gt $((NOW + 7)) ]; }
NOW=$(on node2 cut -d. -f1 /proc/uptime)
check 'longer than the pause between two tries' wait_for later
is "$(n_switch_calls node2)" "$BEFORE" 'it is not fenced any more' || true
is "$(holders web)" node1 'the group was not moved' || true
check 'never up twice' never_two web

switch_is node2 fails
rig freeze node1 >/dev/null
more() { [ "$(n_switch_calls node2)" -gt "$BEFORE" ]; }
check 'it freezes again, and is tried again' wait_for more
switch_is node2 ''
check 'the device works again: the group is taken' wait_for has_svc node2 web
check 'still never up twice' never_two web
tap_end
