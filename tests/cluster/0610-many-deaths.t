#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An hb-node that ends again and again is given up: root stops the groups itself and ends, and the
# other node takes them.
. "$(dirname "$0")/lib.sh"
rig_up 2
RESOURCES='node1 svc::one svc::two' configure
start node1 node2
wait_for up_and_settled two node1

# After the fourth no other one comes.
old=''
is_another() { new=$(on node1 pgrep -x -n hb-node) && [ -n "$new" ] && [ "$new" != "$old" ]; }
for _ in 1 2 3 4; do
    wait_for is_another
    old=$new
    on node1 kill -KILL "$old"
done
check 'root stops the group' wait_for runs_on one node2
check 'all of it' wait_for runs_on two node2
is "$(awk '$3 == "stop-begin" { printf "%s ", $2 }' "$(file_of node1 /var/log/svc)")" 'two one ' 'right to left'
is_stopped() { ! on node1 pgrep -x heartbeat; }
check 'and ends' wait_for is_stopped
on node1 /etc/init.d/heartbeat status >/dev/null
is $? 3 'status says stopped'
check 'the log says why' logged node1 'CRIT: .*ended 4 times within a minute'
check 'never up twice' never_two one

start node1
check 'it can be started again' wait_for settled
check 'never up twice after that' never_two one
tap_end
