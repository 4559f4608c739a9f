#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# One node of ours, one of heartbeat 3.0.6, each with a power switch: whichever freezes with its group is switched off by the
# other before that takes the group, and comes back after its reset.
. "$(dirname "$0")/../cluster/lib.sh"
. "$(dirname "$0")/../cluster/switch.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
OLD=${OLD:-node2}
NEW=node$((3 - ${OLD#node}))
LIMIT=$((LIMIT * 3 / 2))        # the old one waits ten seconds at each start
RESOURCES='node1 svc::web
node2 svc::db'
FAILBACK=${FAILBACK:-auto_failback on}
switch_install "$PEER"
PEER=$SWITCHED
switch_install "$HB_ROOT"
HB_ROOT=$SWITCHED
rig_up 2 --install "$OLD=$PEER"
PRODUCT[$OLD]=old
switch_start
# A false death is no harm without a switch; with it, it is: 3.0.6 on a busy machine must not be late.
configure 'stonith_host * external/switch node1,node2' 'deadtime 4' 'warntime 2' 'initdead 15'

# holds_all NODE: both groups run there
holds_all() { has_svc "$1" web && has_svc "$1" db; }
# In legacy mode 3.0.6 never says what it holds.
LEGACY=
case $FAILBACK in *legacy) LEGACY=1 ;; esac
both_settled() { if [ -n "$LEGACY" ]; then settled "$NEW"; else settled; fi; }
at_home() { runs_on web node1 && runs_on db node2 && both_settled; }

start node1 node2
check "each group runs on its home ($OLD runs 3.0.6, $FAILBACK)" wait_for at_home

rig freeze "$OLD" >/dev/null
check 'the old one freezes: ours takes its group' wait_for holds_all "$NEW"
is "$(switch_calls "$NEW")" "reset $OLD;" 'after a reset' || true
rig boot "$OLD"
start "$OLD"
check 'it returns and gets its group back' wait_for at_home

rig freeze "$NEW" >/dev/null
check 'ours freezes: the old one takes its group' wait_for holds_all "$OLD"
# It tries again where the device takes it too long.
like "$(switch_calls "$OLD")" "^(reset $NEW;)+\$" 'after a reset' || true
rig boot "$NEW"
start "$NEW"
check 'ours returns and gets its group back' wait_for at_home

CALLS=$(switch_calls "$NEW")$(switch_calls "$OLD")
stop "$OLD"
check 'the old one stops in order: ours takes its group' wait_for holds_all "$NEW"
start "$OLD"
check 'and gives it back' wait_for at_home
stop "$NEW"
check 'ours stops in order: the old one takes its group' wait_for holds_all "$OLD"
is "$(switch_calls "$NEW")$(switch_calls "$OLD")" "$CALLS" 'nobody is fenced for that' || true
for s in web db; do check "$s was never up twice" never_two $s; done
tap_end
