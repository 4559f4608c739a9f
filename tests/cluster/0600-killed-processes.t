#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Any one of our processes is killed, or stands still: another takes its place, the service goes on,
# and the other node never takes this one for dead.
. "$(dirname "$0")/lib.sh"
rig_up 2
RESOURCES='node1 svc::web' configure
start node1 node2
wait_for up_and_settled web node1

# pid_of node|guard|root
pid_of() {
    case $1 in
    node) on node1 pgrep -x hb-node ;;
    guard) on node1 pgrep -x hb-guard ;;
    root) on node1 cat /run/heartbeat.pid | tr -d ' ' ;;
    esac
}

# another WHO PID: the process has been replaced
another() {
    local now
    now=$(pid_of "$1")
    [ -n "$now" ] && [ "$now" != "$2" ] && running node1
}

strike() {
    local signal=$1 who=$2 old
    old=$(pid_of "$who")
    on node1 kill "-$signal" "$old"
    check "$who is replaced after SIG$signal" wait_for another "$who" "$old"
    check "... and the cluster settles" wait_for settled
}

before=$(calls node1 web)
strike KILL node
strike KILL root
strike KILL guard
strike STOP node
strike STOP root
is "$(calls node1 web)" "$before" 'nobody touched the service'
check 'it runs where it ran' runs_on web node1
is "$(log_count node2 'node node1: is dead')" 0 'the other node took nobody for dead'
is "$(log_count node2 'Heartbeat restart on node node1')" 0 '... nor for restarted'

check 'stop still works' stop node1
check 'and hands the service over' wait_for runs_on web node2
check 'never up twice' never_two web
none_left() { ! our_processes node1; }
check 'no process of ours is left' wait_for none_left
tap_end
