#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A process of ours is killed while a resource is being started or stopped: the group ends up on
# one node, once.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure

# in_the_middle VERB PATTERN: waits until the script has begun, then kills
in_the_middle() {
    wait_for begun "$1" || return
    on node1 sh -c "kill -9 \$(pgrep -x -o $2)"
}
begun() { [[ $(calls node1 web) =~ $1-begin\ $ ]]; }

behave node1 web start 4
start node1 node2
check 'hb-node is killed in the middle of a start' in_the_middle start hb-node
check 'the group runs once' wait_for up_and_settled web node1
check 'never up twice' never_two web

behave node1 web stop 4
on node1 /usr/share/heartbeat/hb_standby all
check 'hb-node is killed in the middle of a stop' in_the_middle stop hb-node
one_owner() { case $(holders web) in node1|node2) ;; *) return 1 ;; esac; settled; }
check 'the group runs once' wait_for one_owner
check 'never up twice' never_two web

on node2 /usr/share/heartbeat/hb_standby all
wait_for up_and_settled web node1 || true
on node1 /usr/share/heartbeat/hb_standby all
check 'root is killed in the middle of a stop' in_the_middle stop heartbeat
check 'the group runs once' wait_for one_owner
check 'never up twice' never_two web
tap_end
