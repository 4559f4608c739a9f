#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# One of two media fails and returns, on either side: logged, nothing moves.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
ups() { log_count "$1" "Link $2:eth1 up"; }
downs() { log_count "$1" "Link $2:eth1 dead"; }
more() { [ "$("$1" "$2" "$3")" -gt "$4" ]; }       # ups|downs NODE OTHER BEFORE
both_up() { more ups node1 node2 0 && more ups node2 node1 0; }
wait_for both_up

rig cut node1 eth1 >/dev/null
check 'a cable that is pulled is a dead link' wait_for more downs node2 node1 0
check 'on both sides' wait_for more downs node1 node2 0
rig heal >/dev/null
check 'it works again' wait_for more ups node2 node1 1
check 'on both sides' wait_for more ups node1 node2 1

on node1 ip link set eth1 down
check 'an interface that is down is a dead link' wait_for more downs node1 node2 1
wait_for more downs node2 node1 1
on node1 sh -c 'ip link set eth1 up; ip addr replace 10.77.1.1/24 brd + dev eth1'
check 'it works again' wait_for more ups node1 node2 2
check 'on both sides' wait_for more ups node2 node1 2

is "$(calls node1 web)" 'start-begin start-done ' 'nothing was done to the service' || true
refuse 'no node was called dead' logged node2 'node node1: is dead'
check 'settled' settled
tap_end
