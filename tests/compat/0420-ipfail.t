#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two nodes of 3.0.6 with our ipfail on one and Debian's on the other; deadping is longer than deadtime,
# with which that of 3.0.6 misses its own losses.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
LIMIT=$((LIMIT * 3 / 2))
RESOURCES="node1 svc::web
node2 svc::db"
FAILBACK='auto_failback on'
rig_up 2 --install "$PEER"
PRODUCT=([node1]=old [node2]=old)
chmod 755 "$WORK"
cp -L "$HB_ROOT/usr/libexec/heartbeat/ipfail" "$HB_ROOT/usr/lib/libhbclient.so.1" "$WORK/"
LINES=('deadtime 3' 'deadping 5' 'ping 10.77.0.254')
configure "${LINES[@]}"
cf "${LINES[@]}" "respawn hacluster /usr/bin/env LD_LIBRARY_PATH=$WORK $WORK/ipfail" | put node1 /etc/ha.d/ha.cf
cf "${LINES[@]}" 'respawn hacluster /usr/libexec/heartbeat/ipfail' | put node2 /etc/ha.d/ha.cf

once() { runs_on web "$1" && runs_on db "$2" && settled; }
sees_ping() { [ "$(on "$1" cl_status nodestatus 10.77.0.254 2>/dev/null)" = "$2" ]; }
client_on() { [ "$(on node1 cl_status clientstatus "$1" ipfail 2000 2>/dev/null)" = online ]; }
start node1 node2
check 'each group runs at home' wait_for once node1 node2
check "ours has signed on" wait_for client_on node1
check "Debian's has signed on" wait_for client_on node2
check 'the ping node answers' wait_for sees_ping node1 ping

rig cut-pair node1 router >/dev/null
check 'node1 does not reach the ping node: all goes to node2' wait_for once node2 node2
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
