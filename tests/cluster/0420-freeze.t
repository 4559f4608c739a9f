#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The whole owner hangs for longer than the deadtime and wakes up. Its kernel answers for the address
# meanwhile: nobody else takes that one. A service without an address is taken on the deadtime alone.
. "$(dirname "$0")/lib.sh"
RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web
node1 svc::app"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
wait_for runs_on app node1
probe_start
rig freeze node1 >/dev/null
check 'the other node calls it dead' wait_for logged node2 'node node1: is dead'
check 'and takes the service without an address' wait_for has_svc node2 app
rig thaw node1 >/dev/null
one_owner() { case $(holders "$1") in node1|node2) ;; *) return 1 ;; esac; settled; }
LIMIT=$((LIMIT * 2))
for s in web app; do check "after waking one node has $s" wait_for one_owner $s; done
probe_stop
diag "longest gap $GAP_MS ms"
is "$TWO_MS" 0 'no moment with two owners of the address' || true
is "$(address_holders)" "$(holders web)" 'the address is where the service is' || true
tap_end
