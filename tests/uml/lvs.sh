# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# lvs.sh - sourced behind lib.sh by the tests of the load balancer: two directors with heartbeat, two real servers by direct routing, which
# have taken the address already, a client, and what they are asked.
VIP=10.78.1.200
# shellcheck disable=SC2034  # read by lib.sh
RESOURCES="node1 IPaddr::$VIP/24/eth0 ldirectord::ldirectord.cf"
uml_up 2 --rs 2

WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"; uml_down' EXIT

# A server that says its name. Its processor time is the host's.
serve() {
    "$UMLRIG" exec "$RIG" "$1" -- perl -MIO::Socket::INET -e '
        $SIG{PIPE} = "IGNORE";       # a director that leaves ends its checks where they are
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
# The same for connections that last: port 81 says what it is told.
serve_echo() {
    "$UMLRIG" exec "$RIG" "$1" -- perl -MIO::Socket::INET -e '
        $SIG{PIPE} = "IGNORE";
        my $s = IO::Socket::INET->new(LocalPort => 81, Listen => 64, ReuseAddr => 1) or die;
        $SIG{CHLD} = "IGNORE";
        while (1) {
            my $c = $s->accept or next;
            if (fork) { close $c; next }
            $c->autoflush(1);
            while (defined(my $l = <$c>)) { print $c $l }
            exit;
        }' </dev/null >/dev/null 2>&1 &
}

# One connection of the client, that says a number five times a second and notes which came back.
hold() {
    "$UMLRIG" exec "$RIG" client -- perl -MIO::Socket::INET -MIO::Select -e '
        my $c = IO::Socket::INET->new(PeerAddr => $ARGV[0], PeerPort => 81, Timeout => 20) or die;
        $c->autoflush(1);
        for (my $i = 1; ; $i++) {
            print $c "$i\n" or last;
            IO::Select->new($c)->can_read(60) or last;
            my $l = <$c>;
            last unless defined $l && $l == $i;
            open(my $f, ">", "$ARGV[1].new") or die;
            print $f $i;
            close $f;
            rename "$ARGV[1].new", $ARGV[1];
            select undef, undef, undef, 0.2;
        }
        rename $ARGV[1], "$ARGV[1].cut"' "$VIP" "$WORK/beat" </dev/null >/dev/null 2>&1 &
}
beats() { [ "$(cat "$WORK/beat" 2>/dev/null || echo 0)" -gt "$1" ]; }
of_node() { grep -qF -- "$2" "$(of "$1" ldirectord.log)" 2>/dev/null; }

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
    # with a /run of its own: its files are the host's
    on "$rs" unshare -m sh -c 'mount -t tmpfs tmpfs /run && exec "$@"' sh env HA_BIN="$HB_ROOT/usr/libexec/heartbeat" \
        "$HB_ROOT/etc/ha.d/resource.d/lvsrs" "$VIP" start >/dev/null 2>&1
    ok $? "$rs takes the address without announcing it"
    serve "$rs"
    serve_echo "$rs"
done

# directors [LINE...]: ldirectord.cf of both, with these lines in front
directors() {
    local node
    for node in "${NODES[@]}"; do
        { printf '%s\n' "$@"; cat; } <<CF | put "$node" /etc/ha.d/ldirectord.cf
logfile="/rig/ldirectord.log"
checkinterval=1
checktimeout=5
quiescent=no
syncdaemon=eth0
virtual=$VIP:81
	real=10.78.1.111:81 gate
	real=10.78.1.112:81 gate
	scheduler=rr
	checktype=connect

virtual=$VIP:80
	real=10.78.1.111:80 gate
	real=10.78.1.112:80 gate
	scheduler=rr
	service=http
	request="/"
	receive="rs"
CF
    done
}
