#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The configuration is read again while all runs; a broken one changes nothing.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
pid=$(on node1 cat /run/heartbeat.pid)

RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web
node2 svc::extra"
configure
# both at once: a home that reads it seconds later than the others would be passed over in the end
on node1 /usr/libexec/heartbeat/heartbeat -r &
first=$!
check 'node2 reads it again' on node2 /usr/libexec/heartbeat/heartbeat -r
check 'node1 reads it again' wait "$first"
check 'the new group runs at its home' wait_for up_and_settled extra node2
check 'all is settled' wait_for settled

# asked twice at once: the files may have been changed since the first one has read them
put node1 /root/twice <<'TWICE'
kill -HUP "$1"
echo 'respawn root /bin/false' >>/etc/ha.d/ha.cf
kill -HUP "$1"
TWICE
on node1 sh /root/twice "$pid"
check 'a change of ha.cf is named' wait_for logged node1 'in force after a restart only: respawn$'
configure

echo 'nonsense 1' | put node1 /etc/ha.d/ha.cf
out=$(on node1 /usr/libexec/heartbeat/heartbeat -r 2>&1)
refuse 'a broken file is refused' test $? = 0
like "$out" 'ha\.cf:1: error' 'and says where' || true
on node1 kill -HUP "$pid"
check 'a signal with the broken file is refused in the log' wait_for logged node1 'ha\.cf:1'
check 'the node goes on' running node1
configure
on node1 kill -HUP "$(on node1 cat /run/heartbeat.pid)"
check 'the good file by signal' wait_for settled
is "$(calls node1 web)" 'start-begin start-done ' 'the running group was not touched' || true
refuse 'nobody was called dead' logged node2 'node node1: is dead'
for s in web extra; do check "$s was never up twice" never_two $s; done
tap_end
