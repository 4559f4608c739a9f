#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The configuration is read again while all runs; a broken one changes nothing.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
pid=$(on node1 cat /run/heartbeat.pid)

# shellcheck disable=SC2034  # read by lib.sh
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
check 'a change of ha.cf is named' wait_for logged node1 'reload: changed in ha\.cf: respawn$'
root_is_another() { local now; now=$(on node1 cat /run/heartbeat.pid); [ -n "$now" ] && [ "$now" != "$pid" ]; }
check 'and put in force by the next root process' wait_for root_is_another
check 'which goes on where the other one was' wait_for settled
runs_false() { [ "$(log_count node1 'Starting child client "/bin/false"')" -ge 1 ]; }
check 'it starts the new client' wait_for runs_false

# times, log files, and clients, which are told to end
put all /root/client 755 <<'CLIENT'
#!/bin/sh
trap 'echo ended >>/var/log/client; exit 0' TERM
echo begun >>/var/log/client
while :; do sleep 0.1; done
CLIENT
is_set() { [ "$(on node1 cl_status hbparameter -p "$1" 2>/dev/null)" = "$2" ]; }
client_did() { [ "$(on node1 cat /var/log/client 2>/dev/null | tr '\n' ' ')" = "$1 " ]; }
configure 'respawn root /root/client'
check 'a client is added' on node1 /usr/libexec/heartbeat/heartbeat -r
check 'and runs' wait_for client_did begun
configure 'respawn root /root/client' 'keepalive 200ms' 'deadtime 4' 'deadping 7' 'logfile /var/log/ha-log2'
for n in node1 node2; do on "$n" /usr/libexec/heartbeat/heartbeat -r & done
wait
check 'the new deadtime is in force' wait_for is_set deadtime 4
logs_there() { on "$1" grep -q 'is ready after' /var/log/ha-log2; }
for n in node1 node2; do check "the log of $n is another" wait_for logs_there "$n"; done
check 'the client was told to end, and is begun anew' wait_for client_did 'begun ended begun'
check 'both are as they were' wait_for settled
check 'also the groups' wait_for up_and_settled extra node2
refuse 'nobody was called dead there' on node2 grep -q 'node node1: is dead' /var/log/ha-log2
configure
for n in node1 node2; do on "$n" /usr/libexec/heartbeat/heartbeat -r & done
wait
check 'and back' wait_for is_set deadtime 3
check 'all is settled again' wait_for settled
on node1 sh -c 'sed -i "s/^node .*/& node7/" /etc/ha.d/ha.cf'
check 'another node' on node1 /usr/libexec/heartbeat/heartbeat -r
check 'waits for a restart' wait_for logged node1 'in force after a restart only:.* node$'
configure

echo 'nonsense 1' | put node1 /etc/ha.d/ha.cf
out=$(on node1 /usr/libexec/heartbeat/heartbeat -r 2>&1)
refuse 'a broken file is refused' test $? = 0
like "$out" 'ha\.cf:1: error' 'and says where' || true
on node1 kill -HUP "$(on node1 cat /run/heartbeat.pid)"
check 'a signal with the broken file is refused in the log' wait_for logged node1 'ha\.cf:1: error'
check 'the node goes on' running node1
configure
n=$(log_count node1 'reload: haresources and authkeys are in force')
taken() { [ "$(log_count node1 'reload: haresources and authkeys are in force')" -gt "$n" ]; }
on node1 kill -HUP "$(on node1 cat /run/heartbeat.pid)"
check 'the good file by signal' wait_for taken
check 'and settled' wait_for settled
is "$(calls node1 web)" 'start-begin start-done ' 'the running group was not touched' || true
refuse 'nobody was called dead' logged node2 'node node1: is dead'
for s in web extra; do check "$s was never up twice" never_two $s; done
tap_end
