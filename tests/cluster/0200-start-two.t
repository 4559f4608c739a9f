#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two nodes started together: each takes its own groups at once, in the order of the file.
. "$(dirname "$0")/lib.sh"
# shellcheck disable=SC2034  # read by configure
RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web svc::app
node2 svc::db"
rig_up 2
configure

t=$(ms_now)
start node1 node2
check 'the first group runs on its home node alone' wait_for runs_on web node1
check 'the second group runs on its home node alone' wait_for runs_on db node2
took=$(($(ms_now) - t))
diag "both groups ran $took ms after the first start"
[ $took -lt $((LIMIT * 500)) ]
ok $? "groups run long before $((LIMIT / 2)) s"
check 'nothing is pending' wait_for settled
is "$(address_holders)" node1 'the address is on the home node alone' || true
is "$(calls node1 app)" 'start-begin start-done ' 'the last resource was started once' || true
is "$(calls node2 web)" '' 'nothing of the first group was done on the other node' || true
# did VERB: what was done to web and app on node1, in order
did() { awk -v v="$1" '$3 ~ "^" v { printf "%s %s, ", $2, $3 }' "$(file_of node1 /var/log/svc)"; }
is "$(did start)" 'web start-begin, web start-done, app start-begin, app start-done, ' \
    'resources are started from left to right, one after the other' || true

stop node1
is "$(did stop)" 'app stop-begin, app stop-done, web stop-begin, web stop-done, ' 'and stopped from right to left' || true
for s in web app db; do check "$s was never up twice" never_two "$s"; done
tap_end
