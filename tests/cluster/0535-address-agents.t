#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# An address that an OCF agent has put here comes back as well when somebody removes it; a script of somebody's own, of the
# name of ours, that puts none here is left alone, whatever happens to interfaces or to hb-node.
. "$(dirname "$0")/lib.sh"
rig_up 2
A=10.77.0.101 B=10.77.0.102
RESOURCES="node1 IPaddr2::$VIP/24/eth0 svc::own
node1 ocf:heartbeat:IPaddr2::ip=$A::nic=eth0 svc::agent
node1 ocf:acme:IPaddr2::ip=$B::nic=eth0 svc::other"
export RESOURCES
configure
# An agent as resource-agents has it, and a script that only says that it runs
put all /etc/ha.d/agent 755 <<'SH'
#!/bin/sh
echo "$OCF_RESKEY_ip $1" >>/var/log/agent
has() { ip -4 -o addr show dev "$OCF_RESKEY_nic" | grep -q " $OCF_RESKEY_ip/"; }
case $1 in
meta-data) echo '<resource-agent name="IPaddr2"><parameters><parameter name="ip"/><parameter name="nic"/></parameters></resource-agent>' ;;
start) has || ip addr add "$OCF_RESKEY_ip/24" dev "$OCF_RESKEY_nic" ;;
stop) ! has || ip addr del "$OCF_RESKEY_ip/24" dev "$OCF_RESKEY_nic" ;;
monitor) has || exit 7 ;;
*) exit 3 ;;
esac
SH
for node in node1 node2; do
    on "$node" sh -c 'mkdir -p /run/over/up /run/over/work && mount -t overlay overlay \
        -o lowerdir=/usr/lib,upperdir=/run/over/up,workdir=/run/over/work /usr/lib &&
        cd /usr/lib && mkdir -p ocf/resource.d/acme ocf/resource.d/heartbeat &&
        for dir in acme heartbeat; do cp /etc/ha.d/agent ocf/resource.d/$dir/IPaddr2; done' ||
        skip_all 'no overlay file system here'
    on "$node" rm /etc/ha.d/resource.d/IPaddr2
done
put all /etc/ha.d/resource.d/IPaddr2 755 <<'SH'
#!/bin/sh
echo "$*" >>/var/log/own
case $2 in
start) : >/run/own ;;
stop) rm -f /run/own ;;
status) [ -e /run/own ] && echo running || echo stopped ;;
esac
SH
own_starts() { grep -c ' start$' "$(file_of node1 /var/log/own)"; }
other_starts() { grep -c "^$B start$" "$(file_of node1 /var/log/agent)"; }
is_back() { has_address node1 "$A" && logged node1 "group ocf:heartbeat:IPaddr2::ip=$A::nic=eth0 is back after" && settled; }
all_run() { runs_on own node1 && runs_on agent node1 && runs_on other node1 && settled; }

start node1 node2
check 'all groups run' wait_for all_run
check 'with the address of the agent' test "$(address_holders "$A")" = node1
check 'which is removed by hand' on node1 ip addr del "$A/24" dev eth0
check 'and is back' wait_for is_back
check 'the log says what happened' logged node1 "IPaddr2::ip=$A::nic=eth0 of group .* is gone from this machine, and nobody has stopped it"
check 'nothing else of the group was touched' test "$(calls node1 agent)" = 'start-begin start-done '

# An agent of the same name from elsewhere is somebody else's business.
on node1 ip addr del "$B/24" dev eth0
before=$(log_count node1 ' is back after')
on node1 ip addr del "$A/24" dev eth0
back_again() { [ "$(log_count node1 ' is back after')" -gt "$before" ] && settled; }
check 'that of the known agent comes back again' wait_for back_again
is "$(other_starts) $(address_holders "$B")" '1 ' 'that of an agent that is not known does not'

on node1 sh -c 'ip link set eth1 down && ip link set eth1 up && ip link set eth0 down && ip link set eth0 up'
on node1 sh -c "pkill -KILL -x hb-node"
before=$(log_count node1 ' is back after')
check 'after that all goes on' wait_for all_run
on node1 ip addr del "$A/24" dev eth0
check 'the new hb-node puts back what it has seen' wait_for back_again
is "$(own_starts)" 1 'a script that puts no address here was started once only'
is "$(calls node1 own)" 'start-begin start-done ' 'and what stands behind it as well'
tap_end
