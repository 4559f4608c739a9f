#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A group that cannot be started here moves to the other node; healthy groups stay.
. "$(dirname "$0")/lib.sh"
RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web
node2 svc::db"
rig_up 2
configure
behave node1 web start fail
start node1 node2
LIMIT=$((LIMIT * 2))
check 'the group runs on the other node' wait_for runs_on web node2
check 'its address, too' wait_for has_address node2
refuse 'nothing of it is left here' has_address node1
check 'the healthy group stays' runs_on db node2
is "$(calls node2 db)" 'start-begin start-done ' 'and was not touched' || true
check 'the failure is in the log' logged node1 '(ERROR|CRIT).*svc'
check 'never up twice' never_two web
tap_end
