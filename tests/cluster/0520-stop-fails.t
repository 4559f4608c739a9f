#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A resource that cannot be stopped holds its group here: nobody else starts it until it is down.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
behave node1 web stop fail
on node1 /usr/share/heartbeat/hb_standby all
failed() { [[ $(calls node1 web) == *stop-failed* ]]; }
check 'the stop fails' wait_for failed
check 'it is reported as stuck' wait_for logged node1 'cannot be stopped'
is "$(calls node2 web)" '' 'the other node has not started it' || true
check 'the service is still up here' runs_on web node1
behave node1 web stop ''
LIMIT=$((LIMIT * 2))
check 'once it can be stopped, the group moves on' wait_for runs_on web node2
check 'never up twice' never_two web
tap_end
