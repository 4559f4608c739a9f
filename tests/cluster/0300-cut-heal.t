#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# All links between the nodes are cut and come back: exactly one owner afterwards, without a gap.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
rig cut-pair node1 node2 >/dev/null
wait_for logged node1 'node node2: is dead'
wait_for logged node2 'node node1: is dead'
rig heal >/dev/null
one_owner() { case $(holders web) in node1|node2) ;; *) return 1 ;; esac; }
check 'after the heal one node has the service' wait_for one_owner
check 'and both are settled' wait_for settled
check 'one still' one_owner
is "$(address_holders)" "$(holders web)" 'the address is where the service is' || true

# the cut happens again, and the owner dies in it
owner=$(holders web)
other=node$((3 - ${owner#node}))
rig cut-pair node1 node2 >/dev/null
wait_for logged "$other" "node $owner: is dead.*" || true
rig crash "$owner" >/dev/null
check 'the other one has it' wait_for runs_on web "$other"
rig heal >/dev/null
rig boot "$owner"
start "$owner"
check 'the returned node settles' wait_for settled
check 'one owner' wait_for one_owner
tap_end
