#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ResourceManager without heartbeat runs the scripts itself, one operation at a time; heartbeat does not start meanwhile,
# and finds what was started by hand.
. "$(dirname "$0")/lib.sh"
RM=/usr/share/heartbeat/ResourceManager
RESOURCES="node1 svc::web svc::more # a comment
node1 svc::db \\
 svc::last"
rig_up 1
configure

on node1 $RM takegroup svc::web 2>/dev/null
is "$?" 0 'takegroup by hand succeeds' || true
check 'left to right' has_svc node1 more
on node1 $RM status svc::web
is $? 0 'status says so' || true
on node1 $RM takegroup svc::last 2>/dev/null
check 'any resource stands for its group' has_svc node1 db
check 'over a continued line' has_svc node1 last
is "$(on node1 $RM statgroup svc::web 2>/dev/null)" ALL 'statgroup: all of it runs' || true
on node1 $RM givegroup svc::db 2>/dev/null
refuse 'givegroup stops it' has_svc node1 db
is "$(on node1 $RM verifyallidle 2>/dev/null; echo $?)" 1 'verifyallidle counts one' || true

on node1 env HA_LOGFILE=/etc HA_DEBUGLOG=/etc $RM givegroup svc::web 2>/dev/null
refuse 'a log that cannot be written keeps nothing up' has_svc node1 web
is "$(on node1 env PATH= $RM allkeys | tr '\n' ' ')" 'svc::web svc::db ' 'nor does a PATH that leads nowhere hide anything' || true
on node1 $RM takegroup svc::web 2>/dev/null

start node1
check 'heartbeat finds what was started by hand' wait_for up_and_settled web node1
check 'and starts the rest' wait_for up_and_settled db node1
stop node1
refuse 'and stops all of it' has_svc node1 web

# one operation at a time: the second waits for the first, and heartbeat does not start meanwhile
behave node1 web start 15
n_calls=$(calls node1 web | wc -w)
on node1 $RM takegroup svc::web >/dev/null 2>&1 &
first=$!
begun() { [ "$(calls node1 web | wc -w)" -gt "$1" ]; }
wait_for begun "$n_calls"
on node1 $RM givegroup svc::web >/dev/null 2>&1 &
second=$!
on node1 /etc/init.d/heartbeat start >"$WORK/out" 2>&1
refuse 'heartbeat does not start beside it' test $? = 0
like "$(cat "$WORK/out")" 'ResourceManager is at work' 'and says why' || true
wait $first $second
is "$(calls node1 web | tr ' ' '\n' | tail -n 4 | tr '\n' ' ')" 'start-begin start-done stop-begin stop-done ' \
    'a second operation waits for the first' || true
behave node1 web start ''

behave node1 more start fail
on node1 $RM takegroup svc::web 2>"$WORK/err"
is $? 0 'a failed start: exit code as in 3.0.6' || true
refuse 'the group is given up' has_svc node1 web
like "$(cat "$WORK/err")" 'Giving up resources due to failure of svc::more' 'and it says so' || true

# a service that stays in the background keeps no lock
put node1 /etc/ha.d/resource.d/daemon 755 <<'SVC'
#!/bin/sh
case $1 in
start) sleep 1000 & ;;
stop) pkill -x sleep ;;
status) pgrep -x sleep >/dev/null && echo running ;;
esac
exit 0
SVC
behave node1 more start ''
echo 'node1 daemon' | put node1 /etc/ha.d/haresources
on node1 $RM takegroup daemon >/dev/null 2>&1
check 'heartbeat starts after it' start node1
wait_for settled node1
stop node1

# tools for messages
on node1 /usr/share/heartbeat/hb_addnode node2 2>/dev/null
is $? 1 'hb_addnode without heartbeat fails' || true
is "$(on node1 /usr/share/heartbeat/hb_setweight node2)" 'usage: hb_setweight <node> <weight>' 'usage of hb_setweight' || true

# ha_propagate, with an scp that takes notes
put node1 /etc/scp-of-test/scp 755 <<'SCP'
#!/bin/sh
echo "$*" >>/var/log/scp
SCP
on node1 sh -c 'sed -i "/^node/d" /etc/ha.d/ha.cf; printf "node node1 node2\nnode Node3 # third\n" >>/etc/ha.d/ha.cf'
check 'ha_propagate runs' on node1 sh -c 'PATH=/etc/scp-of-test:$PATH /usr/share/heartbeat/ha_propagate >/dev/null'
is "$(cat "$(file_of node1 /var/log/scp)")" '-p /etc/ha.d/ha.cf /etc/ha.d/authkeys root@node2:/etc/ha.d/
-p /etc/ha.d/ha.cf /etc/ha.d/authkeys root@node3:/etc/ha.d/' 'and copies to all others' || true
on node1 sh -c 'echo nonsense >>/etc/ha.d/ha.cf'
refuse 'a configuration with errors is refused' \
    on node1 sh -c 'PATH=/etc/scp-of-test:$PATH /usr/share/heartbeat/ha_propagate >/dev/null 2>&1'
is "$(wc -l <"$(file_of node1 /var/log/scp)")" 2 'and not copied' || true
tap_end
