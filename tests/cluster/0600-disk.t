#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A full disk, missing directories: neither stops the cluster, neither is silent.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure

on node1 rm -rf /run/heartbeat /var/lib/heartbeat
check 'start without run and state directories' start node1
start node2
check 'the group runs' wait_for up_and_settled web node1
check 'the directories are made' on node1 test -d /var/lib/heartbeat -a -d /run/heartbeat
stop node1
wait_for runs_on web node2

# the state directory of node1 is lost, with its generation, and gets full while it runs
on node1 mount -t tmpfs -o size=256k,mode=755 full /var/lib/heartbeat
start node1
wait_for settled
on node1 sh -c 'cat /dev/zero >/var/lib/heartbeat/ballast' 2>/dev/null
on node2 /usr/share/heartbeat/hb_standby all
check 'with a full disk it still takes over' wait_for up_and_settled web node1
stop node1
is $? 0 'and still stops' || true
wait_for runs_on web node2
on node1 /etc/init.d/heartbeat start >"$WORK/out" 2>&1
rc=$?
diag "start with a full disk: exit $rc: $(tail -n 1 "$WORK/out")"
if [ $rc = 0 ]; then
    check 'a start with a full disk comes up' wait_for settled
else
    [ -s "$WORK/out" ]
    ok $? 'a refused start says why'
fi
check 'the group still runs once' wait_for runs_on web node2
check 'never up twice' never_two web
tap_end
