#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hb_status: words for people, JSON for programs, and what it says when there is nothing to say.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure "ping 10.77.0.254"
on node1 hb_status >/dev/null 2>&1
is $? 3 'exit 3 when heartbeat does not run' || true
start node1 node2
wait_for up_and_settled web node1
text() { on "$1" hb_status; }
like "$(text node1)" '^node1: active, 2 of 2 nodes alive, 1 of 1 groups here$' 'the first line says it all' || true
like "$(text node1)" 'node2 +alive +says it is active' 'the other node is shown' || true
like "$(text node1)" 'runs here' 'the group is shown where it runs' || true
like "$(text node2)" 'on node1' 'and on the other node where it runs' || true
answers() { text node1 | grep -q '10.77.0.254 *answers'; }
check 'the ping node answers' wait_for answers
is "$(on node1 hb_status --json | perl -MJSON::PP -0777 -ne '
    my $d = decode_json($_); my $g = $d->{groups}[0];
    print join(" ", $d->{node}, scalar @{$d->{nodes}}, $g->{owner}, $g->{state}, $g->{home})')" \
    'node1 2 node1 up node1' 'the JSON can be read' || true
like "$(on node1 hb_status --metrics)" '^hb_node_alive\{node="node2"\} 1$' 'the metrics can be read' || true
like "$(on node1 hb_status --recorder)" ' op [0-9]+ [a-z]+ after [0-9]+ ms' 'the recorder can be read' || true
on node1 hb_status --nonsense >/dev/null 2>&1
is $? 2 'exit 2 for a word it does not know' || true
rig crash node2 >/dev/null
dead() { text node1 | grep -q '^ *node2 *dead'; }
check 'a dead node is shown as dead' wait_for dead
tap_end
