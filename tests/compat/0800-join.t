#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A node of ours and one of heartbeat 3.0.6, without resources (-M: 3.0.6 has autojoin only so); then one of each joins
# that neither has in its ha.cf.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
rig_up 4 --install "node2=$PEER" --install "node3=$PEER"
RESOURCES='# none'
configure 'autojoin any' 'deadtime 5' 'warntime 3' 'initdead 15'
on node1 sh -c 'sed -i "s/^node .*/node node1 node2/" /etc/ha.d/ha.cf'
for n in node2 node3 node4; do on node1 cat /etc/ha.d/ha.cf | put $n /etc/ha.d/ha.cf; done

begin() { on "$1" /usr/libexec/heartbeat/heartbeat -M >"$WORK/start.$1" 2>&1; }
# sees NODE OTHER: OTHER is active, as NODE says
sees() {
    case $1 in
    node2 | node3) [ "$(on "$1" cl_status nodestatus "$2" 2>/dev/null)" = active ] ;;
    *) on "$1" hb_status --json 2>/dev/null | tr -d ' \n' |
        grep -q "\"name\":\"$2\",\"self\":[a-z]*,\"state\":\"alive\",\"kind\":\"[^\"]*\",\"status\":\"active\"" ;;
    esac
}
uuid_of() { on "$1" od -An -tx1 /var/lib/heartbeat/hb_uuid | tr -d ' \n'; }
cached() { sed -n "s/^$2	\\([0-9a-f-]*\\).*/\\1/p" "$(file_of "$1" /var/lib/heartbeat/hostcache)" 2>/dev/null | tr -d -; }
remembers() { [ -n "$(cached "$1" "$2")" ] && [ "$(cached "$1" "$2")" = "$(uuid_of "$2")" ]; }

begin node1
begin node2
check 'ours sees the old one' wait_for sees node1 node2
check 'the old one sees ours' wait_for sees node2 node1
begin node3
check 'an old one joins: ours sees it' wait_for sees node1 node3
check 'it sees ours' wait_for sees node3 node1
begin node4
check 'one of ours joins: the old one sees it' wait_for sees node2 node4
check 'the old one that joined, too' wait_for sees node3 node4
check 'ours as well' wait_for sees node1 node4
check 'and it sees them all' wait_for sees node4 node2
for n in node1 node2; do
    for other in node3 node4; do
        check "$n remembers $other by its uuid" wait_for remembers $n $other
    done
done
is "$(cut -f 1,3- "$(file_of node1 /var/lib/heartbeat/hostcache)" | sort)" \
    "$(cut -f 1,3- "$(file_of node2 /var/lib/heartbeat/hostcache)" | sort)" 'both files have the same form' || true
tap_end
