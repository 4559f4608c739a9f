#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hb_standby and hb_takeover, all their words, from both nodes.
. "$(dirname "$0")/lib.sh"
RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web
node2 svc::db"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
wait_for up_and_settled db node2
share=/usr/share/heartbeat

# move TEXT WEB DB COMMAND...: afterwards web and db run there
move() {
    local text=$1 web=$2 db=$3
    shift 3
    check "$text: accepted" on "$@"
    check "$text: web on $web" wait_for up_and_settled web "$web"
    check "$text: db on $db" wait_for up_and_settled db "$db"
}

move 'standby all on node1' node2 node2 node1 $share/hb_standby all
move 'takeover local on node1' node1 node2 node1 $share/hb_takeover local
move 'standby local on node1' node2 node2 node1 $share/hb_standby local
move 'takeover all on node1' node1 node1 node1 $share/hb_takeover all
move 'standby foreign on node1' node1 node2 node1 $share/hb_standby foreign
move 'takeover foreign on node2' node2 node2 node2 $share/hb_takeover foreign
move 'standby failback on node2' node1 node2 node2 $share/hb_standby failback
move 'standby without a word on node1' node2 node2 node1 $share/hb_standby
move 'takeover without a word on node1' node1 node1 node1 $share/hb_takeover
refuse 'an unknown word is refused by hb_standby' on node1 $share/hb_standby nonsense
refuse 'an unknown word is refused by hb_takeover' on node1 $share/hb_takeover nonsense
check 'web was never up twice' never_two web
check 'db was never up twice' never_two db
tap_end
