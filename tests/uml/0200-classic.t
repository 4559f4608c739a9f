#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The stack that most two-node clusters run (an address, DRBD, ext4, MariaDB) on kernels of their own, while a client adds
# rows: crash, return, standby, orderly stop and takeover. What the client was told is written is there, and the disk
# was never mounted on two nodes.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/classic.sh"
[ -n "${HB_NIGHTLY:-}" ] || skip_all 'takes minutes and a database server from Debian: only with --nightly'
classic_up ours
pass 'two nodes with a database on a replicated disk'
start node1 node2
client_start
check 'rows are added at the home of the group' wait_for served_by node1

# moves TEXT NODE: the service goes on there, since MOMENT
moves() {
    check "$1: $2 goes on" wait_for served_by "$2"
    diag "$1: $(gap_since "$MOMENT") s without a row"
    is "$(lost "$2")" 0 "$1: no acknowledged row is lost" || true
}

crash node1
moves crash node2
check 'the node that crashed comes back' back node1
check 'its disk is brought into step' wait_for in_step node2
check 'both nodes are settled' wait_for is_settled
check 'the service stays where it is' served_by node2

MOMENT=$EPOCHREALTIME
on node2 $SHARE/hb_standby all >/dev/null
moves standby node1
check 'both nodes are settled' wait_for is_settled

MOMENT=$EPOCHREALTIME
on node1 /etc/init.d/heartbeat stop >/dev/null 2>&1
moves 'orderly stop' node2
start node1
check 'both nodes are settled' wait_for is_settled

MOMENT=$EPOCHREALTIME
on node1 $SHARE/hb_takeover all >/dev/null
moves takeover node1

# DRBD itself lets only one of two that see each other have it.
refuse 'the other node cannot have the disk meanwhile' on node2 sh -c 'timeout 20 drbdadm primary r0 >/dev/null 2>&1'
refuse 'nor mount it' on node2 sh -c 'mkdir -p /mnt/x && timeout 20 mount -t ext4 /dev/drbd0 /mnt/x 2>/dev/null'
client_stop
is "$(lost node1)" 0 'at the end no acknowledged row is lost' || true
is "$(overlaps)" 0 'the file system was never mounted on two nodes' || diag "$(tail -n +1 "$(of node1 mounts)" "$(of node2 mounts)")"
tap_end
