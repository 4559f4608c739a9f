#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The load balancer moves from one director to the other by order, where nobody stands by: established connections go on, since the
# kernel looks at their packets also while the address is there and the services are not, and is told of those of the other one.
. "$(dirname "$0")/lib.sh"
[ -n "${HB_NIGHTLY:-}" ] || skip_all 'takes a minute: with --nightly'
. "$(dirname "$0")/lvs.sh"

serves() { on "$1" /usr/sbin/ldirectord ldirectord.cf status 2>/dev/null | grep -q running; }
# move FROM TO
move() {
    on "$1" /usr/share/heartbeat/hb_standby >/dev/null 2>&1
    check "$2 takes over from $1" wait_for serves "$2"
}
# what is in a table, without servers
services() { on "$1" sed -n '4,$p' /proc/net/ip_vs | grep -v -- '->' | awk '{ print $2 }' | xargs; }

configure 'initdead 10'
directors
on node1 /etc/init.d/heartbeat start >/dev/null 2>&1 &
on node2 /etc/init.d/heartbeat start >/dev/null 2>&1
wait $!
check 'both servers answer at the service address' wait_for answers 'rs1 rs2'
move node1 node2                # and back: who has never been in service is told of nothing yet
move node2 node1
check 'both servers answer' wait_for answers 'rs1 rs2'
hold
check 'a connection lasts' wait_for beats 10
check 'the other director is told of it' wait_for on node2 grep -q ' 0051 ' /proc/net/ip_vs_conn
move node1 node2
BEAT=$(cat "$WORK/beat")
check 'the connection goes on' wait_for beats "$((BEAT + 10))"
refuse 'and was never cut' test -e "$WORK/beat.cut"
is "$(services node1)" FFFFFFFF 'the first director has no service that anybody could reach' || true
is "$(services node2)" '0A4E01C8:0050 0A4E01C8:0051' 'and the second one those of the file alone' || true
tap_end
