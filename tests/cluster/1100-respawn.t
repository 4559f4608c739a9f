#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# respawn: who runs what, as whom, how often; the order of starts and stops.
. "$(dirname "$0")/lib.sh"
LIMIT=60
rig_up 1
client() { cat <<'CLIENT'
#!/bin/sh
# client NAME [EXIT]: notes its start and its end
name=$1
say() { echo "$1 $name" >>/run/clients; }
trap 'say stop; exit 0' TERM
say start
[ -z "$2" ] || exit "$2"
env >"/run/env.$name"
{ id -u; id -g; id -G; cat /proc/self/status; ls -l /proc/self/fd; } >"/run/id.$name"
while :; do sleep 1000 & wait; done
CLIENT
}
client | put all /root/client 755
on node1 sh -c 'cp /root/client /run/client; : >/run/clients; chmod 666 /run/clients; chmod 1777 /run'
RESOURCES='node1 svc::web'
configure 'env colour=blue' 'keepalive 200ms' 'respawn root /run/client first' \
    'respawn hacluster /run/client second' 'respawn root /run/client never 100' 'respawn root /run/client quick 3' \
    'respawn root /run/client third'
did() { tr '\n' ' ' <"$(file_of node1 /run/clients)"; }
counts() { grep -c "^$1 $2\$" "$(file_of node1 /run/clients)"; }
has() { [ "$(counts "$1" "$2")" = "$3" ]; }                 # start|stop NAME TIMES
field() { on node1 sed -n "s/^$2[[:space:]]*//p" "/run/id.$1"; }
pid_of() { on node1 pgrep -f "client $1\$"; }

start node1
wait_for settled
check 'they are started' wait_for has start third 1
wait_for on node1 grep -q '^total' /run/id.second     # ls comes last
wait_for logged node1 'Starting child client "/run/client third'
begun() { sed -n 's/.*Starting child client "\/run\/client \([a-z]*\).*/\1/p' "$(file_of node1 /var/log/ha-log)"; }
is "$(begun | awk '!seen[$0]++' | tr '\n' ' ')" \
    'first second never quick third ' 'in the order of ha.cf' || true
check 'one that ends with 100 is not started again' wait_for logged node1 'never 100 exited with return code 100'
is "$(on node1 sh -c 'sed -n 1p /run/id.second; id -u hacluster' | uniq | wc -l)" 1 'as its user' || true
is "$(on node1 sh -c 'sed -n 2p /run/id.second; id -g hacluster' | uniq | wc -l)" 1 'with its group' || true
env=$(on node1 cat /run/env.second)
for v in HA_colour=blue HA_keepalive=200ms HA_CURHOST=node1 HA_deadtime=3 HA_DIR=/etc/ha.d; do
    like "$env" "^$v" "its environment has $v" || true
done
refuse 'it holds no descriptor of the daemon' \
    on node1 sh -c 'grep -v /dev/null /run/id.second | grep -E "socket|pipe|memory|status"'

check 'one that ends at once is started eleven times' wait_for has start quick 11
check 'and then given up' wait_for logged node1 '/run/client quick 3 "respawning too fast"'
pid=$(pid_of third)
on node1 kill -9 "$pid"
check 'one that is killed is started again' wait_for has start third 2
check 'which the log tells' wait_for logged node1 "Client /run/client third \\(pid=[0-9]+\\) killed by signal 9"
is "$(counts start never)" 1 'that with 100 was not' || true

on node1 sh -c 'kill -9 $(pidof hb-node)'
check 'hb-node is replaced' wait_for settled
is "$(counts start first)" 1 'and they live on' || true
check 'they run until the stop' on node1 pgrep -f /run/client
stop node1
is "$(did | grep -o 'stop .*')" 'stop third stop second stop first ' 'they are stopped in reverse order' || true
last=$(grep -n 'stop' "$(file_of node1 /var/log/svc)" | tail -1)
like "$last" 'stop-done' 'the resources are down' || true
none_left() { ! on node1 pgrep -f /run/client; }
check 'nothing of ours is left' wait_for none_left
tap_end
