#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# portblock, IPsrcaddr, lvsrs with the kernel of a namespace of their own; LVSSyncDaemonSwap with a stub.
. "$(dirname "$0")/rsc.sh"
ip link set lo up
ip link add eth0 type veth peer name peer0 || exit 1
ip link set eth0 up
ip link set peer0 up
ip addr add 10.9.0.1/24 dev eth0
ip addr add 10.9.0.5/24 dev eth0
ip -6 addr add fd09::1/64 dev eth0 nodad
ip -6 addr add fd09::5/64 dev eth0 nodad

# ---- IPsrcaddr
source_of() { ip route get "$1" | sed -n 's/.* src \([^ ]*\).*/\1/p'; }
gives 'IPsrcaddr' 1 "usage: $RSC/IPsrcaddr <ip-address> (start|stop|status|usage|meta-data)"
gives 'IPsrcaddr 10.9.0.5 start' 1 'ERROR:  Generic error'
like "$ERR" 'no default route' '... for there is no default route'
ip route add default via 10.9.0.254 metric 50
ip -6 route add default via fd09::fe
gives 'IPsrcaddr 10.9.0.5 status' 7 "$DOWN"
gives 'IPsrcaddr 10.9.0.5 start' 0 "$DONE"
is "$(source_of 192.0.2.1) $(source_of 10.9.0.77)" '10.9.0.5 10.9.0.5' 'connections to near and far come from it'
gives 'IPsrcaddr 10.9.0.5 start' 0 "$DONE"
is "$(ip route show default | wc -l)" 1 'there is one default route'
gives 'IPsrcaddr 10.9.0.5 status' 0 "$UP"
gives 'IPsrcaddr 10.9.0.1 status' 7 "$DOWN"
gives 'IPsrcaddr 10.9.0.1 stop' 0 "$DONE"
is "$(source_of 192.0.2.1)" 10.9.0.5 'stop of another address changes nothing'
gives 'IPsrcaddr 10.9.0.5 stop' 0 "$DONE"
is "$(source_of 192.0.2.1) $(source_of 10.9.0.77)" '10.9.0.1 10.9.0.1' 'and then no longer'
like "$(ip route show default)" 'metric 50' 'the route is the same otherwise'
gives 'IPsrcaddr 10.9.0.5 stop' 0 "$DONE"
gives 'IPsrcaddr 10.9.0.77 start' 5 'ERROR:  Program is not installed'
gives 'IPsrcaddr 10.9.0.77 stop' 0 "$DONE"
gives 'IPsrcaddr junk start' 6 'ERROR:  Program is not configured'
gives 'IPsrcaddr fd09::5 start' 0 "$DONE"
is "$(source_of 2001:db8::1)" fd09::5 'IPv6, too'
gives 'IPsrcaddr fd09::5 status' 0 "$UP"
gives 'IPsrcaddr fd09::5 stop' 0 "$DONE"
gives 'IPsrcaddr fd09::5 status' 7 "$DOWN"

# ---- lvsrs
arp() { cat /proc/sys/net/ipv4/conf/{lo,all}/arp_{ignore,announce} | tr '\n' ' '; }
gives 'lvsrs status' 6 'ERROR:  Program is not configured'
gives 'lvsrs 10.9.9.9 status' 7 "$DOWN"
gives 'lvsrs 10.9.9.9 start' 0 "$DONE"
gives 'lvsrs 10.9.9.9 start' 0 "$DONE"
is "$(arp)" '1 2 1 2 ' 'no ARP for it'
is "$(ip -o -4 addr show dev lo to 10.9.9.9 | sed 's/.*inet //; s/ *\\.*//')" '10.9.9.9/32 scope global lo:0' 'it is on lo:0'
gives 'lvsrs 10.9.9.9 status' 0 "$UP"
gives 'lvsrs 10.9.9.9 10.9.9.8 fd00::9 status' 7 "$DOWN"
gives 'lvsrs 10.9.9.9 10.9.9.8 fd00::9 start' 0 "$DONE"
gives 'lvsrs 10.9.9.9 10.9.9.8 fd00::9 status' 0 "$UP"
gives 'lvsrs 10.9.9.8 fd00::9 stop' 0 "$DONE"
is "$(arp)" '1 2 1 2 ' 'one is left: still no ARP'
mkdir "$WORK/ha.d"
echo '10.9.9.9 # the service' >"$WORK/ha.d/lvsrs"
export HA_DIR=$WORK/ha.d
gives 'lvsrs status' 0 "$UP"
gives 'lvsrs stop' 0 "$DONE"
gives 'lvsrs stop' 0 "$DONE"
is "$(arp)" '0 0 0 0 ' 'none is left: as before'
gives 'lvsrs status' 7 "$DOWN"
set_arp() { echo "$2" >"/proc/sys/net/ipv4/conf/$1"; }
set_arp all/arp_ignore 2
set_arp lo/arp_announce 1
gives 'lvsrs start' 0 "$DONE"
is "$(arp)" '1 2 2 2 ' 'what is as strict stays'
set_arp all/arp_announce 0
gives 'lvsrs status' 1 'ERROR:  Generic error'
gives 'lvsrs start' 0 "$DONE"
gives 'lvsrs status' 0 "$UP"
gives 'lvsrs stop' 0 "$DONE"
is "$(arp)" '0 1 2 0 ' 'and after the last one all is as before the first'
set_arp all/arp_ignore 0
set_arp lo/arp_announce 0

