#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What Debian's packages heartbeat and cluster-glue have for tests and for use by hand, on a node of ours and on one of
# 3.0.6 with the same files: the same words and exit codes. TestHeartbeatComm cuts a node of ours off, and heals it. Each node
# has Debian's programs; on node2 and node3 ours are laid over them, so that they also use our libraries.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
TREE=$(mktemp -d) || exit 1
chmod 755 "$TREE"
cp -al "$PEER/." "$TREE/" 2>/dev/null || cp -a "$PEER/." "$TREE/"
cp -a --remove-destination "$HB_ROOT/." "$TREE/"
rig_up 3 --install "node1=$PEER" --install "node2=$TREE" --install "node3=$TREE"
tools_down() {
    (rig_down)
    local rc=$?
    rm -rf "$TREE"
    exit $rc
}
trap tools_down EXIT
# shellcheck disable=SC2034  # read by lib.sh
PRODUCT=([node1]=old)

# node1 alone; node2 with node3
RESOURCES='# none'
for n in node1 node2 node3; do
    case $n in node1) port=694 list='node1 nodex' ;; *) port=695 list='node2 node3' ;; esac
    printf '%s\n' "udpport $port" 'bcast eth0' 'ping 10.77.0.254' 'logfile /var/log/ha-log' 'keepalive 200ms' 'deadtime 3' \
        'warntime 2' 'initdead 5' 'auto_failback on' "node $list" 'respawn hacluster /usr/libexec/heartbeat/ccm' |
        put $n /etc/ha.d/ha.cf
    printf '%s\n' "$RESOURCES" | put $n /etc/ha.d/haresources
    printf 'auth 1\n1 sha1 a test secret\n' | put $n /etc/ha.d/authkeys 600
done
for n in node1 node2 node3; do on $n /etc/init.d/heartbeat start >"$WORK/start.$n" 2>/dev/null & done
wait
is "$(cat "$WORK/start.node2")" "$(cat "$WORK/start.node1")" 'the init script greets as that of 3.0.6' || true
active() { [ "$(on "$1" cl_status nodestatus "$2" 2>/dev/null)" = active ]; }
for n in node1 node2 node3; do check "$n is up" wait_for active $n $n; done
check 'ours hear each other' wait_for active node2 node3

# said NODE COMMAND: output, errors and exit code, without what is of this moment or of this node
said() {
    on "$1" bash -c "cd /root; { $2; } >/run/out 2>/run/err </dev/null; echo \"exit \$?\"; cat /run/out; sed 's/^/err /' /run/err" |
        sed -E 's/[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}/DATE/; s/\[[0-9]+\]/[N]/g; s/pid [0-9]+/pid N/; s/node[123x]/NODE/g'
}
# same COMMAND: node1 is 3.0.6, node2 ours
same() {
    local theirs
    theirs=$(said node1 "$1")
    [[ $theirs != 'exit 12'[67]* ]] || fail "$1: 3.0.6 has such a program"
    is "$(said node2 "$1")" "$theirs" "$1" || true
}

I=/etc/init.d/heartbeat L=/usr/libexec/heartbeat G=/usr/lib/heartbeat S=/usr/share/heartbeat
while IFS= read -r line; do same "$line"; done <<COMMANDS
cl_status hbstatus
cl_status listnodes
cl_status listnodes -p
cl_status nodetype 10.77.0.254
cl_status listhblinks 10.77.0.254
$L/heartbeat -s
$I status
$I start 2>/dev/null
$I reload 2>/dev/null
$I force-reload 2>/dev/null
cl_status hbparameter -p pacemaker
cl_status hbparameter -p crm
cl_respawn -h >/dev/null
cl_respawn >/dev/null 2>&1
$L/apphbd -h >/dev/null
$L/apphbd -c /nosuch 2>/dev/null
$L/drbd-peer-outdater -h >/dev/null
$L/mlock
$L/send_arp
$L/drbd-peer-outdater 2>/dev/null
$L/apphbd -s
$L/apphbd -k
$G/base64_md5_test
$G/logtest
$G/ha_logd -s
ha_logger -t x hello
lrmadmin -C
timeout 5 meatclient -c nosuch </dev/null
stonith -t null -n
stonith -t null -p node9 -l
stonith -t null -p node9 -T reset node9
$S/ha_config
$S/TestHeartbeatComm
$S/TestHeartbeatComm nonsense
$S/hb_setweight
$S/hb_setsite
$S/hb_addnode
$S/hb_delnode
$S/ResourceManager
$S/ResourceManager listkeys node9
$S/mach_down
timeout 5 $G/ipctransientclient
python3 $S/cts/CTSproxy.py
$G/cibsecret
/etc/init.d/logd status
hb_report -V
ls /etc/ha.d/rc.d
bash -c '. /etc/ha.d/shellfuncs; ha_log "info: hello"; Echo -n a  b; Echo " c"; HA_LOGFILE=/dev/stdout; ha_log "ERROR: x"'
COMMANDS

# What a client on our library and daemon says of the members
members() { timeout 3 "$NETRIG" exec "$RIG" "$1" $L/ccm_testclient 2>&1 </dev/null | sed -E 's/.*info: //; s/node[0-9]/NODE/g' |
    grep -E 'NEW MEMBERSHIP|MY NODE|^NEW MEMBERS' | sort -u; }
has_members() {
    members node1 >"$WORK/members.old"
    members node2 >"$WORK/members.ours"
    [ -s "$WORK/members.old" ] && cmp -s "$WORK/members.old" "$WORK/members.ours"
}
check 'ccm_testclient sees members alike' wait_for has_members

# TestHeartbeatComm on ours: node2 hears only itself, node3 still hears node2; then all is well again
comm() { on node2 $S/TestHeartbeatComm "$@" >"$WORK/comm" 2>&1; }
gone() { [ "$(on "$1" cl_status nodestatus "$2" 2>/dev/null)" = dead ]; }
check 'break-communication' comm break-communication node2
is "$(on node2 cat /etc/ha.d/OnlyForTesting | tr '\n' ' ')" 'xmitloss=1 rcvloss=1 allownodes=node2; ' 'writes its file' || true
check 'the node hears nobody but itself' wait_for gone node2 node3
check 'it is still heard: a list of nodes is about what is received' active node3 node2
check 'fix-communication' comm fix-communication
check 'all is well again' wait_for active node2 node3
on node2 sh -c 'echo xmitloss=1 >/etc/ha.d/OnlyForTesting'
check 'loss of all that is sent, without a list' on node2 $L/heartbeat -r
check 'the other node hears nothing' wait_for gone node3 node2
check 'this one hears' active node2 node3
check 'fix-communication' comm fix-communication
check 'and it is heard again' wait_for active node3 node2

check 'a stop' stop node1
check 'and one of ours' stop node2
is "$(cat "$WORK/stop.node2")" "$(cat "$WORK/stop.node1")" 'say the same' || true
same "$I stop"
same "$I standby"
tap_end
