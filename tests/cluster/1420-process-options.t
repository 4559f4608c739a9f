#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# realtime, rtprio, coredumps, coreroot, debug, debugfile, syslogmsgfmt, logfacility none: seen from outside.
. "$(dirname "$0")/lib.sh"
rig_up 2
RESOURCES='node1 svc::web'
configure 'logfacility none'
cf 'coredumps off' 'realtime off' 'syslogmsgfmt off' 'debug 1' 'debugfile /var/log/ha-debug' 'logfacility local4' |
    put node2 /etc/ha.d/ha.cf
cf 'coreroot /var/lib/heartbeat/elsewhere' 'rtprio 7' 'logfacility none' | put node1 /etc/ha.d/ha.cf
on node1 mkdir -p /var/lib/heartbeat/elsewhere/root
start node1 node2
check 'both are up' wait_for up_and_settled web node1

# of NODE: the number of its main process; of_node NODE: of hb-node
root_of() { on "$1" sh -c 'echo $(cat /run/heartbeat.pid)'; }
core_limit() { on "$1" awk '/^Max core file size/ { print $5 }' "/proc/$(root_of "$1")/limits"; }
hard_limit() { on "$1" awk '/^Max core file size/ { print $6 }' "/proc/$(root_of "$1")/limits"; }
cwd() { on "$1" readlink "/proc/$(root_of "$1")/cwd"; }
policy() { on "$1" awk '{ print $40 " " $41 }' "/proc/$2/stat"; }        # rt priority and policy, 2 is SCHED_RR
node_pid() { on "$1" pgrep -x hb-node; }

is "$(core_limit node1)" "$(hard_limit node1)" 'core files as large as may be' || true
is "$(core_limit node2)" 0 'coredumps off: none' || true
is "$(cwd node1)" /var/lib/heartbeat/elsewhere/root 'coreroot is where they go' || true
is "$(cwd node2)" /var/lib/heartbeat/cores/root 'or the usual place' || true
if on node1 sh -c 'chrt -r 1 true' 2>/dev/null; then
    like "$(policy node1 "$(root_of node1)")" '^7 ' 'rtprio holds for the main process' || true
    like "$(policy node1 "$(node_pid node1)")" '^7 ' 'and for hb-node' || true
fi
is "$(policy node2 "$(root_of node2)")" '0 0' 'realtime off: ordinary scheduling' || true
is "$(policy node2 "$(node_pid node2)")" '0 0' 'for hb-node, too' || true
is "$(policy node1 "$(on node1 pgrep -x hb-log)")" '0 0' 'hb-log is ordinary in any case' || true
check 'a line like those of syslog' logged node1 '^[A-Z][a-z][a-z] [ 0-9][0-9] [0-9:]{8} node1 heartbeat: \[[0-9]+\]: info: '
check 'a line of the old form' logged node2 '^heartbeat\[[0-9]+\]: [0-9/]{10}_[0-9:]{8} info: '
debugged() { grep -q 'debug: sends status' "$(file_of "$1" /var/log/ha-debug)"; }
check 'a debug line is in the debug file' wait_for debugged node2
refuse 'and none in the log file' logged node2 'debug: '
syslogged() { grep -q "heartbeat: \[.*$2" "$(file_of "$1" /var/log/syslog)" 2>/dev/null; }
check 'local4 gets lines' wait_for syslogged node2 'Local status now set'
on node1 logger -t heartbeat '[0]: of the test'
check 'what others say is there on the other node' wait_for syslogged node1 'of the test'
refuse 'none gets none' syslogged node1 'Local status now set'
tap_end
