#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# kill -9 or a stop of any one of our processes: the service goes on, nobody is called dead, and all
# processes are there again.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1

root_pid() { on node1 cat /run/heartbeat.pid | tr -d ' '; }
node_pid() { on node1 pgrep -x -o hb-node; }
guard_pid() { on node1 pgrep -x -o hb-guard; }
complete() { [ -n "$(root_pid)" ] && [ -n "$(node_pid)" ] && [ -n "$(guard_pid)" ] && running node1; }
check 'root, guard and hb-node run' wait_for complete

# hit TEXT WHICH SIGNAL
hit() {
    local old
    old=$("$2"_pid)
    on node1 kill "-$3" "$old"
    replaced() { local new; new=$("$1"_pid) && [ -n "$new" ] && [ "$new" != "$old" ] && complete; }
    check "$1: replaced" wait_for replaced "$2"
    check "$1: settled" wait_for settled
    check "$1: the service still runs here alone" runs_on web node1
    check "$1: the address is still here" has_address node1
    is "$(calls node1 web)$(calls node2 web)" 'start-begin start-done ' "$1: no script was called" || true
    refuse "$1: the other node did not call it dead" logged node2 'node node1: is dead'
}
hit 'kill -9 of hb-node' node KILL
hit 'kill -9 of root' root KILL
hit 'kill -9 of the guard' guard KILL
hit 'stop of hb-node' node STOP
hit 'stop of root' root STOP
hit 'kill -9 of root again' root KILL
hit 'segmentation fault of hb-node' node SEGV

check 'an orderly stop still works' stop node1
check 'and moves the group' wait_for runs_on web node2
refuse 'no process is left' our_processes node1
check 'never up twice' never_two web
tap_end
