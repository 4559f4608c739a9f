#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A script that hangs is ended after its time limit, with all it started, and counts as failed.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure 'resource_timeout 2'
behave node1 web start hang
start node1 node2
check 'the script hangs' wait_for on node1 test -s /run/svc.web.hangs
pid=$(on node1 cat /run/svc.web.hangs)
LIMIT=$((LIMIT * 2))
gone() { ! on node1 kill -0 "$pid" 2>/dev/null; }
check 'it is ended' wait_for gone
check 'the group runs on the other node' wait_for runs_on web node2
refuse 'no child of it is left' on node1 pgrep -f 'sleep 1000'
check 'never up twice' never_two web
tap_end
