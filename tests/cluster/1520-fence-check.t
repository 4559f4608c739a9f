#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is wrong with a fencing device is said before the night in which it matters.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/switch.sh"
switch_install "$HB_ROOT"
HB_ROOT=$SWITCHED
rig_up 1
switch_trap
LAST=$(cf | wc -l)

# checked LINE REGEX SENTENCE: --check says it of the line behind those of cf
checked() {
    local out
    configure "$1"
    out=$(on node1 /usr/libexec/heartbeat/heartbeat --check 2>&1)
    like "$out" "$2" "$3"
}
checked 'stonith_host * external/swtch node1' \
    "ha.cf:$((LAST + 1)): error: stonith_host external/swtch: there is no such fencing device" 'a type that does not exist'
checked 'stonith_host * external/switch' \
    "ha.cf:$((LAST + 1)): error: .*has not all settings of external/switch; write after it values for: hostlist" \
    'settings that are missing'
checked 'stonith external/switch /etc/ha.d/none' \
    "ha.cf:$((LAST + 1)): error: stonith /etc/ha.d/none: cannot read .*: No such file" 'a file that is missing'
printf '# only a comment\n' | put node1 /etc/ha.d/switch.cfg 600
checked 'stonith external/switch /etc/ha.d/switch.cfg' 'error: .*has no line with the settings' 'a file without settings'
printf '# hosts\nnode1,node2\n' | put node1 /etc/ha.d/switch.cfg 644
checked 'stonith external/switch /etc/ha.d/switch.cfg' 'warning: .*can be read by others' 'a file that others can read'
checked 'stonith_host other external/swtch' '^0 errors' 'a line for another host is skipped'
checked 'stonith_host node7 external/swtch' \
    "ha.cf:$((LAST + 1)): warning: stonith_host node7: is not a node of ha.cf, .* did you mean node1" \
    'but one for a host that is no node is told'
checked 'stonith_host NODE1 external/switch node1,node2' '^0 errors' 'one that is right'

configure 'stonith_host * external/swtch x'
refuse 'with a wrong one the daemon does not start' start node1
like "$(on node1 hb_stonith -L)" '^external/switch$' 'hb_stonith lists it' || true
configure 'stonith_host * external/switch node1,node2'
is "$(on node1 hb_stonith -S)" 'external/switch device OK.' 'and asks the one of ha.cf' || true
is "$(on node1 hb_stonith -l)" 'node1 node2' 'which nodes it has' || true
is "$(on node1 hb_stonith -t external/switch -n | xargs)" hostlist 'and which settings' || true
switch_is node1 fails
on node1 hb_stonith -T reset node2 2>/dev/null
is $? 5 'a reset that fails has the exit code of old' || true
tap_end
