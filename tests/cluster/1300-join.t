#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Nodes that come and go while the cluster runs: autojoin, hb_addnode, hb_delnode, and what is remembered of it.
. "$(dirname "$0")/lib.sh"
share=/usr/share/heartbeat
rig_up 3
configure 'autojoin any'
on node1 sh -c 'sed -i "s/^node .*/node node1 node2/" /etc/ha.d/ha.cf'
for n in node2 node3; do on node1 cat /etc/ha.d/ha.cf | put $n /etc/ha.d/ha.cf; done

# knows NODE OTHER STATE: as hb_status says
knows() { on "$1" hb_status --json 2>/dev/null | tr -d ' \n' | grep -q "\"name\":\"$2\",\"self\":[a-z]*,\"state\":\"$3\""; }
knows_not() { local out; out=$(on "$1" hb_status --json 2>/dev/null) && [ -n "$out" ] && ! grep -q "\"name\": *\"$2\"" <<<"$out"; }
remembers() { grep -qP -- "^$2\t[0-9a-f-]{36}\t100\t$" "$(file_of "$1" /var/lib/heartbeat/hostcache)" 2>/dev/null; }

start node1 node2
check 'two nodes run' wait_for runs_on web node1
check 'and know nothing of the third' knows_not node1 node3
start node3
for n in node1 node2; do
    check "$n takes the third in" wait_for knows $n node3 alive
    check "$n remembers it" wait_for remembers $n node3
done
check 'the third knows the others' wait_for knows node3 node1 alive
check 'the group stays where it was' wait_for up_and_settled web node1
is "$(on node3 od -An -tx1 /var/lib/heartbeat/hb_uuid | tr -d ' \n')" \
    "$(sed -n 's/^node3\t\([0-9a-f-]*\).*/\1/p' "$(file_of node1 /var/lib/heartbeat/hostcache)" | tr -d -)" \
    'by the uuid that it has' || true

on node1 $share/hb_delnode node3
check 'a node that is up is not removed' wait_for logged node1 'node node3 is not removed: it is up'
on node1 $share/hb_delnode node1
check 'nor is this one' wait_for logged node1 'node node1 is not removed'
on node2 pkill -9 -x hb-node
check 'a new hb-node knows the third as well' wait_for knows node2 node3 alive
check 'and all is settled' wait_for settled

# node2 is next in line, but for the moment in which its new hb-node has not heard node1 yet
taken() { case $(holders web) in node2|node3) ;; *) return 1 ;; esac; settled; }
on node1 $share/hb_standby svc::web
check 'one of three takes the group' wait_for taken
on node3 $share/hb_takeover svc::web
check 'the third may have it' wait_for up_and_settled web node3
stop node3
given_back() { case $(holders web) in node1|node2) ;; *) return 1 ;; esac; settled node1 node2; }
check 'and gives it back when it stops' wait_for given_back
refuse 'it is not up there' has_svc node3 web

on node1 $share/hb_delnode node3
for n in node1 node2; do check "$n removes it" wait_for knows_not $n node3; done
deleted() { grep -q "^node3	" "$(file_of "$1" /var/lib/heartbeat/delhostcache)" 2>/dev/null; }
check 'that is remembered, too' wait_for deleted node1
start node3
check 'one that was removed does not join by itself' wait_for logged node1 'node3 was removed by hb_delnode and does not join by itself'
check 'the others go on without it' knows_not node1 node3
on node1 $share/hb_addnode node3
for n in node1 node2; do check "$n takes it back" wait_for knows $n node3 alive; done
check 'all is settled' wait_for settled

stop node1
start node1
check 'after a start it is known' wait_for knows node1 node3 alive
check 'all is settled again' wait_for settled
check 'the group was never up twice' never_two web
tap_end
