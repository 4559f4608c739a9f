#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Beside heartbeat 3.0.6 by a serial line, ucast6, mcast6 and a ping_group at once: each link is seen by both, and each
# alone holds the cluster and moves a group. (bcast on two interfaces in one line: 0100.)
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
side_by_side OLD node2 node1
NEW=node$((3 - ${OLD#node}))
PACE=0.3
LIMIT=$((LIMIT * 3 / 2))        # the old one waits ten seconds at each start
RESOURCES="node1 svc::web
node2 svc::db"
tty=/dev/ttyHB0
MEDIA="ucast6 eth0 fd77::1
ucast6 eth0 fd77::2
mcast6 eth1 ff02::694 694 1 0
baud 19200
serial $tty
ping_group outside 10.77.0.253 10.77.0.254"
rig_up 2 --install "$OLD=$PEER"
PRODUCT[$OLD]=old
configure 'keepalive 1' 'warntime 4' 'deadtime 7' 'initdead 20'
rig serial node1 node2 --baud 19200

once() { runs_on web "$1" && runs_on db "$2" && settled; }
# seen LINK up|DEAD: by ours in hb_status, by theirs in cl_status
seen() {
    link_is "$NEW" "$OLD" "$1" "$2" || return
    [ "$(on "$OLD" cl_status hblinkstatus "$NEW" "$1" 2>/dev/null)" = "$([ "$2" = up ] && echo up || echo dead)" ]
}
pings() { on "$NEW" hb_status | grep -qE '^ *outside +answers ' && [ "$(on "$OLD" cl_status nodestatus outside)" = ping ]; }

start node1 node2
check "both active ($OLD runs 3.0.6)" wait_for once node1 node2
for link in eth0 eth1 "$tty"; do check "$link is up to both" wait_for seen "$link" up; done
check 'ping_group answers both' wait_for pings

rig cut node1 eth0 --silent >/dev/null
rig cut node1 eth1 --silent >/dev/null
for link in eth0 eth1; do check "$link is cut: both see it" wait_for seen "$link" DEAD; done
check 'by the serial line alone: ours gives its group away' on "$NEW" /usr/share/heartbeat/hb_standby all
check 'and the old one has both' wait_for once "$OLD" "$OLD"
rig heal node1 eth1 >/dev/null
rig line ttyHB0 cut >/dev/null
check 'mcast6 comes back' wait_for seen eth1 up
check 'the serial line is cut' wait_for seen "$tty" DEAD
check 'by mcast6 alone: the old one gives all away' on "$OLD" /usr/share/heartbeat/hb_standby all
check 'and ours has both' wait_for once "$NEW" "$NEW"
rig heal node1 eth0 >/dev/null
check 'ucast6 comes back' wait_for seen eth0 up
rig cut node1 eth1 --silent >/dev/null
check 'mcast6 is cut' wait_for seen eth1 DEAD
check 'by ucast6 alone: ours gives all away' on "$NEW" /usr/share/heartbeat/hb_standby all
check 'and the old one has both' wait_for once "$OLD" "$OLD"
rig heal >/dev/null
rig line ttyHB0 heal >/dev/null
for link in eth0 eth1 "$tty"; do check "$link is up to both again" wait_for seen "$link" up; done

refuse 'nobody was called dead' logged "$NEW" 'node node[12]: is dead'
for s in web db; do check "$s was never up twice" never_two $s; done
tap_end
