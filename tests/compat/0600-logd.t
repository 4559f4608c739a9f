#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# use_logd with Debian's ha_logd, unmodified: it gets all lines, it may go away and come back.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no log daemon to be had'
LIMIT=$((LIMIT * 3 / 2))
rig_up 1
RESOURCES='node1 svc::web'
configure 'use_logd yes' 'conn_logd_time 500ms' 'logfacility local3' 2>/dev/null
put node1 /etc/ha.d/logd/ha_logd 755 <"$(find "$PEER" -name ha_logd -type f)"
for lib in libplumb.so.2 libplumbgpl.so.2 libpils.so.2; do
    put node1 "/etc/ha.d/logd/$lib" <"$(find "$PEER" -name "$lib*" -type f)"
done
printf '%s\n' 'logfile /var/log/logd-log' 'debugfile /var/log/logd-debug' 'logfacility none' | put node1 /etc/logd.cf
logd_up() {
    on node1 sh -c 'mkdir -p /var/lib/heartbeat/cores/root /run/heartbeat
        LD_LIBRARY_PATH=/etc/ha.d/logd exec /etc/ha.d/logd/ha_logd -d -c /etc/logd.cf' >"$WORK/logd" 2>&1
}
logd_down() { on node1 pkill -9 -x ha_logd; }
daemon_has() { grep -qE -- "$1" "$(file_of node1 /var/log/logd-log)" 2>/dev/null; }
debug() { on node1 sh -c "kill -$1 \$(cat /run/heartbeat.pid)"; }

logd_up
wait_for on node1 test -S /var/lib/heartbeat/log_daemon
start node1
check 'the node starts' wait_for up_and_settled web node1
check 'the log daemon writes the lines of the root process' wait_for daemon_has 'node1 heartbeat: \[[0-9]+\]: info: Configuration validated'
check 'and those of hb-node' wait_for daemon_has "heartbeat: \[[0-9]+\]: info: Local status now set to: 'active'"
check 'and what scripts say, under their names' wait_for daemon_has 'svc::web: \[[0-9]+\]: info: stopped'
refuse 'the log file gets none of it' logged node1 'Local status'

logd_down
debug USR1
check 'without the log daemon lines go to the log file' wait_for logged node1 'debug now set to 1'
check 'with a warning' logged node1 'the log daemon at .* does not answer'
refuse 'not in the log daemon' daemon_has 'debug now set to 1'
logd_up
back() { debug USR2; debug USR1; daemon_has 'debug now set to'; }
check 'when it is back, it gets them again' wait_for back
stop node1
check 'also the last one' wait_for daemon_has 'Heartbeat shutdown complete'
logd_down
tap_end
