#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Filesystem: real mounts, as far as this kernel has the devices; who holds one is named and, by policy, ended.
. "$(dirname "$0")/rsc.sh"
DIR=$WORK/data
usage="usage: $RSC/Filesystem <device> <directory> [<fstype> [<options>]] (start|stop|status|usage|meta-data)"
mounted() { grep -c " $DIR " /proc/self/mountinfo; }

# ---- the words of the old wrapper
gives 'Filesystem' 1 "$usage"
gives 'Filesystem status' 1 "$usage"
gives 'Filesystem /dev/x status' 1 "$usage"
gives 'Filesystem a b c d e status' 1 "$usage"
gives "Filesystem a $DIR tmpfs restart" 1 "ERROR: Unknown operation: restart
$usage"

# ---- a file system without a device
gives "Filesystem none $DIR tmpfs status" 7 "$DOWN"
gives "Filesystem none $DIR tmpfs stop" 0 "$DONE"
gives "Filesystem none $DIR tmpfs size=1m start" 0 "$DONE"
is "$(mounted)" 1 'it is mounted, and the directory made'
gives "Filesystem none $DIR tmpfs size=1m start" 0 "$DONE"
is "$(mounted)" 1 '... once'
gives "Filesystem none $DIR tmpfs status" 0 "$UP"
gives "Filesystem none $DIR/ tmpfs monitor" 0 "$UP"
ln -s data "$WORK/link"
gives "Filesystem none $WORK/link tmpfs status" 0 "$UP"

# ---- other mounts below it, and on top of it
mkdir "$DIR/below"
mount -t tmpfs x "$DIR/below"
mount -t tmpfs x "$DIR"
gives "Filesystem none $DIR tmpfs stop" 0 "$DONE"
is "$(grep -c "$DIR" /proc/self/mountinfo)" 0 'nothing at or below it is mounted'
gives "Filesystem none $DIR tmpfs stop" 0 "$DONE"

# ---- who holds it
call Filesystem none "$DIR" tmpfs start
(cd "$DIR" && exec sleep 1000) &
HOLDER=$!
at_work() { [ "$(readlink /proc/$HOLDER/cwd)" = "$DIR" ] && [ "$(cat /proc/$HOLDER/comm)" = "$1" ]; }
soon at_work sleep
HA_FILESYSTEM_HOLDERS=leave call Filesystem none "$DIR" tmpfs stop
expect 1 'ERROR:  Generic error' 'the policy "leave": a mount that is held stays'
like "$ERR" "is held by: sleep\[$HOLDER\]" 'who holds it is named'
check 'and alive' kill -0 $HOLDER
gives "Filesystem none $DIR tmpfs status" 0 "$UP"
call Filesystem none "$DIR" tmpfs stop
expect 0 "$DONE" 'the policy "kill": it is unmounted'
check 'who held it is gone' soon dead $HOLDER

call Filesystem none "$DIR" tmpfs start
(cd "$DIR" && exec perl -e '$SIG{TERM} = "IGNORE"; open F, ">", "/run/trial/deaf"; close F; sleep 1000') &
HOLDER=$!
soon test -e /run/trial/deaf
call Filesystem none "$DIR" tmpfs stop
expect 0 "$DONE" 'who does not listen to SIGTERM is killed'
check '... and gone' soon dead $HOLDER

call Filesystem none "$DIR" tmpfs start
cat >"$WORK/shell" <<SH
cd $DIR
$RSC/Filesystem none $DIR tmpfs stop >/run/out 2>/run/err
echo \$? >/run/code
SH
HA_resource_timeout=20s bash "$WORK/shell" </dev/null
is "$(cat /run/code)" 1 'stop from a shell in the directory fails'
like "$(cat /run/err)" 'not killed' '... and says why'
call Filesystem none "$DIR" tmpfs stop

# ---- names that are not plain
odd="$WORK/a b\\c*[x]"
call Filesystem none "$odd" tmpfs start
expect 0 "$DONE" 'a directory with blanks and other signs'
call Filesystem none "$odd" tmpfs status
expect 0 "$UP" '... status'
(cd "$odd" && exec sleep 1000) &
HOLDER=$!
held() { [ "$(readlink /proc/$HOLDER/cwd)" = "$odd" ]; }
soon held
call Filesystem none "$odd" tmpfs stop
expect 0 "$DONE" '... stop, although it is held'
check '... by something that is found' soon dead $HOLDER
call Filesystem none '$(touch /run/trial/evil)' tmpfs start
is "$CODE" 6 'a directory that is no path'
call Filesystem '`touch /run/trial/evil`' "$DIR" 'tmpfs;touch /run/trial/evil' start
is "$CODE" 5 'a type that does not exist'
call Filesystem -a "$DIR" tmpfs start
is "$CODE" 6 'a device that looks like an option'
gives 'Filesystem none / tmpfs stop' 6 'ERROR:  Program is not configured'
gives 'Filesystem none /../ tmpfs stop' 6 'ERROR:  Program is not configured'
refuse 'no word is evaluated' test -e /run/trial/evil

