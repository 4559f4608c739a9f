#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's cl_status asks our daemon: every subcommand gives the output and the exit code that it
# gave beside heartbeat 3.0.6 (tests/api/cl_status.txt).
. "$(dirname "$0")/../cluster/lib.sh"
. "$(dirname "$0")/clients.sh"
clients_up 2
RESOURCES='node1 svc::web'
FAILBACK='auto_failback on'
configure 'keepalive 200ms' 'deadtime 1' 'warntime 500ms' 'initdead 5' 'deadping 1' 'ping 10.77.0.254' \
    'debugfile /var/log/ha-debug' 'logfacility none' 'coredumps false' 'use_logd off' 'pacemaker off' \
    "$(respawn_old hacluster ipfail)"
LIMIT=60
is "$(old node1 cl_status hbstatus)" 'Heartbeat is stopped on this machine.' 'before a start: stopped' || true

# transcript < COMMANDS: each on node1, in the form of the recording
cat >"$WORK/ask" <<'ASK'
export LD_LIBRARY_PATH=/usr/lib/clients306 PATH=/usr/lib/clients306:$PATH
while read -r dollar line; do
    echo "$dollar $line"
    eval "$line" >/run/out 2>/run/err
    rc=$?
    cat /run/out
    sed 's/^/[stderr] /' /run/err
    echo "[exit $rc]"
done
ASK
"$NETRIG" put "$RIG" node1 "$WORK/ask" /root/ask 755
start node1 node2
check 'both are up' wait_for settled
check 'ipfail signs on at both' wait_for client_is_on node1 node2 ipfail
check 'and is seen here' wait_for client_is_on node1 node1 ipfail
check 'the ping node answers' wait_for on node1 sh -c \
    'LD_LIBRARY_PATH=/usr/lib/clients306 /usr/lib/clients306/cl_status nodestatus 10.77.0.254'

# What is not a matter of the daemon: time, process, version. The recorded deadping was in force by default.
mask() {
    sed -E -e 's/^(\[stderr\] ).*(cl_status: )\[[0-9]+\]/\1\2/' \
        -e 's/([0-9]+\.[0-9]+\.[0-9]+(-[a-z]+)?) \(node: [^)]*\)/VERSION/' -e 's/^4\.[0-9.]+(-[a-z]+)?$/VERSION/' \
        -e '/^\$ cl_status bogus/,/^\[exit/d'
}
sed -e 's/api-a/node1/g; s/api-b/node2/g' "$HB_TOP/tests/api/cl_status.txt" | sed '/^#/d' |
    awk '/^\$ / && !/^\$ cl_status/ { exit } { print }' | mask >"$WORK/wanted"
grep '^\$ ' "$WORK/wanted" >"$WORK/commands"
"$NETRIG" put "$RIG" node1 "$WORK/commands" /root/commands
check 'ipfail has found nothing to do' wait_for settled
on node1 sh -c 'sh /root/ask </root/commands' | mask >"$WORK/got"
diff -u "$WORK/wanted" "$WORK/got" >"$WORK/diff"
ok $? "$(wc -l <"$WORK/commands") commands answer as beside 3.0.6" || sed 's/^/# /' "$WORK/diff"
stop node1
is "$(old node1 cl_status hbstatus)" 'Heartbeat is stopped on this machine.' 'after a stop: stopped' || true
tap_end
