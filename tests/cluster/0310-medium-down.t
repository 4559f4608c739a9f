#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# One of two media fails and returns: logged, nothing moves. A card that disappears is waited for.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
rig cut node1 eth1 >/dev/null
check 'the dead link is in the log' wait_for logged node2 'Link node1:eth1 dead'
rig heal >/dev/null
check 'its return, too' wait_for logged node2 'Link node1:eth1 up.*'
on node1 ip link set eth1 down
wait_for logged node1 'Link node2:eth1 dead'
n=$(log_count node1 'Link node2:eth1 up')
on node1 sh -c 'ip link set eth1 up; ip addr replace 10.77.1.1/24 brd + dev eth1'
more() { [ "$(log_count node1 'Link node2:eth1 up')" -gt "$n" ]; }
check 'an interface that was down works again' wait_for more
is "$(calls node1 web)" 'start-begin start-done ' 'nothing was done to the service' || true
refuse 'no node was called dead' logged node2 'node node1: is dead'
check 'settled' settled
tap_end
