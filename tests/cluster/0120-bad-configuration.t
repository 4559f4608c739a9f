#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A broken configuration is refused before anything starts: exit 6, with file and line.
. "$(dirname "$0")/lib.sh"
rig_up 1
configure
HB=/usr/libexec/heartbeat/heartbeat

check 'the configuration of the tests is accepted' on node1 $HB --check

# refused TEXT PATTERN: what is on the node now does not start, and says where
refused() {
    local out rc
    out=$(on node1 $HB 2>&1)
    rc=$?
    is $rc 6 "$1: exit 6" || diag "$out"
    like "$out" "$2" "$1: says where" || true
    refuse "$1: nothing runs" our_processes node1 || on node1 $HB -k
}

# Each line is added to a good ha.cf, as its tenth line.
N=10
while read -r line; do
    { cf; for ((i = $(cf | wc -l); i < N - 1; i++)); do echo; done; echo "$line"; } | put all /etc/ha.d/ha.cf
    refused "$line" "ha\.cf:$N: error"
done <<'CASES'
nonsense 1
KeepAlive 1
keepalive 1s
keepalive 0
keepalive -3
warntime 0
auto_failback perhaps
mcast
mcast eth0 10.0.0.1 694 1 0
mcast eth0 225.0.0.1 694 7 0
ucast eth0
ucast eth0 no.such.host.invalid
udpport 0
baud 1234
hopfudge 300
debug 256
rtprio 0
msgfmt binary
compression lzma
autojoin sometimes
logfacility nosuch
respawn nosuchuser /bin/true
respawn root bin/true
respawn root /no/such/program
apiauth
env =x
CASES

# Lines that are wrong together, or missing: TEXT | lines added | what is done to the file
while IFS='|' read -r text added edit; do
    if [ -n "$added" ]; then cf "$added"; else cf; fi | sed -e "${edit:-s/a/a/}" | put all /etc/ha.d/ha.cf
    refused "$text" 'ha\.cf(:[0-9]+)?: error'
done <<'CASES'
deadtime of twice the keepalive|deadtime 200ms|
initdead under deadtime|initdead 500ms|
no medium||/^bcast/d
no usable medium||s/^bcast.*/bcast nosuch0/
no node||/^node/d
this node is not listed||s/^node .*/node other1 other2/
CASES

configure
on node1 rm /etc/ha.d/ha.cf
refused 'no ha.cf' 'ha\.cf'
configure
on node1 rm /etc/ha.d/authkeys
refused 'no authkeys' 'authkeys'
configure
on node1 chmod 644 /etc/ha.d/authkeys
refused 'authkeys that others may read' 'authkeys'
printf '1 sha1 secret\n' | put all /etc/ha.d/authkeys 600
refused 'authkeys without auth line' 'authkeys'
printf 'auth 2\n1 sha1 secret\n' | put all /etc/ha.d/authkeys 600
refused 'auth names no key' 'authkeys'
printf '\xef\xbb\xbfauth 1\n1 sha1 secret\n' | put all /etc/ha.d/authkeys 600
refused 'authkeys with a byte order mark' 'authkeys:1: error: starts with a byte order mark'
printf 'auth 1\n1 rot13 secret\n' | put all /etc/ha.d/authkeys 600
refused 'an unknown method' 'authkeys:2: error'
configure
on node1 rm /etc/ha.d/haresources
refused 'no haresources' 'haresources'
configure
printf '\nnode7 svc::web\n' | put all /etc/ha.d/haresources
refused 'a group of an unknown node' 'haresources:2: error'
printf 'node1 heartbeat\n' | put all /etc/ha.d/haresources
refused 'the daemon as its own resource' 'haresources:1: error: heartbeat: is what reads this file'
printf 'node1 224.0.0.5/24/eth0\n' | put all /etc/ha.d/haresources
refused 'an address no machine can have' 'haresources:1: error: 224.0.0.5/24/eth0: is a multicast address'

configure
on node1 hostname renamed
refused 'a machine that was renamed' 'this machine calls itself renamed, and no node is called that; write node renamed, or'
on node1 hostname node1

on node1 sed -i '/^heartbeat:/d' /etc/passwd
like "$(on node1 $HB 2>&1)" 'the user heartbeat and the group haclient .* must exist; make them' 'no user for hb-node: no start' || true
refuse 'nothing runs then' our_processes node1
on node1 sed -i '/^hacluster:/d' /etc/passwd
out=$(on node1 $HB --check)
is $? 0 'the files are right all the same' || true
like "$out" 'warning: the user heartbeat .* must exist before a start' '--check tells what is missing' || true
like "$out" 'warning: there is no user hacluster' 'and who is missing for clients' || true

# All errors are reported, not the first alone.
cf nonsense 'keepalive 0' | put all /etc/ha.d/ha.cf
printf '\nnode7 svc::web\n' | put all /etc/ha.d/haresources
out=$(on node1 $HB 2>&1)
is "$(grep -c error <<<"$out")" 3 'three errors are three lines' || true
on node1 /etc/init.d/heartbeat start >/dev/null 2>&1
is $? 6 'the init script says the same' || true
tap_end
