#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's api_test, ccm with ccm_testclient, and ipfail on two of our daemons.
. "$(dirname "$0")/../cluster/lib.sh"
. "$(dirname "$0")/clients.sh"
clients_up 2
LIMIT=60
RESOURCES='node1 svc::web
node2 svc::db'
FAILBACK='auto_failback on'
configure 'keepalive 200ms' 'deadtime 2' 'deadping 2' 'ping 10.77.0.254' 'apiauth dopd uid=hacluster gid=haclient' \
    "$(respawn_old hacluster ipfail)" "$(respawn_old hacluster ccm)" "$(respawn_old hacluster dopd)"
start node1 node2
wait_for up_and_settled web node1
for c in ipfail ccm dopd; do
    check "$c signs on at node1" wait_for client_is_on node2 node1 $c
    check "$c signs on at node2" wait_for client_is_on node1 node2 $c
done
is "$(on node1 stat -c '%U:%G %a' /run/heartbeat/ccm)" 'hacluster:haclient 750' 'the directory of ccm is its own' || true

# both at once: each answers the other, for as long as it is let; group haclient is who may
api_test() { on "$1" setpriv --regid haclient --clear-groups env LD_LIBRARY_PATH=$OLD_DIR timeout 25 $OLD_DIR/api_test; }
api_test node2 >"$WORK/api.node2" 2>&1 &
api_test node1 >"$WORK/api.node1" 2>&1
wait $!
for n in node1 node2; do
    other=node$((3 - ${n#node}))
    like "$(cat "$WORK/api.$n")" "node2.*active|node .*node2" "api_test on $n sees the nodes" || true
    check "and has ten answers from $other" test "$(grep -c "type .pingreply. from .$other" "$WORK/api.$n")" -ge 10
done

# members as ccm sees them
on node1 sh -c "LD_LIBRARY_PATH=$OLD_DIR timeout 50 $OLD_DIR/ccm_testclient >/run/members 2>&1 &"
check 'ccm makes both nodes members' wait_for on node1 sh -c 'grep -q "NEW MEMBERSHIP" /run/members && grep -q "node2" /run/members'

# node1 loses the ping node: ipfail hands over, and node1 gets its group back when it sees it again
lose_ping() {
    on node1 nft 'add table ip lost; add chain ip lost in { type filter hook input priority 0; }
        add rule ip lost in ip protocol icmp drop'
}
lose_ping
check 'node1 loses the ping node: the group moves' wait_for up_and_settled web node2
on node1 nft delete table ip lost
check 'it sees it again: the group comes back' wait_for up_and_settled web node1

# The same in the middle of a move, when ipfail may not ask: it waits until both nodes say that it is over, and then for ten
# seconds.
behave node1 db start 8
on node1 /usr/share/heartbeat/hb_takeover foreign
begun() { [[ $(calls node1 db) == *start-begin\  ]]; }
check 'node1 is in the middle of taking the other group' wait_for begun
lose_ping
check 'and loses the ping node: when that is over, all goes' wait_for up_and_settled web node2
check 'both groups' wait_for up_and_settled db node2
check 'never up twice' never_two web
check 'nor the other one' never_two db
tap_end
