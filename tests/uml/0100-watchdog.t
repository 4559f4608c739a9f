#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kernel's own watchdog: a node whose processes are all dead while it holds a group reboots, and the other node
# takes the group; a node that stopped in order goes on; a script that cannot be stopped is no way around it.
. "$(dirname "$0")/lib.sh"
RESOURCES='node1 svc::web'
TENDED=10                   # seconds: deadtime
uml_up 2 --mods softdog:nowayout=0
configure 'watchdog /dev/watchdog' 'deadtime 10' 'warntime 6'

out=$(on node1 /usr/libexec/heartbeat/heartbeat --check 2>&1)
is "$? $(grep -c watchdog <<<"$out")" '0 0' 'the check has nothing against the device' || true
on node1 /etc/init.d/heartbeat start >/dev/null 2>&1 &
on node2 /etc/init.d/heartbeat start >/dev/null 2>&1
wait $!
check 'the group is up on its home' wait_for is_up node1 web
check 'the watchdog has the deadtime' wait_for logged node1 "reboots this machine $TENDED s after"

# All at once: what is left of them would start the rest anew.
kill_all() {
    on "$1" sh -c 'all=$(for p in /proc/[0-9]*; do
            case $(cat $p/comm 2>/dev/null) in heartbeat|hb-node|hb-guard) echo "${p#/proc/}" ;; esac
        done)
        for p in $all; do kill -STOP "$p"; done; for p in $all; do kill -KILL "$p"; done'
}
kill_all node1
check 'all our processes die at once: the machine reboots' wait_for booted node1 2
check 'the other node takes the group' wait_for is_up node2 web
is "$(last_word node1 web)" start 'nobody could stop it where it was: only the reboot did' || true

# uptime NODE, in whole seconds
uptime_of() { on "$1" cut -d. -f1 /proc/uptime; }
on node2 /etc/init.d/heartbeat stop >/dev/null 2>&1
is "$(last_word node2 web)" stop 'an orderly stop stops the group' || true
STOPPED=$(uptime_of node2)
long_after() { [ "$(uptime_of node2)" -gt $((STOPPED + TENDED + 3)) ]; }
check 'and the machine goes on when the time of the watchdog is over' wait_for long_after
booted node2 1
ok $? 'without a reboot' || true

# A device that is not there is said, and the node runs without.
printf '%s\n' 'logfile /rig/ha-log' 'keepalive 200ms' 'deadtime 3' 'initdead 20' 'bcast eth0' 'auto_failback off' \
    'node node1 node2' 'watchdog /dev/none' | put node2 /etc/ha.d/ha.cf
like "$(on node2 /usr/libexec/heartbeat/heartbeat --check 2>&1)" 'error: watchdog /dev/none: there is no such device' \
    'the check refuses a device that is not there' || true
tap_end
