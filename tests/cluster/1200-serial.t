#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A cluster that has nothing but a null modem cable, slow and less slow: groups move, noise costs nothing, a crash is taken over.
. "$(dirname "$0")/lib.sh"
side_by_side BAUD 9600 19200
LIMIT=$((LIMIT * 3))
PACE=0.2
tty=/dev/ttyHB0
MEDIA="baud $BAUD
serial $tty"
rig_up 2
configure 'keepalive 2' 'warntime 8' 'deadtime 15' 'initdead 30'
rig serial node1 node2 --baud "$BAUD"
start node1 node2
check "both are there, at $BAUD bit/s" wait_for up_and_settled web node1
check 'the line is up' wait_for link_is node1 node2 "$tty" up
check 'on both sides' wait_for link_is node2 node1 "$tty" up

check 'a planned move goes by the line' on node1 /usr/share/heartbeat/hb_standby all
check 'the group runs on the other node' wait_for up_and_settled web node2

rig line ttyHB0 garbage 300 >/dev/null
heard() { on "$1" hb_status | sed -n "s#^ *serial *$tty .*received \([0-9]*\).*#\1#p"; }
n=$(heard node1)
more() { [ "$(heard node1)" -gt "$n" ]; }
check 'noise ends nothing: messages go on coming' wait_for more
refuse 'nobody was called dead' logged node1 'node node2: is dead'
refuse 'on either side' logged node2 'node node1: is dead'

rig crash node2 >/dev/null
check 'the holder crashes: the group is taken over' wait_for runs_on web node1
check 'the service was never up twice' never_two web
tap_end
