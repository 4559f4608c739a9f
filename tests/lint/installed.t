#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed stands alone: it names no path of the tree it was built in, needs no library that the README does not
# name, and runs where that tree cannot be seen. Taken away again it leaves nothing.
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
HB_BUILD=${HB_BUILD:-$HB_TOP/build}
HB_ROOT=${HB_ROOT:-$HB_BUILD/root}
export LC_ALL=C
[ -x "$HB_ROOT/usr/libexec/heartbeat/heartbeat" ] || { echo "Bail out! nothing installed in $HB_ROOT"; exit 1; }
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT

TREE=(-e "$HB_TOP/heartbeat/" -e "$HB_TOP/resource.d/" -e "$HB_TOP/lib/" -e "$HB_BUILD/plain")
is "$(grep -rlF "${TREE[@]}" "$HB_ROOT")" '' 'no file names the tree it was built in' || true
is "$(find "$HB_ROOT/usr/lib/heartbeat" -name '*.la')" '' 'no notes of libtool lie beside plugins' || true
find "$HB_ROOT" -type f \( -perm -100 -o -name '*.so*' \) -exec readelf -d {} + >"$WORK/dynamic" 2>/dev/null
check 'what programs and libraries need can be read' grep -q '(NEEDED).*\[libc\.so' "$WORK/dynamic"
is "$(grep -E 'RPATH|RUNPATH' "$WORK/dynamic")" '' 'no program looks for libraries of its own' || true

told=" $(sed -n '/needs at run time:$/{n;s/^`\(.*\)`.*/\1/p}' "$HB_TOP/README.md") "
like "$told" 'lib' 'the README names what is needed at run time' || true
untold=
for name in $(sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' "$WORK/dynamic" | sort -u); do
    [ -z "$(find "$HB_ROOT/usr/lib" -name "$name")" ] || continue
    owner=$(dpkg-query -S "*/$name" 2>/dev/null | head -n 1)
    owner=${owner%%:*}
    case "$told libc6 " in *" $owner "*) ;; *) untold+="$name ($owner) " ;; esac
done
is "$untold" '' 'and forgets none' || true

cp -a "$HB_ROOT" "$WORK/root" || exit 1
make -s -C "$HB_BUILD/plain" uninstall DESTDIR="$WORK/root" >"$WORK/uninstall" 2>&1 || diag "$(tail -n 5 "$WORK/uninstall")"
is "$(find "$WORK/root" ! -type d)" '' 'make uninstall leaves nothing' || true

# Inside: what is installed lies over the machine's own, and the tree is hidden.
inside='
    mount -t tmpfs -o mode=755 tmpfs /mnt && mount --bind "$1" /media || exit 99
    for dir in etc usr var; do
        mkdir -p "/mnt/$dir/up" "/mnt/$dir/work" "/media/$dir"
        mount -t overlay overlay -o "lowerdir=/media/$dir:/$dir,upperdir=/mnt/$dir/up,workdir=/mnt/$dir/work" "/$dir" || exit 99
    done
    mount -t tmpfs -o mode=755 tmpfs /run
    for dir in "$2" "$3"; do [ ! -d "$dir" ] || mount -t tmpfs tmpfs "$dir" || exit 99; done
    cd / && hostname node1 && ldconfig
    echo "haclient:x:997:" >>/etc/group
    printf "%s:x:%s:997::/:/usr/sbin/nologin\n" heartbeat 998 hacluster 997 >>/etc/passwd
    ip link set lo up
    ip link add eth0 type veth peer name peer0
    ip link set peer0 up
    ip link set eth0 up
    ip addr add 10.9.0.1/24 brd + dev eth0
    printf "%s\n" "logfile /var/log/ha-log" "bcast eth0" "auto_failback on" "node node1 node2" >/etc/ha.d/ha.cf
    echo "node1 IPaddr::10.9.0.9/24/eth0" >/etc/ha.d/haresources
    (umask 077; printf "auth 1\n1 sha1 a test secret\n" >/etc/ha.d/authkeys)
    "$4/heartbeat" --check || exit 1
    for verb in start status stop; do /etc/ha.d/resource.d/IPaddr 10.9.0.9/24/eth0 $verb; done
    for verb in start status stop; do timeout 120 /etc/init.d/heartbeat $verb; echo "$verb: $?"; done
    hb_status
    [ -e "$2/configure.ac" ] || echo hidden
'
if [ "$(id -u)" = 0 ] && unshare -m -n -p -u -f true 2>/dev/null; then
    out=$(unshare -m -n -p -u -f --kill-child --propagation private --mount-proc bash -c "$inside" inside \
        "$HB_ROOT" "$HB_TOP" "$HB_BUILD" /usr/libexec/heartbeat 2>&1 </dev/null)
    for text in 'the configuration can be used' 'INFO:  Success' 'INFO:  Running OK' 'start: 0' 'is running on node1' 'status: 0' \
        'stop: 0' 'heartbeat is not running on this machine' hidden; do
        like "$out" "$text" "with the tree hidden: $text" || { diag "$out"; break; }
    done
else
    diag 'not run with the tree hidden: needs root and namespaces'
fi
tap_end
