#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The init script: verbs, exit codes, words, and what is left after a stop.
. "$(dirname "$0")/lib.sh"
rig_up 1
configure

init() { OUT=$(on node1 /etc/init.d/heartbeat "$@" 2>&1); RC=$?; }

init status
is $RC 3 'status of a node that never ran is 3' || true
init stop
is $RC 0 'stop of what does not run succeeds' || true

init start
is $RC 0 'start succeeds' || true
wait_for running node1
init status
is $RC 0 'status of a running node is 0' || true
like "$OUT" 'heartbeat OK \[pid [0-9]+ et al\] is running on node1 \[node1\]' 'status says so in the words of 3.0.6' || true
pid=$(on node1 cat /run/heartbeat.pid)
is "$(on node1 cat /run/heartbeat.pid | wc -L)" 10 'the pid file has the pid right-aligned in ten columns' || true
check 'the pid in the file is that of a process' on node1 kill -0 "$pid"
init start
is $RC 0 'start of what runs already succeeds' || true
is "$(on node1 cat /run/heartbeat.pid)" "$pid" 'and changes nothing' || true

# alone, it takes its group after initdead
check 'a lone node starts its group' wait_for runs_on web node1
check 'and has the address' wait_for has_address node1

# a start during a stop waits for it
behave node1 web stop hang
on node1 /etc/init.d/heartbeat stop >"$WORK/stop" 2>&1 &
stopper=$!
check 'a stop takes its time' wait_for on node1 test -s /run/svc.web.hangs
on node1 /etc/init.d/heartbeat start >"$WORK/start" 2>&1 &
starter=$!
check 'a start waits for it and says so' wait_for grep -q "heartbeat is stopping .pid *$((pid))" "$WORK/start"
behave node1 web stop ''
on node1 sh -c 'kill -9 -$(cat /run/svc.web.hangs) || kill -9 $(cat /run/svc.web.hangs)'
wait $stopper
is $? 0 'the stop succeeds' || true
wait $starter
is $? 0 'so does the start' || true
like "$(cat "$WORK/start")" 'Starting High-Availability services: Done' 'in the words of 3.0.6' || true
check 'heartbeat runs' running node1
refuse 'as another process' test "$(on node1 cat /run/heartbeat.pid)" = "$pid"
check 'and the group comes' wait_for runs_on web node1

init stop
is $RC 0 'stop succeeds' || true
like "$OUT" 'Stopping High-Availability services: Done' 'in the words of 3.0.6' || true
refuse 'after stop the service is down' has_svc node1 web
refuse 'after stop the address is gone' has_address node1
refuse 'after stop the pid file is gone' on node1 test -e /run/heartbeat.pid
refuse 'after stop no process is left' our_processes node1
init status
is $RC 3 'status after a clean stop is 3' || true
like "$OUT" 'heartbeat is stopped. No process' 'and says so in the words of 3.0.6' || true

on node1 sh -c 'printf "%10d\n" 999999 >/run/heartbeat.pid'
init status
is $RC 1 'status with the pid file of a dead process is 1' || true
init start
is $RC 0 'a stale pid file does not hinder a start' || true
check 'and the node comes up' wait_for running node1
init bogus
refuse 'an unknown verb is an error' test "$RC" = 0

# a daemon whose pid file is lost, or belongs to nobody, runs all the same
pid=$(on node1 cat /run/heartbeat.pid)
for text in '' nonsense 1; do
    on node1 rm -f /run/heartbeat.pid
    [ -z "$text" ] || echo "$text" | put node1 /run/heartbeat.pid
    init status
    is $RC 0 "status with '$text' for a pid file is 0" || true
    like "$OUT" "\\[pid $((pid)) et al\\]" 'and knows the process' || true
done
init start
is $RC 0 'start of what runs already succeeds without a pid file too' || true
init stop
is $RC 0 'stop succeeds without a pid file' || true
refuse 'and leaves no process' our_processes node1
refuse 'and no pid file of anybody' on node1 test -e /run/heartbeat.pid
starts=$(calls node1 web | grep -o start-done | wc -l)
is "$(calls node1 web | grep -o stop-done | wc -l)" "$starts" 'the service was stopped as often as started' || true
tap_end
