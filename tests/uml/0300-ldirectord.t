#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The load balancer of the tutorials on real IPVS: two directors with heartbeat, two real servers by direct routing, a client.
# A real server that dies leaves and returns; a director that loses power is followed by the other one.
. "$(dirname "$0")/lib.sh"
[ -n "${HB_NIGHTLY:-}" ] || skip_all 'takes a minute: with --nightly'
VIP=10.78.1.200
RESOURCES="node1 IPaddr::$VIP/24/eth0 ldirectord::ldirectord.cf"
uml_up 2 --rs 2

WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"; uml_down' EXIT

# A server that says its name. Its processor time is the host's.
serve() {
    "$UMLRIG" exec "$RIG" "$1" -- perl -MIO::Socket::INET -e '
        my $s = IO::Socket::INET->new(LocalPort => 80, Listen => 64, ReuseAddr => 1) or die;
        open(my $f, ">", $ARGV[1]) or die;
        print $f $$;
        close $f;
        while (1) {
            my $c = $s->accept or next;
            while (defined(my $l = <$c>)) { last if $l =~ /^\r?$/ }
            print $c "HTTP/1.0 200 OK\r\nContent-Length: 4\r\n\r\n$ARGV[0]\n";
            close $c;
        }' "$1" "$WORK/$1" </dev/null >/dev/null 2>&1 &
}
die() { on "$1" kill "$(cat "$WORK/$1")"; }

# ask N: who answers N times, in any order, each once
ask() {
    on client bash -c 'for ((i = 0; i < $1; i++)); do
            exec 3<>/dev/tcp/$0/80 && printf "GET / HTTP/1.0\r\n\r\n" >&3 && tail -n 1 <&3
            exec 3<&-
        done 2>/dev/null | sort -u | xargs' "$VIP" "$1"
}
answers() { [ "$(ask 6)" = "$1" ]; }

for rs in rs1 rs2; do
    on "$rs" env HA_BIN="$HB_ROOT/usr/libexec/heartbeat" "$HB_ROOT/etc/ha.d/resource.d/lvsrs" "$VIP" start >/dev/null 2>&1
    ok $? "$rs takes the address without announcing it"
    serve "$rs"
done
configure 'initdead 10'
for node in "${NODES[@]}"; do
    put "$node" /etc/ha.d/ldirectord.cf <<CF
logfile="/rig/ldirectord.log"
checkinterval=1
checktimeout=5
quiescent=no
virtual=$VIP:80
	real=10.78.1.111:80 gate
	real=10.78.1.112:80 gate
	scheduler=rr
	service=http
	request="/"
	receive="rs"
CF
done
on node1 /etc/init.d/heartbeat start >/dev/null 2>&1 &
on node2 /etc/init.d/heartbeat start >/dev/null 2>&1
wait $!
check 'both servers answer at the service address' wait_for answers 'rs1 rs2'

die rs1
check 'one that dies leaves' wait_for answers rs2
serve rs1
check 'and returns' wait_for answers 'rs1 rs2'
is "$(on node1 /usr/sbin/ldirectord ldirectord.cf status 2>/dev/null | cut -d' ' -f1-5)" 'ldirectord for /etc/ha.d/ldirectord.cf is running' \
    'the director in service runs it' || true
rig crash node1
check 'a director that loses power is followed by the other one' wait_for answers 'rs1 rs2'
die rs2
check 'which checks the servers as well' wait_for answers rs1
on node2 /etc/init.d/heartbeat stop >/dev/null 2>&1
is "$(on node2 sed -n '4,$p' /proc/net/ip_vs)" '' 'an orderly stop leaves nothing in the table' || true
tap_end
