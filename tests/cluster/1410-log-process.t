#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hb-log killed, frozen, told to take other files: no line is lost, no group is touched, a stop leaves nothing.
. "$(dirname "$0")/lib.sh"
rig_up 1
# shellcheck disable=SC2034  # read by lib.sh
RESOURCES='node1 svc::web'
configure 'debugfile /var/log/ha-debug'
start node1
wait_for up_and_settled web node1
root() { on node1 sh -c "kill -$1 \$(cat /run/heartbeat.pid)"; }
logger() { on node1 pgrep -x hb-log; }
other_logger() { local now; now=$(logger) && [ -n "$now" ] && [ "$now" != "$1" ]; }
said() { log_count node1 "debug now set to $1"; }

old=$(logger)
is "$(on node1 ps -o user= -p "$old" | tr -d ' ')" daemon 'hb-log runs as a user that can do nothing' || true
on node1 kill -9 "$old"
check 'a killed hb-log is replaced' wait_for other_logger "$old"
check 'which is said' wait_for logged node1 'hb-log has ended: signal 9'

old=$(logger)
on node1 kill -STOP "$old"
# one at a time: what waits already is not counted again
taken() { on node1 sh -c 'grep -Eq "^ShdPnd:[[:blank:]]*0*$" "/proc/$(($(cat /run/heartbeat.pid)))/status"'; }
for _ in 1 2 3 4 5; do root USR1; wait_for taken; done
check 'the daemon goes on while hb-log is frozen' wait_for settled node1
on node1 kill -9 "$old"
check 'what was said meanwhile is written by the next' wait_for logged node1 'debug now set to 5'
is "$(said '[1-5]')" 5 'each line once' || true
for _ in 1 2 3 4 5; do root USR2; wait_for taken; done
wait_for logged node1 'debug now set to 0'

old=$(logger)
on node1 mv /var/log/ha-log /var/log/ha-log.1
root HUP
check 'after a reload another one takes other files' wait_for other_logger "$old"
check 'the file is there anew' wait_for on node1 test -s /var/log/ha-log
refuse 'which is no trouble worth telling' logged node1 'hb-log has ended'
refuse 'the old file was not left in the middle of a line' on node1 sh -c 'tail -c 1 /var/log/ha-log.1 | grep -q .'

root USR1
on node1 kill -STOP "$(logger)"
on node1 sh -c '(while pgrep -x hb-node; do sleep 0.1; done; pkill -CONT -x hb-log) >/dev/null 2>&1 </dev/null &'
check 'a stop waits for a frozen hb-log that wakes up' stop node1
check 'and nothing is lost' logged node1 'Heartbeat shutdown complete'
check 'not even what was said first' logged node1 'giving up group'
refuse 'no process is left' our_processes node1

start node1
wait_for up_and_settled web node1
on node1 kill -STOP "$(logger)"
check 'a stop does not wait for ever' stop node1
refuse 'and leaves no process' our_processes node1
is "$(calls node1 web)" 'start-begin start-done stop-begin stop-done start-begin start-done stop-begin stop-done ' \
    'the group was touched by the stops alone' || true
tap_end
