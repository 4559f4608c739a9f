#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A service address that somebody removes under the running daemon comes back, on the same node; one that does not stay
# goes to the other node; a planned move in that moment leaves none behind.
. "$(dirname "$0")/lib.sh"
rig_up 2
V6=fd00:77::100
GONE="IPaddr::$VIP/24/eth0 of group IPaddr::$VIP/24/eth0 is gone from this machine"
RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web
node2 IPv6addr::[$V6]/64/eth1 svc::six"
export RESOURCES
has_six() { on "$1" ip -6 -o addr show dev eth1 2>/dev/null | grep -q " $V6/"; }
remove() { on "$1" ip addr del "$VIP/24" dev eth0; }
is_back() { has_address "$1" && logged "$1" "group IPaddr::$VIP/24/eth0 is back after" && settled; }
others_never() { ! logged "$1" 'acquiring group IPaddr'; }

configure
start node1 node2
wait_for up_and_settled web node1
wait_for up_and_settled six node2
check 'both addresses are there' test "$(address_holders)" = node1
check 'the other one, too' has_six node2

check 'the address is removed by hand' remove node1
check 'and is back' wait_for is_back node1
check 'the log says what happened' logged node1 "$GONE, and nobody has stopped it: starting it again \(try 1\)"
check 'nothing else of the group was touched' test "$(calls node1 web)" = 'start-begin start-done '
check 'it is removed while nobody looks' on node1 sh -c "pkill -KILL -x hb-node; ip addr del $VIP/24 dev eth0"
check 'the next hb-node puts it back' wait_for is_back node1
check 'and touches nothing else' test "$(calls node1 web)" = 'start-begin start-done '
check 'the other node has not taken it' others_never node2

# All IPv6 addresses of an interface that is switched off are flushed.
check 'an interface is switched off and on' on node2 sh -c 'ip link set eth1 down && ip link set eth1 up'
check 'its IPv6 address is back' wait_for has_six node2
check 'and the group was not moved' runs_on six node2

# Both interfaces are media; the one that stays is enough.
before=$(log_count node2 'start of IPv6addr.* failed; try')
more_failed() { [ "$(log_count node2 'start of IPv6addr.* failed; try')" -gt "$before" ]; }
check 'it is switched off' on node2 ip link set eth1 down
check 'which is noticed' wait_for more_failed
check 'hb_status says what is missing' wait_for sh -c "$(declare -f on); NETRIG=$NETRIG RIG=$RIG; on node2 hb_status |
    grep -qE 'runs here WITHOUT IPv6addr' || on node2 hb_status | grep -q FAILED"
check 'a group whose address cannot be had again goes to the other node' wait_for runs_on six node1
check 'with its address' wait_for has_six node1
on node2 ip link set eth1 up
check 'a node that failed for want of the interface is able again when that is up' wait_for logged node2 \
    "group IPv6addr.* may run here again: the interface of IPv6addr.* is up"
check 'who has the group keeps it' runs_on six node1
check 'it is sent back' eval "on node1 /usr/share/heartbeat/hb_standby IPv6addr::[$V6]/64/eth1 && wait_for up_and_settled six node2"
check 'with its address' wait_for has_six node2
wait_for settled

# A hand that does not stop is stronger.
has_moved() { logged node1 'the group goes to another node' || { has_address node1 && remove node1; false; } 2>/dev/null; }
check 'it is removed again and again' wait_for has_moved
check 'an address that does not stay goes to the other node' wait_for up_and_settled web node2
check 'the log says why' logged node1 'does not stay here \(5 starts within a minute\): the group goes to another node'
check 'it is on one node' test "$(address_holders)" = node2

# What has failed on a node comes there by an order; the first one may cross the news that it is allowed again.
taken_to() { up_and_settled web "$1" || { on "$1" /usr/share/heartbeat/hb_takeover all; false; }; }
check 'an order brings it back' eval 'PACE=1 wait_for taken_to node1'

# A planned move in the moment of a repair.
for _ in 1 2 3; do
    on node1 sh -c "ip addr del $VIP/24 dev eth0; /usr/share/heartbeat/hb_standby all" >>"$WORK/out" 2>&1
    check 'a group that is moved while its address is put back is moved' wait_for up_and_settled web node2
    check 'and leaves no address behind' test "$(address_holders)" = node2
    on node2 sh -c "/usr/share/heartbeat/hb_standby all; ip addr del $VIP/24 dev eth0" >>"$WORK/out" 2>&1
    check 'one whose address goes while it is moved, too' wait_for up_and_settled web node1
    check 'and leaves no address behind' test "$(address_holders)" = node1
done
check 'a stop is no removal' stop node1
check 'the group goes over' wait_for runs_on web node2
check 'no address is left where it was stopped' test "$(address_holders)" = node2
check 'never up twice' never_two web
tap_end
