#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# drbddisk, drbdupper, LVM, Raid1: with stubs of the programs that they call, each with a state of its own.
. "$(dirname "$0")/rsc.sh"
S=$WORK/state
mkdir "$S"
role() { echo "$1" >"$S/role"; }

# ---- drbddisk: the words and codes of the script in drbd-utils
stub drbdadm <<SH
case \$* in
'role r0'|'-S role r0') cat $S/role ;;
'primary r0'|'-S primary r0')
	[ ! -e $S/peer-is-primary ] || { rm $S/peer-is-primary; exit 17; }
	[ ! -e $S/refuse ] || exit 17
	echo Primary/Secondary >$S/role ;;
'secondary r0')
	[ ! -e $S/refuse ] || exit 17
	[ \$(cat $S/role) != Unconfigured ] || exit 10
	echo Secondary/Secondary >$S/role ;;
'-S sh-lr-of r0') echo r-lower ;;
'-S down r0') echo Unconfigured >$S/role ;;
esac
SH
role Secondary/Secondary
usage='Usage: drbddisk [resource] {start|stop|status}'
gives 'drbddisk' 1 "$usage"
gives 'drbddisk r0 bogus' 1 "$usage"
gives 'drbddisk r0 r1 start' 1 "$usage"
gives 'drbddisk status' 10 'A resource name is required for status inquiries.'
gives 'drbddisk r0 status' 3 'stopped (Secondary)'
calls >/dev/null
gives 'drbddisk r0 start' 0 ''
is "$(calls)" 'drbdadm primary r0' 'one call, no question before it'
gives 'drbddisk r0 start' 0 ''
gives 'drbddisk r0 status' 0 'running (Primary)'
gives 'drbddisk r0 stop' 0 ''
gives 'drbddisk r0 stop' 0 ''
gives 'drbddisk r0 status' 3 'stopped (Secondary)'
touch "$S/peer-is-primary"
gives 'drbddisk r0 start' 0 ''
touch "$S/refuse"
gives 'drbddisk r0 stop' 1 ''
role Secondary/Unknown
HA_resource_timeout=3s gives 'drbddisk r0 start' 1 ''
rm "$S/refuse"
role Secondary
gives 'drbddisk r0 status' 3 'stopped (Secondary)'
role Unconfigured
gives 'drbddisk r0 status' 3 'stopped (Unconfigured)'
calls >/dev/null
gives 'drbddisk r0 stop' 0 ''
is "$(calls | tr '\n' '|')" 'drbdadm secondary r0|drbdadm role r0|' 'what is not configured cannot become secondary, and needs not'
role Primary/Secondary
gives 'drbddisk r0 stop' 0 ''
is "$(calls)" 'drbdadm secondary r0' 'one call where it can'
role Unconfigured
calls >/dev/null
gives 'drbddisk start' 0 ''
is "$(calls)" 'drbdadm primary all' 'without a name: all'
gives 'drbddisk r0;reboot start' 1 ''
gives 'drbddisk --help start' 1 ''
is "$(calls)" '' 'a strange name is not passed on'

# ---- drbdupper
gives 'drbdupper' 10 'A resource name is required.'
gives 'drbdupper r0 bogus' 1 'Usage: drbdupper {resource} {start|stop|status}'
gives 'drbdupper r0 status' 0 stopped
calls >/dev/null
gives 'drbdupper r0 start' 0 ''
is "$(calls | sed 's/^drbdadm //' | tr '\n' '|')" \
    '-S sh-lr-of r0|primary r-lower|-S adjust r0|-S check-resize r0|-S wait-connect r0|-S primary r0|' \
    'the lower one first'
gives 'drbdupper r0 status' 0 running
calls >/dev/null
gives 'drbdupper r0 stop' 0 ''
is "$(calls | tr '\n' '|')" 'drbdadm -S role r0|drbdadm -S down r0|drbdadm -S sh-lr-of r0|drbdadm secondary r-lower|' \
    'the lower one last'
gives 'drbdupper r0 status' 0 stopped
gives 'drbdupper r0 stop' 0 ''

