#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The load balancer of the tutorials on real IPVS: two directors with heartbeat, two real servers by direct routing, a client.
# A real server that dies leaves and returns; a director that loses power is followed by the other one, which has checked the
# servers all the time, and established connections survive that.
. "$(dirname "$0")/lib.sh"
[ -n "${HB_NIGHTLY:-}" ] || skip_all 'takes a minute: with --nightly'
. "$(dirname "$0")/lvs.sh"

configure 'initdead 10'
directors standby=yes
for node in "${NODES[@]}"; do
    on "$node" /usr/sbin/ldirectord ldirectord.cf standby
    ok $? "$node stands by"
done
on node1 /etc/init.d/heartbeat start >/dev/null 2>&1 &
on node2 /etc/init.d/heartbeat start >/dev/null 2>&1
wait $!
check 'both servers answer at the service address' wait_for answers 'rs1 rs2'

die rs1
check 'one that dies leaves' wait_for answers rs2
serve rs1
check 'and returns' wait_for answers 'rs1 rs2'
is "$(on node1 /usr/sbin/ldirectord ldirectord.cf status 2>/dev/null | cut -d' ' -f1-5)" 'ldirectord for /etc/ha.d/ldirectord.cf is running' \
    'the director in service runs it' || true
check 'the other one knows the servers, too' wait_for of_node node2 'standing by: real server 10.78.1.112:80 (10.78.1.200:80) is up'
hold
check 'a connection lasts' wait_for beats 10
check 'the other director is told of it' wait_for on node2 grep -q ' 0051 ' /proc/net/ip_vs_conn
die rs2
check 'one that is dead' wait_for answers rs1
check 'is so for both' wait_for of_node node2 'standing by: real server 10.78.1.112:80 (10.78.1.200:80) is down'
rig crash node1
BEAT=$(cat "$WORK/beat")
check 'a director that loses power is followed by the other one' wait_for answers rs1
refuse 'where a server that is dead never entered' of_node node2 'Added real server: 10.78.1.112:80'
check 'the connection goes on' wait_for beats "$((BEAT + 10))"
refuse 'and was never cut' test -e "$WORK/beat.cut"
serve rs2
check 'who is back is taken' wait_for answers 'rs1 rs2'
die rs2
check 'and leaves again' wait_for answers rs1
on node2 /etc/init.d/heartbeat stop >/dev/null 2>&1
is "$(on node2 sed -n '4,$p' /proc/net/ip_vs | xargs)" 'FWM FFFFFFFF rr' 'an orderly stop leaves no service that anybody could reach' || true
tap_end
