#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The whole owner hangs for longer than the deadtime and wakes up: one owner at the end.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
rig freeze node1 >/dev/null
check 'the other node takes the service' wait_for has_svc node2 web
rig thaw node1 >/dev/null
one_owner() { case $(holders web) in node1|node2) ;; *) return 1 ;; esac; settled; }
check 'after waking one node has the service' wait_for one_owner
is "$(address_holders)" "$(holders web)" 'the address is where the service is' || true
tap_end