# ---- portblock: a client comes in, or does not
stub iptables <<<'exit 1'
usage="usage: $RSC/portblock {udp|tcp} portno,portno {block|unblock} (start|stop|status|usage|meta-data)"
gives 'portblock tcp 80 status' 1 "$usage"
if nft list tables >/dev/null 2>&1 &&
    nft 'add table inet x { chain c { type filter hook input priority -500; tcp dport { 1 } drop; }; }' 2>/dev/null; then
    nft delete table inet x
    perl -MIO::Socket::INET -e 'my @s = map { IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $_, Listen => 5) or die } 7001, 7002;
        open F, ">", "/run/trial/listening"; close F; sleep 1000' &
    soon test -e "$WORK/listening"
    enter() {   # PORT: in, out or refused
        perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => shift, Timeout => 1)' "$1" &&
            echo in || echo out
    }
    gives 'portblock tcp 7001,7003:7005 block status' 7 "$DOWN"
    is "$(enter 7001) $(enter 7002)" 'in in' 'both ports are open'
    gives 'portblock tcp 7001,7003:7005 block start' 0 "$DONE"
    gives 'portblock tcp 7001,7003:7005 block start' 0 "$DONE"
    is "$(enter 7001) $(enter 7002)" 'out in' 'block start: one is not'
    gives 'portblock tcp 7001,7003:7005 block status' 0 "$UP"
    gives 'portblock tcp 7001,7003:7005 unblock status' 7 "$DOWN"
    gives 'portblock tcp 7001,7003:7005 unblock start' 0 "$DONE"
    is "$(enter 7001)" in 'unblock start: it is again'
    gives 'portblock tcp 7001,7003:7005 unblock status' 0 "$UP"
    gives 'portblock tcp 7001,7003:7005 block status' 7 "$DOWN"
    gives 'portblock tcp 7001,7003:7005 unblock stop' 0 "$DONE"
    is "$(enter 7001)" out 'unblock stop: it is not'
    gives 'portblock tcp 7001,7003:7005 unblock status' 7 "$DOWN"
    calls >/dev/null
    gives 'portblock tcp 7001,7003:7005 block stop' 0 "$DONE"
    gives 'portblock tcp 7001,7003:7005 block stop' 0 "$DONE"
    is "$(enter 7001)" in 'block stop: it is'
    like "$(calls)" 'iptables .*-D INPUT -p tcp -d 0.0.0.0/0 -m multiport --dports 7001,7003:7005 -j DROP' \
        'a rule of the old script is removed, too'
    is "$(nft list tables)" '' 'no table is left'
    gives 'portblock icmp 80 block start' 6 'ERROR:  Program is not configured'
    gives 'portblock tcp 80} block start' 6 'ERROR:  Program is not configured'
    gives 'portblock tcp 80 frob start' 6 'ERROR:  Program is not configured'
    gives 'portblock tcp 99999 block start' 1 'ERROR:  Generic error'
else
    diag 'no nftables in this kernel: portblock is not tried'
fi

# ---- LVSSyncDaemonSwap
stub ipvsadm <<SH
case \$1 in
-L) cat $WORK/daemon ;;
--stop-daemon) sed -i "/^\$2 /d" $WORK/daemon ;;
--start-daemon) echo "\$2 sync daemon (mcast=\$4, syncid=\$6)" >>$WORK/daemon ;;
esac
SH
: >"$WORK/daemon"
gives 'LVSSyncDaemonSwap' 1 "usage: $RSC/LVSSyncDaemonSwap {master|backup} (start|stop|status|usage|meta-data)"
gives 'LVSSyncDaemonSwap master status' 7 "$DOWN"
gives 'LVSSyncDaemonSwap master start' 0 "$DONE"
gives 'LVSSyncDaemonSwap master start' 0 "$DONE"
is "$(cat "$WORK/daemon")" 'master sync daemon (mcast=eth0, syncid=0)' 'it sends'
gives 'LVSSyncDaemonSwap master status' 0 "$UP"
HA_LVS_SYNC_INTERFACE=eth1 HA_LVS_SYNC_ID=7 call LVSSyncDaemonSwap master stop
expect 0 "$DONE" 'stop'
is "$(cat "$WORK/daemon")" 'backup sync daemon (mcast=eth1, syncid=7)' 'it receives, where the configuration says'
gives 'LVSSyncDaemonSwap frob start' 6 'ERROR:  Program is not configured'
tap_end
