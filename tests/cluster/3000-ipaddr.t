#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# IPaddr, IPaddr2, IPv6addr, SendArp against the kernel: nodes a and b and a client c on one bridge,
# in namespaces that nobody else sees and that end with this test.
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
: "${HB_BUILD:=$HB_TOP/build}"
PROGRAM=${HB_IP:-${HB_ROOT:+$HB_ROOT/usr/libexec/heartbeat/hb-ip}}
: "${PROGRAM:=$HB_BUILD/plain/resource.d/ip/hb-ip}"

[ "$(id -u)" = 0 ] || skip_all 'needs root'
[ -x "$PROGRAM" ] || { echo "Bail out! no program $PROGRAM: run make first"; exit 1; }
if [ -z "${HB_IP_INSIDE:-}" ]; then
    unshare -n -m true 2>/dev/null || skip_all 'namespaces are not allowed here'
    HB_IP_INSIDE=1 exec unshare -n -m --propagation private "$0" "$@"
fi
mount -t tmpfs -o mode=755 tmpfs /run || exit 1     # also hides the names of other namespaces

NAMES=/run/names
mkdir "$NAMES"
cp "$PROGRAM" "$NAMES/hb-ip"
for name in IPaddr IPaddr2 IPv6addr SendArp; do ln -s hb-ip "$NAMES/$name"; done

ip link add br0 type bridge mcast_snooping 0
ip link set br0 up
for n in a b c; do
    ip netns add $n
    ip link add to-$n type veth peer name eth0 netns $n
    ip link set to-$n up master br0
    ip -n $n link set lo up
    ip -n $n link set eth0 up
done
ip -n a addr add 10.9.0.1/22 dev eth0
ip -n b addr add 10.9.0.2/22 dev eth0
ip -n c addr add 10.9.0.3/22 dev eth0
ip -n a addr add fd09::1/64 dev eth0 nodad
ip -n b addr add fd09::2/64 dev eth0 nodad
ip -n c addr add fd09::3/64 dev eth0 nodad
mac_of() { ip -n "$1" -o link show eth0 | sed 's/.*link.ether \([^ ]*\).*/\1/'; }
MAC_A=$(mac_of a) MAC_B=$(mac_of b)

# call NODE NAME ARGUMENTS...: sets OUT, ERR, CODE
call() {
    local node=$1 name=$2
    shift 2
    ip netns exec "$node" "$NAMES/$name" "$@" >/run/out 2>/run/err </dev/null
    CODE=$?
    OUT=$(cat /run/out) ERR=$(cat /run/err)
}

# expect CODE OUT SENTENCE: of the last call
expect() { is "$CODE $OUT" "$1 $2" "$3" || diag "$ERR"; }

# addresses NODE ADDRESS: as the kernel has them, without life times
addresses() { ip -n "$1" -o addr show to "$2" | sed 's/^[0-9]*: //; s/  */ /g; s/ *\\.*//'; }
neighbour() { ip -n c neigh show "$1" dev eth0 | sed -n 's/.*lladdr \([^ ]*\).*/\1/p'; }
forget() { ip -n c neigh replace "$1" lladdr "$2" dev eth0 nud stale; }

# soon COMMAND...: true within 2 s
soon() {
    local i
    for ((i = 0; i < 200; i++)); do
        "$@" && return
        sleep 0.01
    done
    return 1
}
has() { [ "$(neighbour "$1")" = "$2" ]; }
quiet() { [ -z "$(ip netns pids "$1")" ]; }

