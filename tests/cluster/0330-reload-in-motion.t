#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A changed ha.cf while other things happen: one reload on the heels of the other, a root process that is killed, a group
# that starts, a stop.
. "$(dirname "$0")/lib.sh"
rig_up 2
HB=/usr/libexec/heartbeat/heartbeat
RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web
node2 hold svc::extra"
export RESOURCES

# A start that lasts as long as /run/hold is there, and a client that asks for it when it is told to end.
put all /etc/ha.d/resource.d/hold 755 <<'HOLD'
#!/bin/sh
case $1 in
start) : >/run/held; while [ -e /run/hold ]; do sleep 0.1; done ;;
stop) rm -f /run/held ;;
status) if [ -e /run/held ]; then echo running; else echo stopped; exit 3; fi ;;
esac
HOLD
put all /root/client 755 <<'CLIENT'
#!/bin/sh
end() {
    [ -e /run/hold ] || exit 0
    /usr/share/heartbeat/hb_takeover foreign
    until [ -e /run/held ]; do sleep 0.1; done
    exit 0
}
trap end TERM
echo begun >>/var/log/client
while :; do sleep 0.1; done
CLIENT
is_set() { [ "$(on "$1" cl_status hbparameter -p "$2" 2>/dev/null)" = "$3" ]; }
edit() { on node1 sed -i "s/^deadtime .*/deadtime $1/" /etc/ha.d/ha.cf; }
n_begun() { on node1 cat /var/log/client 2>/dev/null | wc -l; }
root_of() { on node1 cat /run/heartbeat.pid | tr -d ' '; }

configure 'respawn root /root/client' 'initdead 20'
start node1 node2
wait_for up_and_settled web node1
wait_for up_and_settled extra node2

put node1 /root/edits <<'EDITS'
for seconds in 4 5 6 7 8 9; do
    sed -i "s/^deadtime .*/deadtime $seconds/" /etc/ha.d/ha.cf
    /usr/libexec/heartbeat/heartbeat -r || exit
done
EDITS
check 'one edit and reload after the other' on node1 sh /root/edits
check 'the last one is in force' wait_for is_set node1 deadtime 9
check 'all is settled' wait_for settled

for _ in 1 2 3; do
    edit 5
    check 'a reload' on node1 $HB -r
    on node1 kill -KILL "$(root_of)"
    check 'the root process is killed, and all goes on' wait_for settled
    check 'the reload is repeated' on node1 $HB -r
    check '... and in force' wait_for is_set node1 deadtime 5
    check 'back' wait_for settled
    edit 9
    check 'a reload' on node1 $HB -r
    check '... in force' wait_for is_set node1 deadtime 9
done
check 'all is settled' wait_for settled

# While the clients are told to end a group begins to start, for long. They may be needed for it.
wait_for eval '[ "$(n_begun)" -ge 1 ]'
before=$(n_begun)
on node1 touch /run/hold
edit 6
check 'a reload' on node1 $HB -r
begun_again() { [ "$(n_begun)" -gt "$before" ]; }
check 'the client is there again' wait_for begun_again
if logged node1 'Client /root/client .* does not end: killed'; then
    diag 'the machine was too slow for the start to begin while the client ended'
else
    check 'while the group starts' on node1 test -e /run/held
    refuse 'and the new file is not in force' is_set node1 deadtime 6
fi
on node1 rm /run/hold
check 'it is when the group is up' wait_for is_set node1 deadtime 6
check 'which is here now' wait_for up_and_settled extra node1

# bcast eth0 eth1 loses one
on node1 sed -i 's/^bcast .*/bcast eth0/' /etc/ha.d/ha.cf
check 'a medium less' on node1 $HB -r
has_one_link() { [ "$(on node1 cl_status listhblinks node2 2>/dev/null | tr -d ' \t\n')" = eth0 ]; }
check '... is in force' wait_for has_one_link
check 'all is settled' wait_for settled

is "$(calls node1 web)" 'start-begin start-done ' 'nobody has touched the service' || true
refuse 'nobody was called dead' logged node2 'node node1: is dead'
edit 7
check 'a reload' on node1 $HB -r
check 'and a stop on its heels' stop node1
check 'the services are handed over' wait_for runs_on web node2
check 'both' wait_for runs_on extra node2
left() { on node1 pgrep -x 'hb-.*|heartbeat'; }
refuse 'no process is left' left
for s in web extra; do check "$s was never up twice" never_two $s; done
tap_end
