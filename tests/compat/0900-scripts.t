#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The resource scripts beside Debian's, each in the same situation: the words on standard output that a caller
# judges by, the exit codes, and what is left behind. Both run in namespaces of their own.
HB_TOP=${HB_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
. "$HB_TOP/tests/lib/tap.sh"
. "$HB_TOP/tests/lib/debian.sh"
HB_BUILD=${HB_BUILD:-$HB_TOP/build}
HB_ROOT=${HB_ROOT:-$HB_BUILD/root}
export LC_ALL=C

# Inside: PEER's programs are over those of the machine, in copies that end with the namespace.
if [ "${1:-}" = inside ]; then
    what=$2 peer=$3
    mount -t tmpfs -o mode=755 tmpfs /mnt || exit 99
    for dir in etc usr; do
        mkdir -p "/mnt/$dir/up" "/mnt/$dir/work"
        mount -t overlay overlay -o "lowerdir=$peer/$dir:/$dir,upperdir=/mnt/$dir/up,workdir=/mnt/$dir/work" "/$dir" || exit 99
    done
    mount --bind "$HB_ROOT" /media || exit 99
    mount -t tmpfs -o mode=755 tmpfs /run
    mkdir /run/resource-agents /run/stub /run/data
    ip link set lo up
    ip link add eth0 type veth peer name peer0
    ip link set eth0 up
    ip link set peer0 up
    ip addr add 10.9.0.1/24 dev eth0
    ip addr add 10.9.0.5/24 dev eth0
    ip route add default via 10.9.0.254
    # The last one in PATH: what the machine has is used.
    for tool in modprobe mail; do printf '#!/bin/sh\nexit 0\n' >/run/stub/$tool; done
    cat >/usr/sbin/mdadm <<'SH'
#!/bin/sh
echo mdadm "$@" >>/run/calls
exit 4
SH
    # shellcheck disable=SC2016  # for the stub
    printf '%s\n' '#!/bin/sh' 'case $1 in -S) shift ;; esac' 'case $1 in role) cat /run/role ;; primary) [ ! -e /run/refuse ] || exit 17
        echo Primary/Secondary >/run/role ;; secondary) [ ! -e /run/refuse ] || exit 17; echo Secondary/Secondary >/run/role ;;
        sh-lr-of) echo lower ;; down) echo Unconfigured >/run/role ;; esac' >/usr/sbin/drbdadm
    chmod 755 /run/stub/* /usr/sbin/mdadm /usr/sbin/drbdadm
    mkdir -p /etc/xinetd.d
    printf 'service echo\n{\n disable = yes\n}\n' >/etc/xinetd.d/echo
    export PATH=$PATH:/run/stub HA_LOGFACILITY=none HA_LOGFILE=/run/log HA_DEBUGLOG=/run/log
    case $what in
    new) cd /media/etc/ha.d/resource.d && export HA_BIN=/media/usr/libexec/heartbeat || exit 99 ;;
    old) cd /etc/ha.d/resource.d || exit 99 ;;
    esac
    while read -r line; do
        case $line in
        ''|'#'*) continue ;;
        '!'*) bash -c "${line#!}" >/dev/null 2>&1; continue ;;
        esac
        read -r -a words <<<"$line"
        out=$(timeout 60 "./${words[0]}" "${words[@]:1}" 2>/dev/null </dev/null)
        code=$?
        # What callers judge by. Agents put text of their own before it, and each names its usage in its way.
        out=$(grep -E '^(INFO|ERROR):|^(running|stopped)|^A resource name|^Usage: drbd' <<<"$out" | tail -n 1)
        case ${words[0]} in
        drbdupper|drbddisk) ;;
        *) out=$(grep -E '^(INFO|ERROR):' <<<"$out") ;;
        esac
        echo "$line -> $code ${out:-(usage or nothing)}"
    done
    exit 0
fi

[ "$(id -u)" = 0 ] || skip_all 'needs root'
unshare -m -n -p -f true 2>/dev/null || skip_all 'namespaces are not allowed here'
[ -x "$HB_ROOT/usr/libexec/heartbeat/hb-limit" ] || { echo "Bail out! no scripts installed in $HB_ROOT"; exit 1; }
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'

# $1: old or new, $2: whose scripts; the steps come from standard input
play() { unshare -m -n -p -f --kill-child --propagation private --mount-proc "$0" inside "$1" "$2"; }

# compare DIR STEPS
compare() {
    local theirs ours line
    theirs=$(play old "$1" <<<"$2")
    ours=$(play new "$1" <<<"$2")
    [ -n "$theirs" ] || { pass "the scripts of $1 # SKIP they cannot be laid out here"; return; }
    while IFS= read -r line; do
        is "$(grep -Fx -m 1 -- "$line" <<<"$ours")" "$line" "as Debian's: ${line%% ->*}" ||
            diag "ours:   $(grep -F -- "${line%% ->*} ->" <<<"$ours" | tr '\n' '|')"
    done <<<"$theirs"
    is "$(wc -l <<<"$ours")" "$(wc -l <<<"$theirs")" 'as many answers' || true
}

steps=$(cat <<'STEPS'
Filesystem
Filesystem status
Filesystem none /run/data tmpfs status
Filesystem none /run/data tmpfs start
Filesystem none /run/data tmpfs start
Filesystem none /run/data tmpfs status
Filesystem none /run/data tmpfs monitor
Filesystem none /run/data tmpfs stop
Filesystem none /run/data tmpfs stop
Filesystem none /run/new tmpfs size=1m start
Filesystem none /run/new tmpfs size=1m status
Filesystem none /run/new tmpfs size=1m stop
Filesystem /dev/nonesuch /run/data ext4 start
Filesystem /dev/nonesuch /run/data ext4 status
Filesystem /dev/nonesuch /run/data ext4 stop
Filesystem none /run/data nosuchfs start
Filesystem none /run/data tmpfs restart
IPsrcaddr
IPsrcaddr 10.9.0.5 bogus
IPsrcaddr 10.9.0.5 status
IPsrcaddr 10.9.0.5 start
IPsrcaddr 10.9.0.5 start
IPsrcaddr 10.9.0.5 status
IPsrcaddr 10.9.0.5 stop
IPsrcaddr 10.9.0.5 status
IPsrcaddr 10.9.0.77 start
IPsrcaddr 10.9.0.77 stop
IPsrcaddr junk start
LVM
LVM vg0 bogus
Raid1
Raid1 a status
Raid1 a b usage
!: >/run/md.conf
Raid1 /run/md.conf /dev/md0 status
Raid1 /run/md.conf /dev/md0 stop
Raid1 /run/md.conf /dev/md0 start
Raid1 /run/none.conf /dev/md0 start
portblock
portblock tcp 80 status
apache
apache a b status
apache bogus
apache /run/none.conf start
apache /run/none.conf status
apache /run/none.conf stop
Xinetd
Xinetd echo status
Xinetd echo start
Xinetd echo stop
MailTo
MailTo root status
MailTo root start
MailTo root status
MailTo root stop
MailTo root status
MailTo root bogus
Delay
Delay x start
Delay 1 2 3 start
Delay 0 bogus
OCF
OCF nonesuch x start
AudibleAlarm usage
AudibleAlarm node1 bogus
WinPopup bogus
WinPopup a b status
WinPopup status
ICP
ICP 5 status
ICP 5 /dev/x status
ServeRAID
ServeRAID 1 bogus
LinuxSCSI
LinuxSCSI 0:0:0 bogus
LinuxSCSI 0:0:0 status
db2
db2 inst bogus
ids
WAS
STEPS
)
compare "$PEER" "$steps"

# ---- the two of drbd-utils
DRBD=$HB_BUILD/drbd-utils
exec 9>"$DRBD.lock"
flock 9
hb_unpack "$DRBD" drbd-utils >/dev/null || { pass 'drbddisk and drbdupper # SKIP no drbd-utils to be had'; tap_end; exit; }
exec 9>&-
compare "$DRBD" "$(cat <<'STEPS'
!echo Secondary/Secondary >/run/role
drbddisk
drbddisk bogus
drbddisk status
drbddisk r0 bogus
drbddisk r0 r1 start
drbddisk r0 status
drbddisk r0 stop
drbddisk r0 start
drbddisk r0 start
drbddisk r0 status
drbddisk r0 stop
!echo Secondary/Primary >/run/role
drbddisk r0 status
!echo Primary >/run/role
drbddisk r0 status
!echo Secondary >/run/role
drbddisk r0 status
!echo Unconfigured >/run/role
drbddisk r0 status
drbddisk r0 stop
drbddisk start
drbddisk stop
!touch /run/refuse
!echo Primary >/run/role
drbddisk r0 stop
!rm /run/refuse; echo Secondary >/run/role
drbdupper
drbdupper r0 bogus
drbdupper r0 status
drbdupper r0 start
drbdupper r0 status
drbdupper r0 stop
drbdupper r0 status
STEPS
)"
tap_end