# ---- a program that hangs; without DRBD nothing is up
printf '#!/bin/sh\nexec sleep 1000\n' >"$STUBS/drbdadm"
HA_resource_timeout=3s call drbddisk r0 start
is "$CODE" 1 'a drbdadm that hangs: start fails, and ends'
rm "$STUBS/drbdadm"
if ! command -v drbdadm >/dev/null; then
    gives 'drbddisk r0 start' 5 ''
    gives 'drbddisk r0 stop' 0 ''
    gives 'drbddisk r0 status' 3 'stopped (Unconfigured)'
    gives 'drbdupper r0 status' 0 stopped
fi

# ---- LVM
lvm_state() { printf '%b' "$1" >"$S/lvs"; }
stub vgs <<<"[ \"\$1\" = vg0 ]"
stub lvs <<<"cat $S/lvs"
stub vgchange <<SH
case "\$2" in
y) printf '  -wi-a-----\n  -wi-a-----\n' >$S/lvs ;;
n) if [ -e $S/busy ]; then rm $S/busy; exit 5; fi; printf '  -wi-------\n  -wi-------\n' >$S/lvs ;;
esac
SH
lvm_state '  -wi-------\n  -wi-------\n'
gives 'LVM' 1 "usage: $RSC/LVM <LVM-volume-group> (start|stop|status|usage|meta-data)"
gives 'LVM vg0 status' 7 "$DOWN"
gives 'LVM vg0 stop' 0 "$DONE"
gives 'LVM vg0 start' 0 "$DONE"
gives 'LVM vg0 status' 0 "$UP"
gives 'LVM vg0 start' 0 "$DONE"
touch "$S/busy"
gives 'LVM vg0 stop' 0 "$DONE"
gives 'LVM vg0 status' 7 "$DOWN"
lvm_state '  -wi-a-----\n  -wi-------\n'
gives 'LVM vg0 status' 0 "$UP"
gives 'LVM vg0 stop' 0 "$DONE"
lvm_state ''
gives 'LVM vg1 start' 1 'ERROR:  Generic error'
gives 'LVM vg1 status' 7 "$DOWN"
gives 'LVM vg1 stop' 0 "$DONE"
stub lvs <<<'exit 5'
gives 'LVM vg1 status' 7 "$DOWN"
calls >/dev/null
gives 'LVM -f stop' 6 'ERROR:  Program is not configured'
is "$(calls)" '' 'a name that looks like an option is not passed on'

# ---- Raid1
stub mdadm <<SH
case "\$1" in
--detail) exit \$(cat $S/md) ;;
--assemble) [ "\$2 \$3" = '/dev/md0 --config=/run/trial/md.conf' ] && echo 0 >$S/md ;;
--stop) if [ -e $S/busy ]; then rm $S/busy; exit 1; fi; echo 4 >$S/md ;;
esac
SH
echo 4 >"$S/md"
: >"$WORK/md.conf"
gives 'Raid1 x status' 1 "usage: $RSC/Raid1 <mdadm.conf> <md_dev_name> (start|stop|status|usage|meta-data)"
gives "Raid1 $WORK/md.conf /dev/md0 status" 7 "$DOWN"
gives "Raid1 $WORK/md.conf /dev/md0 stop" 0 "$DONE"
gives "Raid1 $WORK/none.conf /dev/md0 start" 5 'ERROR:  Program is not installed'
gives "Raid1 $WORK/md.conf md0 start" 0 "$DONE"
gives "Raid1 $WORK/md.conf /dev/md0 start" 0 "$DONE"
gives "Raid1 $WORK/md.conf /dev/md0 status" 0 "$UP"
echo 2 >"$S/md"
gives "Raid1 $WORK/md.conf /dev/md0 status" 0 "$UP"
echo 1 >"$S/md"
gives "Raid1 $WORK/md.conf /dev/md0 status" 0 "$UP"
touch "$S/busy"
gives "Raid1 $WORK/md.conf /dev/md0 stop" 0 "$DONE"
gives "Raid1 $WORK/md.conf /dev/md0 status" 7 "$DOWN"
gives "Raid1 $WORK/md.conf /etc/passwd start" 6 'ERROR:  Program is not configured'
tap_end
