#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A full disk, missing directories, something else in the place of a state file: none of it stops the cluster where
# there is a safe way on, and none is silent.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure

all_gone() { ! our_processes node1; }
# Said at the start, on the terminal or in the log.
told() { logged node1 "$1" || grep -qE -- "$1" <<<"$out"; }

on node1 rm -rf /run/heartbeat /var/lib/heartbeat
check 'start without run and state directories' start node1
start node2
check 'the group runs' wait_for up_and_settled web node1
check 'the directories are made' on node1 test -d /var/lib/heartbeat -a -d /run/heartbeat
stop node1
wait_for runs_on web node2

# the state directory of node1 is lost, with its generation, and gets full while it runs
on node1 mount -t tmpfs -o size=256k,mode=755 full /var/lib/heartbeat
start node1
wait_for settled
on node1 sh -c 'cat /dev/zero >/var/lib/heartbeat/ballast' 2>/dev/null
on node2 /usr/share/heartbeat/hb_standby all
check 'with a full disk it still takes over' wait_for up_and_settled web node1
stop node1
is $? 0 'and still stops' || true
wait_for runs_on web node2
on node1 /etc/init.d/heartbeat start >"$WORK/out" 2>&1
rc=$?
diag "start with a full disk: exit $rc: $(tail -n 1 "$WORK/out")"
if [ $rc = 0 ]; then
    check 'a start with a full disk comes up' wait_for settled
else
    [ -s "$WORK/out" ]
    ok $? 'a refused start says why'
fi
check 'the group still runs once' wait_for runs_on web node2
check 'never up twice' never_two web
stop node1
stop node2
on node1 umount /var/lib/heartbeat

# Who starts it may leave it little.
on node1 sh -c 'exec /usr/libexec/heartbeat/heartbeat <&- >&- 2>&-'
is $? 0 'a start without standard descriptors' || true
check 'is one' running node1
stop node1
out=$(on node1 sh -c 'ulimit -f 0; /usr/libexec/heartbeat/heartbeat' 2>&1)
is $? 1 'a start where no file may grow is refused' || true
like "$out" 'cannot .*: File too large' 'and says why' || true
check 'nothing is left running' wait_for all_gone

# What is put in the place of what, and which of our words tell of it; what cannot be put right is refused, with these words.
# TEXT | command on node1 | exit of the start | what is said
STATE=/var/lib/heartbeat
while IFS='|' read -r text spoil exit words; do
    on node1 sh -c "rm -rf $STATE /run/heartbeat /etc/ha.d/nodeinfo; mkdir -p $STATE; : >/var/log/ha-log; cd $STATE; $spoil"
    out=$(timeout $LIMIT "$NETRIG" exec "$RIG" node1 /etc/init.d/heartbeat start 2>&1 </dev/null)
    is $? "$exit" "$text: exit $exit" || diag "$out"
    if [ "$exit" = 0 ]; then
        check "$text: is told" wait_for told "$words"
        stop node1
    else
        like "$out" "$words" "$text: says why" || true
    fi
    check "$text: nothing is left running" wait_for all_gone
done <<'CASES'
a short uuid|printf short >hb_uuid|0|WARN: BROKEN uuid in .*hb_uuid, which holds other than 16 bytes
a uuid of zeros|head -c 16 /dev/zero >hb_uuid|0|WARN: BROKEN uuid in .*nothing but zeros
a uuid that never ends|ln -s /dev/zero hb_uuid|0|WARN: BROKEN uuid
a generation that is no number|echo abc >hb_generation|0|WARN: BROKEN previous generation
a link to nothing for the generation|ln -s nowhere hb_generation|0|WARN: BROKEN previous generation
a directory for the generation|mkdir hb_generation|1|cannot replace .*hb_generation: Is a directory
a directory for the uuid|mkdir hb_uuid|1|cannot replace .*hb_uuid: Is a directory
a file for the state directory|cd /; rmdir /var/lib/heartbeat; : >/var/lib/heartbeat|1|/var/lib/heartbeat: Not a directory
FIFOs nobody writes to|mkfifo hostcache delhostcache fencings /etc/ha.d/nodeinfo|0|nodeinfo is not a file: the machine's own name is used
a FIFO for the list of nodes|mkfifo hostcache; echo autojoin other >>/etc/ha.d/ha.cf|0|no list of nodes: .*hostcache is not a file
CASES
tap_end
