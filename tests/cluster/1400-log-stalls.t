#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A log file that cannot be written keeps no node from the network, and what waits for it is not lost.
. "$(dirname "$0")/lib.sh"
rig_up 2
RESOURCES='node1 loud svc::web'
configure 'debugfile /run/stalls' 'deadtime 10' 'warntime 6' 'initdead 20'
# More than a FIFO holds, through root's output of scripts, before the service starts.
put all /etc/ha.d/resource.d/loud 755 <<'LOUD'
#!/bin/sh
case $1 in
start) awk 'BEGIN { while (n++ < 95) printf "%0990d\n", n }' ;;
status) [ -e /run/svc.web ] || exit 3 ;;
esac
LOUD
# Somebody has it open and does not read: the stalled disk.
on node1 mkfifo /run/stalls
"$NETRIG" exec "$RIG" node1 -- sh -c 'exec 3<>/run/stalls; echo $$ >/run/reader; exec sleep 1000' </dev/null >/dev/null 2>&1 &
wait_for on node1 test -s /run/reader
start node1 node2
check 'the group starts all the same' wait_for up_and_settled web node1
debug() { on node1 sh -c "kill -$1 \$(cat /run/heartbeat.pid)"; }
debug USR1
check 'it is moved while hb-log is stuck' on node1 /usr/share/heartbeat/hb_standby all
check 'and runs on the other node' wait_for up_and_settled web node2
refuse 'nobody was called dead' logged node2 'is dead'
refuse 'what was said behind the stall is not in the log' logged node1 'debug now set to 1'
"$NETRIG" exec "$RIG" node1 -- sh -c 'exec cat /run/stalls >/run/read' </dev/null >/dev/null 2>&1 &
check 'it is written as soon as somebody reads' wait_for logged node1 'debug now set to 1'
check 'a clean stop returns' stop node1
refuse 'and leaves no process' our_processes node1
for line in 'giving up group' 'Heartbeat shutdown complete'; do check "the log has '$line'" logged node1 "$line"; done
is "$(log_count node1 'loud\[[0-9]*\]:.*info: 0*[0-9]+$')" 95 'no line of the script is lost' || true
check 'nothing was dropped' test "$(log_count node1 'were lost|not logged')" = 0
tap_end
