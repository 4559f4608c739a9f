#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ucast6, mcast6, ping6 and ping_group: each goes and comes back, is shown, and costs nothing but itself.
. "$(dirname "$0")/lib.sh"
PACE=0.1
MEDIA='ucast6 eth0 fd77::1
ucast6 eth0 fd77::2
mcast6 eth1 ff02::694 694 1 0
ping6 fd77::fe
ping_group outside 10.77.0.253 10.77.0.254'
rig_up 2
configure 'keepalive 200ms' 'deadtime 5' 'warntime 3' 'deadping 5' 'initdead 10'
start node1 node2
wait_for up_and_settled web node1

seen() { link_is node1 node2 "$1" "$2" && link_is node2 node1 "$1" "$2"; }
# pings NAME answers|DEAD: on both nodes
pings() { local n; for n in node1 node2; do on "$n" hb_status | grep -qE "^ *$1 +$2 " || return; done; }
check 'ucast6 is up' wait_for seen eth0 up
check 'mcast6 is up' wait_for seen eth1 up
check 'ping6 answers' wait_for pings fd77::fe answers
check 'ping_group answers' wait_for pings outside answers

rig cut node1 eth0 --silent >/dev/null
check 'ucast6 is cut: shown' wait_for seen eth0 DEAD
rig heal >/dev/null
check 'it comes back' wait_for seen eth0 up

rig cut-pair node1 node2 --oneway --link eth1 >/dev/null
check 'one way of mcast6 is cut: shown' wait_for link_is node2 node1 eth1 DEAD
check 'the other way is not' link_is node1 node2 eth1 up
rig heal >/dev/null
check 'it comes back' wait_for seen eth1 up

on node1 ip link set eth1 down
check 'an interface that is down is a dead link' wait_for seen eth1 DEAD
on node1 ip link set eth1 up
check 'it comes back' wait_for seen eth1 up

rig loss node1 eth0 30 >/dev/null
rig cut router eth0 --silent >/dev/null
check 'one member of two is gone: the lone one is dead' wait_for pings fd77::fe DEAD
check 'the group answers' pings outside answers
rig cut client eth0 --silent >/dev/null
check 'both are gone: the group is dead' wait_for pings outside DEAD
rig heal >/dev/null
check 'the group is back' wait_for pings outside answers
check 'and the lone one' wait_for pings fd77::fe answers

for n in node1 node2; do refuse "$n called no node dead" logged "$n" 'node node[12]: is dead'; done
is "$(calls node1 web)" 'start-begin start-done ' 'nothing was done to the service' || true

rig crash node1 >/dev/null
check 'a crash is taken over' wait_for runs_on web node2
tap_end
