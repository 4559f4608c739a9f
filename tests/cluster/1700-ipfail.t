#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ipfail on two nodes of ours: who loses the ping node hands over, and gets back when it is there again.
. "$(dirname "$0")/lib.sh"
RESOURCES="node1 svc::web
node2 svc::db"
FAILBACK='auto_failback on'
rig_up 2
configure 'deadping 1' 'ping 10.77.0.254' 'apiauth ipfail uid=root'

once() { runs_on web "$1" && runs_on db "$2" && settled; }
sees_ping() { [ "$(on "$1" cl_status nodestatus 10.77.0.254 2>/dev/null)" = "$2" ]; }
client_on() { [ "$(on node1 cl_status clientstatus "$1" ipfail 2000 2>/dev/null)" = online ]; }
start node1 node2
check 'each group runs at home' wait_for once node1 node2
for n in node1 node2; do
    rig spawn $n -- env HA_logfile=/var/log/ha-log LD_LIBRARY_PATH=/usr/lib /usr/libexec/heartbeat/ipfail >/dev/null
    check "ipfail of $n has signed on" wait_for client_on $n
    check "$n reaches the ping node" wait_for sees_ping $n ping
done
rig cut-pair node2 router >/dev/null
check 'node2 does not reach it: all goes to node1' wait_for once node1 node1
rig heal >/dev/null
check 'it does again: all is at home' wait_for once node1 node2

rig cut-pair node1 router >/dev/null
rig cut-pair node2 router >/dev/null
check 'neither reaches it' wait_for sees_ping node1 dead
check 'neither does' wait_for sees_ping node2 dead
rig heal >/dev/null
check 'both do' wait_for sees_ping node1 ping
check 'all is at home' wait_for once node1 node2
for s in web db; do check "$s was never up twice" never_two $s; done
tap_end
