#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# failfast: an ordinary end restarts the program; a signal reboots the machine at once, and the other node takes over.
. "$(dirname "$0")/lib.sh"
LIMIT=60
(( 0x$(sed -n 's/^CapEff:[[:blank:]]*//p' /proc/self/status) >> 22 & 1 )) || skip_all 'nobody may reboot here'
rig_up 2
RESOURCES='node1 svc::web'
client() { cat <<'CLIENT'
#!/bin/sh
echo $$ >>/run/lives
[ -e /run/stay ] || { touch /run/stay; exit 0; }
exec sleep 100000
CLIENT
}
client | put all /etc/ha.d/vital 755
configure 'failfast root /etc/ha.d/vital'
start node1 node2
check 'both are up' wait_for up_and_settled web node1
two_lives() { [ "$(on node1 sh -c 'wc -l </run/lives' 2>/dev/null)" = 2 ]; }
check 'it ended with 0: it is started again' wait_for two_lives
on node1 sh -c 'kill -9 $(tail -n 1 /run/lives)'
check 'killed: the machine goes down' wait_for is_off node1
check 'which it said before' logged node1 'Rebooting system. Reason: /etc/ha.d/vital'
check 'the other node takes over' wait_for runs_on web node2
tap_end
