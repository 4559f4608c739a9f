#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Two nodes of 3.0.6 with our dopd on one and Debian's on the other: each asks the other, with each other's
# drbd-peer-outdater too; drbdadm is played, and must truly have been called.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
rig_up 2 --install "$PEER"
PRODUCT=([node1]=old [node2]=old)
chmod 755 "$WORK"
cp -L "$HB_ROOT"/usr/libexec/heartbeat/{dopd,drbd-peer-outdater} "$HB_ROOT/usr/lib/libhbclient.so.1" "$WORK/"
RESOURCES='node1 svc::web'
configure
LINES=('env PATH=/etc/ha.d/bin:/usr/sbin:/usr/bin:/sbin:/bin' 'apiauth dopd gid=haclient uid=hacluster,root')
cf "${LINES[@]}" "respawn root /usr/bin/env PATH=/etc/ha.d/bin:/usr/sbin:/usr/bin LD_LIBRARY_PATH=$WORK $WORK/dopd" |
    put node1 /etc/ha.d/ha.cf
cf "${LINES[@]}" 'respawn root /usr/bin/env PATH=/etc/ha.d/bin:/usr/sbin:/usr/bin:/bin /usr/libexec/heartbeat/dopd' |
    put node2 /etc/ha.d/ha.cf
put all /etc/ha.d/bin/drbdadm 755 <<'SH'
#!/bin/sh
echo "$*" >>/var/log/drbdadm
case $2 in
good) exit 0 ;;
stale) exit 5 ;;
primary) exit 17 ;;
killed) kill -9 $$ ;;
esac
exit 1
SH
for n in node1 node2; do on $n sh -c 'mkdir -p /run/heartbeat/dopd && chown hacluster:haclient /run/heartbeat/dopd'; done
on node1 mkdir -p /etc/ha.d/bin

client_on() { [ "$(on node1 cl_status clientstatus "$1" dopd 2000 2>/dev/null)" = online ]; }
listens() { on "$1" test -S /run/heartbeat/dopd/outdater; }
start node1 node2
check 'both nodes are up' wait_for settled
for n in node1 node2; do
    check "dopd of $n has signed on" wait_for client_on $n
    check "and listens" wait_for listens $n
done

# outdate NODE WHOSE PEER RESOURCE: the exit code
outdate() {
    local program=/usr/libexec/heartbeat/drbd-peer-outdater
    [ "$2" = ours ] && program="env LD_LIBRARY_PATH=$WORK $WORK/drbd-peer-outdater"
    # shellcheck disable=SC2086  # words
    on "$1" $program -p "$3" -r "$4" -t 30 >>"$WORK/said" 2>&1
    echo $?
}
called() { [ "$(on "$1" cat /var/log/drbdadm 2>/dev/null)" = "$2" ]; }

# Debian's dopd dies after each request of its own node: it gets one.
for whose in ours theirs; do
    on node2 rm -f /var/log/drbdadm
    want=
    for what in good:4 stale:3 primary:6 other:20 killed:20; do
        is "$(outdate node1 $whose NODE2 ${what%:*})" "${what#*:}" "node1, $whose: ${what%:*}" || true
        want+="outdate ${what%:*}"$'\n'
    done
    check 'drbdadm was called on node2 for each' called node2 "${want%$'\n'}"
    is "$(outdate node1 $whose node1 good)" 5 "node1, $whose: the node itself" || true
    is "$(outdate node1 $whose nosuch good)" 5 "node1, $whose: a node that is not known" || true
done
is "$(outdate node2 ours node1 good)" 4 "node2, ours: good" || true
check 'drbdadm was called on node1' called node1 'outdate good'
is "$(outdate node1 ours node2 '--all')" 20 'an option in the place of a resource goes nowhere' || true
on node1 env LD_LIBRARY_PATH="$WORK" "$WORK/drbd-peer-outdater" -h >/dev/null
is $? 0 'help' || true
on node1 env LD_LIBRARY_PATH="$WORK" "$WORK/drbd-peer-outdater" -x >/dev/null 2>&1
is $? 1 'wrong usage' || true
tap_end