# ---- argument forms: the address that each leaves behind
while read -r name arg want; do
    address=${arg%%/*} address=${address#\[} address=${address%\]}
    call a "$name" "$arg" start
    is "$CODE $(addresses a "$address")" "0 $want" "$name $arg start"
    call a "$name" "$arg" status
    expect 0 'INFO:  Running OK' "$name $arg status"
    call a "$name" "$arg" stop
    is "$CODE $OUT $(addresses a "$address")" '0 INFO:  Success ' "$name $arg stop"
done <<'FORMS'
IPaddr 10.9.0.5 eth0 inet 10.9.0.5/22 brd 10.9.3.255 scope global secondary eth0
IPaddr2 10.9.0.5/24 eth0 inet 10.9.0.5/24 brd 10.9.0.255 scope global eth0
IPaddr2 10.9.0.5/24/eth0 eth0 inet 10.9.0.5/24 brd 10.9.0.255 scope global eth0
IPaddr 10.9.0.5/22/eth0/10.9.9.9 eth0 inet 10.9.0.5/22 brd 10.9.9.9 scope global secondary eth0
IPaddr 10.9.0.5/24/10.9.9.9 eth0 inet 10.9.0.5/24 brd 10.9.9.9 scope global eth0
IPaddr 10.9.0.5/24/10.9.9.9/eth7 eth0 inet 10.9.0.5/24 brd 10.9.9.9 scope global eth0
IPaddr 10.9.0.5/255.255.255.0/eth0 eth0 inet 10.9.0.5/24 brd 10.9.0.255 scope global eth0
IPaddr 10.9.0.5/24/eth0:3 eth0 inet 10.9.0.5/24 brd 10.9.0.255 scope global eth0:3
IPaddr 10.9.0.5//eth0 eth0 inet 10.9.0.5/22 brd 10.9.3.255 scope global secondary eth0
IPaddr 192.0.2.7/32/eth0 eth0 inet 192.0.2.7/32 scope global eth0
IPaddr 192.0.2.7/32/lo lo inet 192.0.2.7/32 scope global lo
hb-ip 10.9.0.5 eth0 inet 10.9.0.5/22 brd 10.9.3.255 scope global secondary eth0
IPv6addr fd09::5 eth0 inet6 fd09::5/64 scope global nodad
IPv6addr fd09::5/128/eth0 eth0 inet6 fd09::5/128 scope global nodad
IPv6addr [fd09::5]/64/eth0 eth0 inet6 fd09::5/64 scope global nodad
IPaddr fd09::5/64/eth0:1 eth0 inet6 fd09::5/64 scope global nodad
IPaddr2 fe80::5/64/eth0 eth0 inet6 fe80::5/64 scope link nodad
FORMS
call a IPv6addr fd09 5/64/eth0 start
is "$CODE $(addresses a fd09::5)" '0 eth0 inet6 fd09::5/64 scope global nodad' \
    'an IPv6 address that haresources tore apart is put together'
call a IPv6addr fd09 5/64/eth0 stop

# ---- status, again and again
call a IPaddr 10.9.0.5/22/eth0 status
expect 7 'INFO:  Resource is stopped' 'a stopped address is stopped'
call a IPaddr 10.9.0.5/22/eth0 monitor
expect 7 'INFO:  Resource is stopped' 'monitor is status'
call a IPaddr 10.9.0.5/22/eth7 status
expect 7 'INFO:  Resource is stopped' 'an address on a missing interface is stopped'
call a IPaddr 10.9.0.5/22/eth7 stop
expect 0 'INFO:  Success' 'stop on a missing interface succeeds'
call a IPaddr 10.9.0.5/22/eth0 start
call a IPaddr 10.9.0.5/22/eth0 start
is "$CODE $OUT $(addresses a 10.9.0.5 | wc -l)" '0 INFO:  Success 1' 'a second start changes nothing'
call a IPaddr 10.9.0.5 start
expect 0 'INFO:  Success' 'nor does one with fewer arguments'
call a IPaddr 10.9.0.5/24/eth0 start
is "$CODE" 1 'a start with another prefix length is refused'
like "$ERR" 'prefix length 22: write 10\.9\.0\.5/22' 'and what would be right is said'
call a IPaddr 10.9.0.5/22/lo status
expect 7 'INFO:  Resource is stopped' 'an address on another interface does not count'
call a IPaddr 10.9.0.5/24/eth0 stop
is "$CODE $OUT $(addresses a 10.9.0.5)" '0 INFO:  Success ' 'a stop takes it whatever its prefix length'
call a IPaddr 10.9.0.5/24/eth0 stop
expect 0 'INFO:  Success' 'a second stop succeeds'

# ---- an address that somebody else has
for arg in 10.9.0.5/22/eth0 fd09::5/64/eth0; do
    call b IPaddr "$arg" start
    call a IPaddr "$arg" start
    expect 151 'ERROR:  Address in use' "$arg of another machine is not started"
    like "$ERR" "^IPaddr: address in use by $MAC_B on eth0: [^[:cntrl:]]*\$" 'who has it is said'
    is "$(addresses a "${arg%%/*}")" '' 'and it is not added'
    call a IPaddr "$arg" stop
    expect 0 'INFO:  Success' 'the stop after it succeeds'
    HA_hb4_probed=1 call a IPaddr "$arg" start
    is "$CODE $(addresses a "${arg%%/*}" | wc -l)" '0 1' 'who has asked himself is not asked again'
    call a IPaddr "$arg" stop
    call b IPaddr "$arg" stop
    call a IPaddr "$arg" start
    expect 0 'INFO:  Success' "$arg is free again"
    call a IPaddr "$arg" stop
done

# ---- the kernel's own duplicate check has refused it
failed() { ip -n a -6 addr show dev eth0 dadfailed | grep -q fd09::8; }
ip -n b addr add fd09::8/64 dev eth0 nodad
ip -n a addr add fd09::8/64 dev eth0
check 'an address that another machine has fails in the kernel' soon failed
call a IPv6addr fd09::8/64/eth0 status
expect 7 'INFO:  Resource is stopped' 'such an address counts as stopped'
ip -n b addr del fd09::8/64 dev eth0
call a IPv6addr fd09::8/64/eth0 start
is "$CODE $(addresses a fd09::8)" '0 eth0 inet6 fd09::8/64 scope global nodad' \
    'a start makes it a good one'
call a IPv6addr fd09::8 stop

# ---- neighbours learn of a move
for address in 10.9.0.6 fd09::6; do
    forget $address "$MAC_B"
    call a IPaddr $address start
    check "$address: the neighbour has the new MAC" soon has $address "$MAC_A"
    forget $address "$MAC_B"
    check "$address: and learns it again, should it have missed it" soon has $address "$MAC_A"
    call a IPaddr $address stop
    soon quiet a
    forget $address "$MAC_B"
    call a IPaddr $address start
    call a IPaddr $address start
    check "$address: a repeated start announces" soon has $address "$MAC_A"
    began=${EPOCHREALTIME/./}
    call a IPaddr $address stop
    check "$address: the announcer ends" soon quiet a
    check "$address: with the address, not by its clock" [ $((${EPOCHREALTIME/./} - began)) -lt 700000 ]
done

# ---- the caller is free at once
began=${EPOCHREALTIME/./}
is "$(ip netns exec a "$NAMES/IPaddr" 10.9.0.5 start 2>&1)" \
    $'IPaddr: sent gratuitous ARP for 10.9.0.5 on eth0\nINFO:  Success' 'the output ends'
check 'while announcements go on' [ $((${EPOCHREALTIME/./} - began)) -lt 700000 ]
call a IPaddr 10.9.0.5 stop
ip netns exec a "$NAMES/IPaddr" 10.9.0.5 start <&- >&- 2>&-
is "$? $(addresses a 10.9.0.5 | wc -l)" '0 1' 'closed descriptors do no harm'
ip netns exec a "$NAMES/IPaddr" 10.9.0.5 status >/dev/full
is $? 0 'nor does an output that takes nothing'
exec 7> >(exec true)
wait $!
ip netns exec a "$NAMES/IPaddr" 10.9.0.5 stop >&7
is "$? $(addresses a 10.9.0.5)" '0 ' 'nor does one that nobody reads'
exec 7>&-

# ---- other addresses stay
ip netns exec a sh -c 'echo 0 >/proc/sys/net/ipv4/conf/all/promote_secondaries
    echo 0 >/proc/sys/net/ipv4/conf/eth0/promote_secondaries' 2>/dev/null
call a IPaddr 192.0.2.1/24/eth0 start
call a IPaddr 192.0.2.2/24/eth0 start
like "$(addresses a 192.0.2.2)" secondary 'the second address of a network is a secondary one'
call a IPaddr 192.0.2.1/24/eth0 stop
is "$CODE $(addresses a 192.0.2.0/24)" \
    '0 eth0 inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0' 'the first takes no other with it'
call a IPaddr 192.0.2.2 stop
is "$(addresses a 192.0.2.0/24)" '' 'the last one goes, too'

# ---- a director that is a real server as well: the loopback has the address, and keeps it
ip -n a addr add 10.9.0.8/32 dev lo
call a IPaddr2 10.9.0.8 status
expect 7 'INFO:  Resource is stopped' 'an address of the loopback is not up for that'
call a IPaddr2 10.9.0.8 start
is "$CODE $(addresses a 10.9.0.8 | cut -d' ' -f1-3 | sort | tr '\n' ';')" '0 eth0 inet 10.9.0.8/22;lo inet 10.9.0.8/32;' \
    'it is added where its network is, also when no interface is named' || diag "$ERR"
call a IPaddr2 10.9.0.8 stop
is "$CODE $(addresses a 10.9.0.8 | cut -d' ' -f1-3)" '0 lo inet 10.9.0.8/32' 'a stop leaves that of the loopback'
ip -n a addr del 10.9.0.8/32 dev lo

# ---- SendArp
forget 10.9.0.7 "$MAC_B"
ip -n a addr add 10.9.0.7/32 dev lo
call a SendArp 10.9.0.7/eth0 start
expect 0 'INFO:  Success' 'SendArp announces an address of the loopback'
check 'and the neighbour hears it' soon has 10.9.0.7 "$MAC_A"
forget 10.9.0.7 "$MAC_B"
check 'more than once' soon has 10.9.0.7 "$MAC_A"
call a SendArp 10.9.0.7/eth0 status
expect 7 '' 'its status is stopped, without a word'
ip -n a addr del 10.9.0.7/32 dev lo
check 'it ends with the address' soon quiet a
forget 10.9.0.7 "$MAC_B"
call a SendArp 10.9.0.7/eth0 start
check 'an address that is not here is announced' soon has 10.9.0.7 "$MAC_A"
check 'once' quiet a
call a SendArp 10.9.0.7/eth0 stop
expect 0 'INFO:  Success' 'SendArp stop succeeds'
call a SendArp fd09::1 start
expect 0 'INFO:  Success' 'SendArp finds the interface by itself'
is "$(addresses a 10.9.0.7)" '' 'SendArp adds nothing'
soon quiet a

# ---- what is refused, with which code and words
ip -n a link add down0 type veth peer name down1
while IFS='|' read -r code words line; do
    # shellcheck disable=SC2086  # the words of a command line
    call a $line
    like "$CODE $ERR" "^$code [^ ]*: .*$words" "$line: exit $code, '$words'"
    is "$(wc -l </run/err)" 1 "$line: one line says why"
    refuse "$line: no word that would mean it is up" grep -qE 'OK|[Rr]unning' /run/out
done <<'ERRORS'
6|no interface 'eth7': write|IPaddr 10.9.0.5/24/eth7 start
6|down0 is down: run|IPaddr 10.9.0.5/24/down0 start
6|no interface is in a network.*write 10.99.0.1/PREFIX/INTERFACE|IPaddr 10.99.0.1 start
6|no network of eth0 contains.*write 10.99.0.1/PREFIX/eth0|IPaddr 10.99.0.1//eth0 start
6|behind every interface: write|IPv6addr fe80::5 start
6|no interface is in a network|IPv6addr fd10::5 start
6|on the loopback|IPaddr 127.0.0.1 start
6|not an address|IPaddr 10.9.0.500/24/eth0 start
6|not an address|IPaddr 10.9.0.500/24/eth0 status
0|not an address|IPaddr 10.9.0.500/24/eth0 stop
6|not an IPv6 address|IPv6addr 10.9.0.5 start
6|netmask|IPaddr 10.9.0.5/33 start
6|no interface 'eth7'|SendArp 10.9.0.5/eth7 start
1|missing|IPaddr start
1|Unknown operation: restart|IPaddr 10.9.0.5 restart
ERRORS
ip -n a route add default via 10.9.0.2
call a IPaddr 10.99.0.1 start
is "$CODE" 6 'a default route names no network'
call a IPaddr 10.99.0.1/30 start
is "$CODE $(addresses a 10.99.0.1)" '0 eth0 inet 10.99.0.1/30 brd 10.99.0.3 scope global eth0' \
    'but leads to the interface of one that is written' || diag "$ERR"
like "$ERR" '^IPaddr: sent gratuitous ARP for 10\.99\.0\.1 on eth0$' 'that it was announced is said'
call a IPaddr 10.99.0.1/30 status
expect 0 'INFO:  Running OK' 'it is up there'
call a IPaddr 10.99.0.1/30 stop
is "$CODE $(addresses a 10.99.0.1)" '0 ' 'and is stopped again'
# IPaddr2 alone switches an interface on, as in heartbeat 3
ip -n a link set down1 up
call a IPaddr2 10.9.9.5/24/down0 start
is "$CODE $(addresses a 10.9.9.5 | wc -l)" '0 1' 'IPaddr2 on an interface that is down starts'
like "$(ip -n a -o link show down0)" '[<,]UP[,>]' '... and has switched it on'
call a IPaddr2 10.9.9.5/24/down0 stop
ip netns exec a sysctl -qw net.ipv6.conf.down0.disable_ipv6=1
ip -n a link set down0 up
call a IPaddr fd09::5/64/down0 start
like "$CODE $ERR" '^6 .*IPv6 is off on down0: run' 'an interface without IPv6 is named'
call a IPaddr restart
like "$OUT" '^ERROR: Unknown operation: restart' 'the words of an unknown operation are the old ones'
like "$OUT" 'usage: IPaddr ADDRESS' 'and the usage follows'
call a IPaddr2 help
like "$CODE $OUT" '^0 usage: IPaddr2 ADDRESS' 'help is no failure'
ip netns exec a setpriv --reuid 65534 --regid 65534 --clear-groups "$NAMES/IPaddr" 10.9.0.5 start \
    >/run/out 2>/run/err
CODE=$?
like "$CODE $(cat /run/out /run/err)" '^4 ERROR:  User had insufficient privilege' 'a user may not'
like "$(cat /run/err)" 'run it as root' 'and is told who may'
is "$(addresses a 10.9.0.5)" '' 'nothing of all this added the address'

soon quiet a
umount /run 2>/dev/null || true
tap_end
