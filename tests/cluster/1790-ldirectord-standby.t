#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord that stands by: checks without a table, a start that writes all of it at once, a stop that stands by again; and
# the kernel's sync daemon in the role that fits.
. "$(dirname "$0")/ldir.sh"
WEB='-A -t 10.0.0.1:80 -s wrr'
ONE='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.2:80 -g -w 1'
TWO='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.3:80 -g -w 1'
HOLD='-A -f 4294967295 -s wrr'             # has the kernel look at connections that are passed on to it
SYNCS=/run/ipvs/syncs

# in JSON: state of the daemon, and of each server
told() {
    ld "$CF" status --json
    [ "$1" = "$(perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>);
        print join " ", $j->{status}, $j->{syncdaemon}, map { $_->{state} } @{$j->{services}[0]{servers}}' <<<"$OUT")" ]
}
noticed() { [ "$(times 'ignore new configuration')" -ge "$1" ]; }
# stopped, as heartbeat sees it
rests() {
    ld "$CF" status
    is "$CODE $OUT" "3 ldirectord for $CF stands by with pid: $PID" "$1"
}

conf <<CF
standby=yes
syncdaemon=eth7,5
virtual=10.0.0.1:80
	real=127.0.0.2:80 gate
	real=127.0.0.3:80 gate
	real=127.0.0.4:80 gate
	checktype=connect
CF
real_on 127.0.0.2 127.0.0.3

# ---- standing by
ld "$CF" standby
is "$CODE $ERR" '0 ' 'a process that stands by may be started'
PID=$(cat "$PIDFILE")
rests 'to heartbeat nothing runs'
refuse 'in its own words' grep -qE 'running|OK' <<<"$OUT"
check 'it knows the servers' soon told 'standby backup up up down'
is "$(cat "$TABLE")" "$HOLD" 'and has nothing in the table that anybody could reach'
is "$(cat "$SYNCS")" 'backup eth7 5' 'connections of the other director are listened to'
ld "$CF" stop
is "$CODE" 0 'a stop is done'
rests 'and changes nothing'
ld "$CF" restart
is "$CODE" 0 'a restart is another process'
refuse 'with another number' test "$(cat "$PIDFILE")" = "$PID"
PID=$(cat "$PIDFILE")
rests 'which stands by as well'
check 'and knows them soon' soon told 'standby backup up up down'

# ---- into service
: >"$CALLS"
ld "$CF" start
is "$CODE" 0 'a start succeeds'
is "$(sort "$TABLE")" "$(printf '%s\n' "$WEB" "$ONE" "$TWO" | sort)" 'and the table is whole when it returns'
is "$(cat "$PIDFILE")" "$PID" 'in the same process'
is "$(cat "$SYNCS")" 'master eth7 5' 'which passes its connections on'
ld "$CF" status
is "$CODE $OUT" "0 ldirectord for $CF is running with pid: $PID" 'status says that it runs'
real_off 127.0.0.2
table 'a server that dies leaves' "$WEB" "$TWO"
ld "$CF" start
is "$CODE $(cat "$PIDFILE")" "0 $PID" 'another start changes nothing'

# ---- and out of it
ld "$CF" stop
is "$CODE" 0 'a stop succeeds'
is "$(cat "$TABLE")" "$HOLD" 'and the services are gone when it returns'
rests 'the process stands by'
is "$(cat "$SYNCS")" 'backup eth7 5' 'and listens'
real_on 127.0.0.2
check 'the checks go on' soon told 'standby backup up up down'
kill -KILL "$PID"
soon dead "$PID"
ld "$CF" start
is "$CODE" 0 'one that was killed is no obstacle'
table 'a start is a start then' "$WEB" "$ONE" "$TWO"
refuse 'a server that never answered was never in the table' grep -q 127.0.0.4 "$CALLS"

# ---- one that dies in service
PID=$(cat "$PIDFILE")
kill -KILL "$PID"
soon dead "$PID"
: >"$CALLS"
ld "$CF" standby
is "$CODE" 0 'one that died in service may be followed by a call to stand by'
PID=$(cat "$PIDFILE")
ld "$CF" status
is "$CODE $OUT" "0 ldirectord for $CF is running with pid: $PID" 'which goes on in its place'
is "$(cat "$CALLS")" '' 'without a step in the table'
kill -KILL "$PID"
soon dead "$PID"
ld "$CF" stop
ld "$CF" standby
PID=$(cat "$PIDFILE")
rests 'but where it was stopped in between that is all over'
: >"$TABLE"
ld "$CF" start
table 'until the next start' "$WEB" "$ONE" "$TWO"
ld "$CF" stop
rests 'stop stands by'

# ---- a process that does not answer is replaced, a file that has changed is read
kill -STOP "$PID"
ld "$CF" start
is "$CODE" 0 'one that hangs is no obstacle either'
table 'to a table' "$WEB" "$ONE" "$TWO"
ld "$CF" stop
sed -i '/127.0.0.3:80/d' "$CF"
check 'a file that changes is noticed' soon noticed 1
ld "$CF" start
table 'and read at a start' "$WEB" "$ONE"
ld "$CF" stop
cp "$CF" /run/good.cf
echo nonsense >>"$CF"
check 'so is one that is broken' soon noticed 2
ld "$CF" start
is "$CODE" 0 'which is no reason not to go into service'
is "$(sort "$TABLE")" "$(printf '%s\n' "$WEB" "$ONE" | sort)" 'with what was good until then'
cp /run/good.cf "$CF"
PID=$(cat "$PIDFILE")
ld "$CF" shutdown
is "$CODE" 0 'shutdown is the end of it'
check 'and the process is gone' dead "$PID"
is "$(cat "$TABLE")$(cat "$SYNCS")" '' 'with all that it has done'

# ---- a start that fails
echo nonsense >"$TABLE"
ld "$CF" start
is "$CODE" 1 'a start without a table that can be read fails'
: >"$TABLE"
ld "$CF" standby
PID=$(cat "$PIDFILE")
rests 'and nobody has died in service by that'
ld "$CF" shutdown

# ---- a sync daemon of somebody else
echo 'master eth1 0' >"$SYNCS"
sed -i '/^standby=yes/d' "$CF"
ld "$CF" start
is "$(cat "$SYNCS")" 'master eth1 0' 'a sync daemon that somebody else has started is left alone'
check 'and that is said' logged 'sync daemon master runs on eth1 with syncid 0 already: left alone'
ld "$CF" stop
is "$(cat "$SYNCS")" "$(printf 'master eth1 0\nbackup eth7 5')" 'also at the end'
is "$(cat "$TABLE")" "$HOLD" 'and the kernel goes on looking at connections: those of the other director, and our own until the address is gone'
ld "$CF" start
refuse 'until the next start' grep -qxF -- "$HOLD" "$TABLE"
ld "$CF" shutdown

# ---- other instances stand by with this one
OTHER=/run/ha/other.cf
MARK='-A -f 7 -s wrr' MARK_ONE='-a -f 7 -x 0 -y 0 -r 127.0.0.2:80 -g -w 1'
printf 'logfile="/run/other.log"\nvirtual=7\n\treal=127.0.0.2:80 gate\n\tchecktype=on\n' >"$OTHER"
sed -i 's/^syncdaemon=.*/standby=yes/' "$CF"
echo "execute=$OTHER" >>"$CF"
other() { "$LDIRECTORD" "$OTHER" status 2>&1 | grep -q "$1"; }
: >"$TABLE"
ld "$CF" standby
check 'another instance stands by with this one' soon other 'stands by'
is "$(cat "$TABLE")" '' 'and writes nothing'
ld "$CF" start
table 'goes into service with it' "$WEB" "$ONE" "$MARK" "$MARK_ONE"
ld "$CF" stop
check 'out of it' soon other 'stands by'
table 'without its services' ''
ld "$CF" shutdown
check 'and ends with it' soon other 'is stopped'
tap_end