gives "Filesystem /dev/nonesuch $DIR ext4 start" 5 'ERROR:  Program is not installed'
gives "Filesystem /dev/nonesuch $DIR ext4 status" 7 "$DOWN"
gives "Filesystem /dev/nonesuch $DIR ext4 stop" 0 "$DONE"

# ---- disks
truncate -s 8M "$WORK/image" "$WORK/image2"
if mkfs.ext2 -q -F "$WORK/image" 2>/dev/null && mkfs.ext2 -q -F "$WORK/image2" 2>/dev/null &&
    A=$(losetup -f --show "$WORK/image") && B=$(losetup -f --show "$WORK/image2"); then
    trap 'umount "$DIR" 2>/dev/null; losetup -d "$A" "$B"' EXIT
    gives "Filesystem $A $DIR start" 0 "$DONE"
    gives "Filesystem $A $DIR ext2 status" 0 "$UP"
    gives "Filesystem $B $DIR ext2 status" 7 "$DOWN"
    gives "Filesystem $B $DIR ext2 start" 1 'ERROR:  Generic error'
    gives "Filesystem $B $DIR ext2 stop" 0 "$DONE"
    is "$(mounted)" 1 'what another resource has mounted is left alone'
    gives "Filesystem $A $DIR ext2 stop" 0 "$DONE"
    is "$(mounted)" 0 '... and unmounted by its own'
    blockdev --setro "$A"
    gives "Filesystem $A $DIR ext2 start" 1 'ERROR:  Generic error'
    like "$ERR" 'can only be read' 'a device that is not writable is not mounted'
    gives "Filesystem $A $DIR ext2 ro,noatime start" 0 "$DONE"
    gives "Filesystem $A $DIR ext2 ro,noatime stop" 0 "$DONE"
    blockdev --setrw "$A"
    call Filesystem "$A" "$DIR" ext2 start
    unshare -m --propagation private sh -c 'touch /run/trial/apart; exec sleep 1000' &
    HOLDER=$!
    soon test -e "$WORK/apart"
    HA_FILESYSTEM_HOLDERS=leave call Filesystem "$A" "$DIR" ext2 stop
    expect 1 'ERROR:  Generic error' 'a disk that is mounted in another mount namespace is not stopped'
    like "$ERR" "is held by: s[a-z]*\\[$HOLDER\\]" '... and who has it is named'
    check '... and left alone, as told' kill -0 "$HOLDER"
    gives "Filesystem $A $DIR ext2 status" 1 'ERROR:  Generic error'
    HA_FILESYSTEM_HOLDERS=leave call Filesystem "$A" "$DIR" ext2 stop
    expect 1 'ERROR:  Generic error' '... nor at the next try'
    call Filesystem "$A" "$DIR" ext2 stop
    expect 0 "$DONE" '... or ended'
    check '... and gone' soon dead "$HOLDER"
    gives "Filesystem $A $DIR ext2 status" 7 "$DOWN"
    gives "Filesystem $A $DIR nosuchfs start" 5 'ERROR:  Program is not installed'
else
    diag 'no loop devices here: disks are not tried'
fi

# ---- nothing waits for ever: a mount that hangs, and leaves somebody behind
stub mount <<'SH'
case $* in *hangs*) sleep 1000 & echo $! >/run/trial/left; wait ;; esac
SH
HA_resource_timeout=3000ms call Filesystem hangs:/x "$DIR" tmpfs start
expect 1 'ERROR:  Generic error' 'a mount that hangs is given up'
like "$ERR" 'has not ended within' '... which is said'
check '... with all that it has started' soon dead "$(cat /run/trial/left)"
rm "$STUBS/mount"
call Filesystem none "$DIR" tmpfs start
stub umount <<<'exec sleep 1000'
HA_resource_timeout=3000ms call Filesystem none "$DIR" tmpfs stop
expect 1 'ERROR:  Generic error' 'an umount that hangs is given up'
like "$ERR" 'does not answer' '... which is said'
rm "$STUBS/umount"
gives "Filesystem none $DIR tmpfs stop" 0 "$DONE"
tap_end
