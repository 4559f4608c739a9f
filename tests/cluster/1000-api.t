#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Clients of the daemon: namesakes on two nodes talk, are told of each other and of the nodes; one that throws
# rubbish, never reads or comes a thousand times harms neither them nor a keepalive; hb-node is replaced under them.
. "$(dirname "$0")/lib.sh"
CLIENT=$HB_BUILD/plain/tests/cluster/apiclient
[ -x "$CLIENT" ] || skip_all 'apiclient is not built'
rig_up 2
"$NETRIG" put "$RIG" all "$CLIENT" /root/apiclient 755
configure 'apiauth apitest uid=root' 'apiauth deaf uid=root' 'deadtime 10' 'warntime 6' 'initdead 20'

# talk NODE NAME ID: in the background; what it hears is in $WORK/NAME.out, what it is to say goes to descriptor of NAME
declare -A SAY
talk() {
    local fd
    mkfifo "$WORK/$2.in"
    "$NETRIG" exec "$RIG" "$1" /root/apiclient talk "$3" <"$WORK/$2.in" >"$WORK/$2.out" 2>&1 &
    exec {fd}>"$WORK/$2.in"
    SAY[$2]=$fd
}
tell() { echo "$2" >&"${SAY[$1]}"; }                        # NAME LINE
hears() { grep -qE -- "$2" "$WORK/$1.out"; }                # NAME REGEX
hb_node_pid() { on "$1" pidof hb-node; }

refuse 'before a start nobody can sign on' on node1 /root/apiclient talk -
start node1 node2
wait_for up_and_settled web node1
talk node1 a apitest
check 'a client signs on' wait_for hears a '^t=hbapi-resp.reqtype=signon.result=OK.*node=node1'
check 'it hears of its own coming before' awk -F'|' 'NR == 1 { exit $2 != "st=join" }' "$WORK/a.out"
talk node2 b apitest
check 'and of its namesake on the other node' wait_for hears a 'st=join.from_id=apitest.to_id=apitest.src=node2'
tell a '?nodelist'
check 'it is told who is in the cluster' wait_for hears a 'reqtype=nodelist.node=node2.nodetype=normal.st=active.result=OK'
for ((i = 1; i <= 200; i++)); do tell a "t=count|n=$i|dest=node2"; done
check 'two hundred messages arrive' wait_for hears b '^t=count.n=200.'
is "$(sed -n 's/^t=count|n=\([0-9]*\)|.*/\1/p' "$WORK/b.out" | tr '\n' ' ')" "$(seq 200 | tr '\n' ' ')" \
    'each once, in the order in which they were sent' || true
refuse 'and not to the sender' hears a '^t=count'
tell b 't=all|x=1'
check 'a message to all arrives' wait_for hears a '^t=all.x=1.from_id=apitest.to_id=apitest.*src=node2'
check 'at the sender, too' wait_for hears b '^t=all.x=1'
tell b '?clientstatus|node=node1|cn=apitest'
check 'the other node answers for its clients' wait_for hears b '^t=respond-cstatus.*cs=online.*src=node1'
tell a 't=shutdone|st=dead'
tell a '?nodestatus|node=node2'
check 'one that says what only daemons may say is served as before' wait_for hears a 'reqtype=nodestatus.st=active'
tell a 't=behind|dest=node2'
check 'what it says behind it arrives' wait_for hears b '^t=behind'
refuse 'what only daemons may say does not' hears b '^t=shutdone'

check 'rubbish is thrown' on node1 /root/apiclient rubbish
is "$(on node1 sh -c '/root/apiclient deaf deaf | sed "s/ .*//"')" closed 'one that never reads is thrown out' || true
check 'which the log tells' wait_for logged node1 'client deaf .*dropped: send failed,farside_pid='
mkfifo "$WORK/crowd.in"
"$NETRIG" exec "$RIG" node1 /root/apiclient crowd 1000 <"$WORK/crowd.in" >"$WORK/crowd.out" 2>&1 &
CROWD=$!
exec 9>"$WORK/crowd.in"
check 'a thousand come' wait_for grep -q 'signed on' "$WORK/crowd.out"
n=$(sed -n 's/ signed on.*//p' "$WORK/crowd.out")
[ "$n" -ge 200 ] && [ "$n" -lt 300 ]
ok $? "some of them are served ($n)" || true
check 'the others are refused, which the log tells' wait_for logged node1 'too many clients'
[ "$(log_count node1 'too many clients')" -le 2 ]
ok $? 'in a line or two' || true
tell a '?numnodes'
check 'the first client is served as before' wait_for hears a 'reqtype=numnodes.numnodes=2'
exec 9>&-
wait $CROWD
refuse 'no keepalive was late' logged node2 'node1: is late|node node1: is dead|Late heartbeat'
check 'the group stayed' up_and_settled web node1

old=$(hb_node_pid node1)
on node1 kill -9 "$old"
check 'hb-node is replaced: the client sees its connection closed' wait_for hears a '^closed'
check 'its namesake is not misled' up_and_settled web node1
talk node1 c apitest
check 'and signs on again' wait_for hears c 'reqtype=signon.result=OK'
check 'the namesake is told' wait_for sh -c "grep -c 'st=join.*src=node1' '$WORK/b.out' | grep -qx 1"

rig crash node2 >/dev/null
check 'a node that dies is dead to clients first, then its links' wait_for hears c '^t=ifstat.node=node2.ifname=eth1.st=dead'
# A link by which the last packet came a moment earlier may be the first.
like "$(sed -n 's/^t=\([a-z]*\)|.*st=dead.*/\1/p' "$WORK/c.out" | tr '\n' ' ')" '^(status ifstat ifstat|ifstat status ifstat) $' \
    'in this order' || true
stop node1
check 'at the end of the daemon the client is left alone' wait_for hears c '^closed'
for fd in "${SAY[@]}"; do exec {fd}>&-; done
tap_end
