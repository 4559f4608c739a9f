#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Beside 3.0.6 with the options that change packets: msgfmt netstring, udpport, compression of whole messages.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
rig_up 2 --install "node2=$PEER"
PRODUCT[node2]=old
RESOURCES='node1 svc::web'
configure
{
    printf '%s\n' 'udpport 1694' 'msgfmt netstring' 'compression bz2' 'compression_threshold 1' 'traditional_compression on'
    cf 'deadtime 5' 'warntime 3' 'initdead 15'
} | put all /etc/ha.d/ha.cf
start node1 node2
check 'both active' wait_for settled
check 'the group runs on its home node' wait_for runs_on web node1
port() { on "$1" grep -qE "$(printf ':%04X 00000000:0000' "$2")" /proc/net/udp; }
check 'ours listens on the port' port node1 1694
refuse 'not on the usual one' port node1 694
refuse 'ours refused nothing of the other' logged node1 ': dropped .* more since the last such line'
check 'ours stops in order: the other takes over' stop node1
check 'at once' wait_for runs_on web node2
tap_end
