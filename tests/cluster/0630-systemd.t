#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# As a unit of systemd: it says when it is up, and when the main process dies systemd starts the next one, not
# the guard; hb-node and the services do not notice. While it stops the guard still helps.
. "$(dirname "$0")/lib.sh"
rig_up 2
RESOURCES='node1 svc::web' configure
HB=/usr/libexec/heartbeat/heartbeat
UNIT=$HB_ROOT/usr/lib/systemd/system/heartbeat.service
HOLD=/run/hold

log() { file_of node1 /var/log/systemd; }
said() { [ "$(grep -cx -- "$1" "$(log)" 2>/dev/null)" = "$2" ]; }     # LINE TIMES
pids() { on node1 pgrep -x "$1" | tr '\n' ' '; }
none() { [ -z "$(pids "$1")" ]; }
generation() { on node1 cat /var/lib/heartbeat/hb_generation; }
node_is_another() { local now; now=$(pids hb-node); [ -n "$now" ] && [ "$now" != "$1" ]; }
strike() { on node1 kill "-$1" "$(on node1 cat /run/heartbeat.pid | tr -d ' ')"; }

systemd() { rig spawn node1 -- perl "$HB_TOP/tests/lib/fake_systemd" "$UNIT" /var/log/systemd "$HOLD" >/dev/null; }

systemd
check 'READY=1 is said' wait_for said 'said READY=1' 1
is "$(on node1 cat /run/heartbeat.pid | tr -d ' ')" "$(sed -n 's/^start //p' "$(log)")" 'the main process is root'
check '... and it is up then' running node1
start node2
wait_for up_and_settled web node1
before=$(calls node1 web)
gen=$(generation)
like "$gen" '^ *[0-9]+$' 'it has a generation' || true
node=$(pids hb-node)

# The main process is killed, and systemd takes its time.
on node1 touch "$HOLD"
strike KILL
check 'systemd sees the death' wait_for said 'end signal 9' 1
check 'the guard ends' wait_for none hb-guard
sleep 3.5       # longer than deadtime
is "$(pids hb-node)" "$node" 'hb-node goes on'
check 'nobody but systemd starts the next root' none heartbeat
on node1 sh -c 'echo nonsense >>/etc/ha.d/ha.cf'
on node1 rm "$HOLD"
check 'the next one is up, whatever is being edited' wait_for said 'said READY=1' 2
check 'hb-node is another' node_is_another "$node"
is "$(generation)" "$gen" 'the generation is the same'
is "$(calls node1 web)" "$before" 'nobody touched the service'
check 'it runs where it ran' wait_for up_and_settled web node1
is "$(log_count node2 'node node1: is dead')" 0 'the other node took nobody for dead'
is "$(log_count node2 'Heartbeat restart on node node1')" 0 '... nor for restarted'

# The main process stands still: the guard ends it, systemd starts the next one.
strike STOP
check 'a frozen root is ended' wait_for said 'end signal 9' 2
check '... and replaced' wait_for said 'said READY=1' 3
check '... and the cluster settles' wait_for up_and_settled web node1
is "$(calls node1 web)" "$before" 'nobody touched the service'

# systemctl reload
on node1 sed -i '/nonsense/d' /etc/ha.d/ha.cf
check 'reload is taken' on node1 $HB -r
check 'RELOADING=1 is said' wait_for said 'said RELOADING=1' 1
check 'READY=1 is said after it' wait_for said 'said READY=1' 4

# systemctl stop, and the main process dies in the middle of it
behave node1 web stop 2
on node1 $HB -k >"$WORK/stop" 2>&1 &
stop=$!
check 'STOPPING=1 is said' wait_for said 'said STOPPING=1' 1
wait_for grep -q 'web stop-begin' "$(file_of node1 /var/log/svc)"
on node1 touch "$HOLD"
strike KILL
check 'stop succeeds all the same' wait $stop
check 'the service is handed over' wait_for runs_on web node2
check 'never up twice' never_two web
check 'no process of ours is left' wait_for none 'hb-.*|heartbeat'

# A start that is refused is not tried again.
on node1 pkill -x perl
on node1 rm "$HOLD"
on node1 sh -c 'echo nonsense >>/etc/ha.d/ha.cf; rm /var/log/systemd'
systemd
check 'a wrong configuration ends the unit' wait_for said 'end code 6' 1
is "$(grep -c start "$(log)")" 1 'it is started once'
tap_end
