#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Rubbish in the control FIFO: nothing happens but a count, and the next message is understood.
. "$(dirname "$0")/lib.sh"
rig_up 2
configure
start node1 node2
wait_for up_and_settled web node1
fifo=/var/lib/heartbeat/fifo
check 'the fifo is there' on node1 test -p $fifo
on node1 sh -c "head -c 3000 /dev/urandom >$fifo"
on node1 sh -c "head -c 20000 /dev/zero >$fifo"
on node1 sh -c "printf '>>>\nt=ask_resources\n' >$fifo"                    # half a message
on node1 sh -c "printf 'no equals sign\n<<<\n' >$fifo"
on node1 sh -c "printf '>>>\nt=status\nst=dead\nsrc=node2\n<<<\n' >$fifo"  # a lie
on node1 sh -c "printf '>>>\nt=ask_resources\nrsc_hold=everything\ninfo=me\n<<<\n' >$fifo"
check 'nothing changed' up_and_settled web node1
check 'hb_standby is still understood' on node1 /usr/share/heartbeat/hb_standby all
check 'and moves the group' wait_for up_and_settled web node2
refuse 'the lie was not believed' logged node1 'node node2: is dead'
# two scripts that write at the same time
for _ in 1 2 3 4 5 6 7 8; do
    on node2 sh -c "for i in 1 2 3 4 5; do printf '>>>\nt=ask_' >$fifo; done" &
done
wait
check 'it goes on' on node2 /usr/share/heartbeat/hb_standby all
check 'and moves the group back' wait_for up_and_settled web node1
# Whoever removes it, or lays something in its place: it is made again.
new_fifo() { on node1 test -p $fifo && [ "$(on node1 stat -c %i $fifo)" != "$old" ]; }
spoil() {
    old=$(on node1 stat -c %i $fifo)
    check "$1: done" on node1 sh -c "$2"
    check "$1: it is made again" wait_for new_fifo
    check "$1: hb_standby is understood" on node1 /usr/share/heartbeat/hb_standby all
    check "$1: and moves the group" wait_for up_and_settled web node2
    check "$1: back" on node2 /usr/share/heartbeat/hb_standby all
    check "$1: it is there" wait_for up_and_settled web node1
}
spoil 'removed' "rm $fifo"
spoil 'replaced by a file' "echo precious >$fifo.x; mv $fifo.x $fifo"
check 'the log says so' logged node1 "$fifo was removed or replaced: it has been made again"
check 'never up twice' never_two web
tap_end
