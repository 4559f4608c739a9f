#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The unit under systemd itself, which is process 1 of a process namespace on a kernel of its own: start and stop are over
# when they are, our lines are in the journal, a reload is asked for and done, a main process that dies is replaced while the
# services run on, and a configuration that is refused is told and not tried again.
. "$(dirname "$0")/lib.sh"
[ -n "${HB_NIGHTLY:-}" ] || skip_all 'boots an init system on a slow kernel: only with --nightly'
# shellcheck disable=SC2034  # read by lib.sh
LIMIT=${HB_TEST_LIMIT:-300} RESOURCES='node1 svc::web'
INIT=/usr/lib/systemd/systemd

if [ ! -x $INIT ]; then
    (flock 9; hb_unpack "$HB_BUILD/systemd" systemd) 9>"$HB_BUILD/systemd.lock" >/dev/null 2>&1 || skip_all 'no systemd to be had'
    # shellcheck disable=SC2034  # read by lib.sh
    TREES=("$HB_BUILD/systemd" "$HB_ROOT")
fi
uml_up 1 --mods '' --mem 256M
configure 'logfacility daemon'

# What this machine starts is no business of the node, and neither is what lies in its /tmp.
put node1 /root/boot 755 <<'BOOT'
#!/bin/sh
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs -o mode=755 run /run
mount -o remount,ro,bind /sys
rm -rf /etc/systemd/system/*.wants /var/log/journal
for unit in systemd-tmpfiles-setup.service systemd-tmpfiles-setup-dev.service systemd-tmpfiles-clean.timer systemd-update-utmp.service \
    systemd-logind.service apt-daily.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer man-db.timer; do
    ln -sf /dev/null /etc/systemd/system/$unit
done
[ -s /etc/machine-id ] || echo 0123456789abcdef0123456789abcdef >/etc/machine-id
exec env -i container=uml PATH=/usr/sbin:/usr/bin:/sbin:/bin /usr/lib/systemd/systemd --system --unit=basic.target \
    --show-status=no >/rig/systemd 2>&1
BOOT
on node1 sh -c 'setsid unshare -p -m -f /root/boot </dev/null >/dev/null 2>&1 &'
put node1 /root/in 755 <<'IN'
#!/bin/sh
exec nsenter -t "$(pgrep -ox systemd)" -p -m -- "$@"
IN
in1() { on node1 /root/in "$@"; }
is_state() { [ "$(in1 systemctl is-active "$1" 2>/dev/null)" = "$2" ]; }   # UNIT STATE
wait_for is_state basic.target active || skip_all "systemd does not start here: $(tail -n 1 "$(of node1 systemd)")"

value() { in1 systemctl show -p "$1" --value heartbeat; }
journal() { in1 journalctl --no-pager -o cat -u heartbeat; }
told() { journal | grep -qE -- "$1"; }
ours() { in1 sh -c 'cat /proc/[0-9]*/comm' 2>/dev/null | grep -qxE 'heartbeat|hb-guard|hb-node|hb-log'; }
generation() { on node1 cat /var/lib/heartbeat/hb_generation; }

check 'systemctl start' in1 systemctl start heartbeat
is "$(value ActiveState)" active 'it is active then' || true
check '... and up: its status is answered' in1 sh -c 'hb_status >/dev/null'
ours
ok $? '... by processes of ours' || true
check 'the group comes up' wait_for is_up node1 web
check 'our lines are in the journal, under the unit' wait_for told 'group svc::web is up after'
like "$(in1 systemctl status --no-pager heartbeat)" 'Status: ".*"|active \(running\)' 'systemctl status says so' || true

on node1 sh -c 'echo "node1 svc::second" >>/etc/ha.d/haresources'
check 'systemctl reload' in1 systemctl reload heartbeat
check 'what the file says now is in force' wait_for is_up node1 second

MAIN=$(value MainPID)
GENERATION=$(generation)
like "$GENERATION" '^ *[0-9]+$' 'it has a generation' || true
main_is_another() { local now; now=$(value MainPID); [ "$now" != 0 ] && [ "$now" != "$MAIN" ]; }
in1 kill -KILL "$MAIN"
check 'a main process that was killed is replaced by systemd' wait_for main_is_another
check '... and active again' wait_for is_state heartbeat active
is "$(generation)" "$GENERATION" '... to the other nodes it is the same life' || true
is "$(grep -c stop "$(of node1 svc)")" 0 '... and no service was touched' || true
is "$(value NRestarts)" 1 'systemd counts one restart' || true

check 'systemctl stop' in1 systemctl stop heartbeat
is "$(last_word node1 web) $(last_word node1 second)" 'stop stop' 'the services are stopped when it returns' || true
refuse 'nothing of ours is left' ours
is "$(value ActiveState) $(value Result)" 'inactive success' 'systemd agrees' || true

on node1 sh -c 'echo nonsense 1 >>/etc/ha.d/ha.cf'
refuse 'a broken configuration: systemctl start fails' in1 systemctl start heartbeat 2>/dev/null
is "$(value ActiveState) $(value ExecMainStatus)" 'failed 6' 'with our exit code' || true
check 'the journal names file and line' wait_for told 'ha\.cf:[0-9]+: error: nonsense'
is "$(value NRestarts)" 0 'and it is not tried again' || true
refuse 'nothing runs' ours
tap_end
