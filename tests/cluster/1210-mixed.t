#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two networks and a serial line: each fails in its own way, is shown, comes back, and costs nothing but itself.
. "$(dirname "$0")/lib.sh"
PACE=0.1
tty=/dev/ttyHB0
MEDIA="bcast eth0
baud 115200
serial $tty
ucast eth1 10.77.1.1
ucast eth1 10.77.1.2"
rig_up 2
configure 'keepalive 200ms' 'deadtime 5' 'warntime 3' 'initdead 10'
rig serial node1 node2 --baud 115200
start node1 node2
wait_for up_and_settled web node1

# seen LINK STATE: on both nodes
seen() { link_is node1 node2 "$1" "$2" && link_is node2 node1 "$1" "$2"; }
for link in eth0 eth1 "$tty"; do check "$link is up" wait_for seen "$link" up; done

rig cut-pair node1 node2 --oneway --link eth0 >/dev/null
check 'one way of eth0 is cut: who hears nothing shows it' wait_for link_is node2 node1 eth0 DEAD
check 'who hears does not' link_is node1 node2 eth0 up
rig heal >/dev/null
check 'it comes back' wait_for seen eth0 up

rig cut node1 eth1 >/dev/null
check 'a pulled cable is shown' wait_for seen eth1 DEAD
rig line ttyHB0 cut node2 >/dev/null
check 'one way of the serial line is cut: shown' wait_for link_is node1 node2 "$tty" DEAD
check 'the other way is not' link_is node2 node1 "$tty" up
rig heal >/dev/null
rig line ttyHB0 heal >/dev/null
check 'the network comes back' wait_for seen eth1 up
check 'and the line' wait_for seen "$tty" up

rig line ttyHB0 stall node1 >/dev/null
trouble() { on "$1" hb_status | grep -E "serial +$tty" | grep -qE 'not sent [0-9]+.*cannot send'; }
check 'a line that takes nothing is shown with its trouble' wait_for trouble node1
check 'and is dead to the other' wait_for link_is node2 node1 "$tty" DEAD
rig line ttyHB0 heal >/dev/null
check 'it goes on' wait_for seen "$tty" up

rig line ttyHB0 unplug >/dev/null
check 'a terminal that is gone is dead' wait_for seen "$tty" DEAD
check 'and opened anew' wait_for logged node1 "serial $tty.*opening it anew"
rig serial node1 node2 --baud 115200
check 'when it is back it is used again' wait_for seen "$tty" up

rig cut node2 eth0 --silent >/dev/null
rig cut node2 eth1 --silent >/dev/null
check 'both networks are cut' wait_for seen eth1 DEAD
check 'the line alone holds the cluster' link_is node1 node2 "$tty" up
check 'a planned move goes by it' on node1 /usr/share/heartbeat/hb_standby all
check 'the group runs on the other node' wait_for up_and_settled web node2
rig heal >/dev/null
for link in eth0 eth1; do check "$link comes back" wait_for seen "$link" up; done

rig loss node1 eth0 30 >/dev/null
rig line ttyHB0 noise 20 >/dev/null
spoilt() { on node1 hb_status | grep -E "serial +$tty" | grep -q '; [1-9]'; }
check 'noise on the line is counted' wait_for spoilt
rig line ttyHB0 heal >/dev/null
rig heal >/dev/null
check 'the line is up after it' wait_for seen "$tty" up

for n in node1 node2; do refuse "$n called nobody dead" logged "$n" 'node node[12]: is dead'; done
is "$(calls node1 web)" 'start-begin start-done stop-begin stop-done ' 'the service was started once there and moved once' || true
is "$(calls node2 web)" 'start-begin start-done ' 'and once here' || true
tap_end
