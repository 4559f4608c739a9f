#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord: words and exit codes, servers that die and return, the fallback, reload, a broken file, the end.
. "$(dirname "$0")/ldir.sh"
WEB='-A -t 10.0.0.1:80 -s wrr'
ONE='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.2:80 -g -w 1'
TWO='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.3:80 -g -w 2'
BACK='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.1:80 -g -w 1'
SECTION='virtual=10.0.0.1:80
	real=127.0.0.2:80 gate 1
	real=127.0.0.3:80 gate 2
	fallback=127.0.0.1:80 gate
	checktype=connect'

# ---- nothing runs
conf <<<"$SECTION"
ld "$CF" status
is "$CODE $OUT" "3 ldirectord is stopped for $CF" 'status says that it is stopped'
refuse 'which says nothing of running' grep -q running <<<"$OUT"
for verb in stop try-restart; do
    ld "$CF" "$verb"
    is "$CODE" 0 "$verb of nothing is done"
done
ld "$CF" reload
is "$CODE" 1 'reload of nothing fails'
echo 99999999 >"$PIDFILE"
ld "$CF" status
is "$CODE $ERR" "1 ldirectord stale pid file /var/run/ldirectord.web.cf.pid for $CF" 'status tells of a pid file that was left'
ld no-such-file.cf start
is "$CODE $ERR" '1 Config file no-such-file.cf not found' 'a missing file is said'

# ---- start
real_on 127.0.0.2
exec 9>/run/held
ld "$CF" start
exec 9>&-
is "$CODE $OUT$ERR" '0 ' 'start succeeds'
like "$(cat "$TABLE")" "^$WEB" 'and the service is there when it returns'
table 'a server that answers enters, one that does not stays out' "$WEB" "$ONE"
PID=$(cat "$PIDFILE")
refuse 'nothing stays open of what the caller had open' grep -q /run/held <(ls -l "/proc/$PID/fd")
is "$(tr '\0' ' ' <"/proc/$PID/cmdline")" "$LDIRECTORD $CF start " 'the arguments of the process are those of the call'
ld "$CF" status
is "$CODE $OUT" "0 ldirectord for $CF is running with pid: $PID" 'status says so where heartbeat reads'
is "$ERR" "$OUT" 'and where others read'
ld "$CF" start
is "$CODE $(cat "$PIDFILE")" "0 $PID" 'a second start changes nothing'
mkdir /run/other
ln -s "$CF" /run/other/other.cf
ld /run/other/other.cf start
is "$CODE" 0 'nor does one by another name'
refuse 'which gets no daemon of its own' test -e /run/ldirectord.other.cf.pid

# in JSON: process, first service, its servers with state and weight, and whether they have been checked
told() {
    ld "$CF" status --json
    [ "$1" = "$(perl -MJSON::PP -e 'local $/; my $j = decode_json(<STDIN>); my $s = $j->{services}[0];
        print join " ", $j->{pid}, $s->{service},
            map { "$_->{server}=$_->{state}:$_->{weight}:" . ($_->{checks} > 0) } @{$s->{servers}}' <<<"$OUT")" ]
}
soon told "$PID tcp:10.0.0.1:80 127.0.0.2:80=up:1:1 127.0.0.3:80=down:-1:1"
ok $? 'status --json tells of each server' || diag "$OUT"
ld "$CF" status --metrics
like "$OUT" '^ldirectord_up\{service="tcp:10.0.0.1:80",server="127.0.0.2:80"\} 1$' 'status --metrics too, for Prometheus'

# ---- life
real_on 127.0.0.3
table 'a server that returns enters' "$WEB" "$ONE" "$TWO"
ld "$CF" drain 127.0.0.3
is "$CODE" 0 'a server may be drained'
table 'and has weight 0 then' "$WEB" "$ONE" "${TWO% 2} 0"
ld "$CF" undrain 127.0.0.3:80 10.0.0.1:80
table 'until that is taken back' "$WEB" "$ONE" "$TWO"
ld "$CF" weight 127.0.0.9 3
is "$CODE $ERR" '1 ldirectord: there is no server 127.0.0.9' 'what is not there is said'
real_off 127.0.0.2
table 'one that dies leaves' "$WEB" "$TWO"
real_off 127.0.0.3
table 'where nobody is left the fallback comes' "$WEB" "$BACK"
real_on 127.0.0.2
table 'and leaves when somebody is back' "$WEB" "$ONE"
check 'all of it is logged' logged "Deleted real server: 127.0.0.3:80 \(10.0.0.1:80\)"

# ---- reload
conf <<<"$SECTION

virtual=10.0.0.2:80
	real=127.0.0.2:80 masq
	checktype=connect"
ld "$CF" reload
is "$CODE" 0 'reload succeeds'
NEW='-A -t 10.0.0.2:80 -s wrr'
NEW_ONE='-a -t 10.0.0.2:80 -x 0 -y 0 -r 127.0.0.2:80 -m -w 1'
table 'a new service comes' "$WEB" "$ONE" "$NEW" "$NEW_ONE"
is "$(cat "$PIDFILE")" "$PID" 'in the same process'
cp "$CF" /run/good.cf
echo nonsense >>"$CF"
ld "$CF" reload
is "$CODE" 2 'a broken file is refused'
ld "$CF" status
is "$CODE" 0 'and does not hide who runs'
kill -HUP "$PID"
check 'a signal for it is answered in the log' soon logged 'at line 13: Unknown command nonsense'
real_off 127.0.0.2
table 'the checks go on' "$WEB" "$BACK" "$NEW"
real_on 127.0.0.2
table 'in both directions' "$WEB" "$ONE" "$NEW" "$NEW_ONE"
cp /run/good.cf "$CF"

# ---- what others do to the table
: >"$TABLE"
ld "$CF" reload
table 'what was emptied by somebody is filled at a reload' "$WEB" "$ONE" "$NEW" "$NEW_ONE"

# ---- restart and stop
: >"$CALLS"
conf <<<"$SECTION

virtual=10.0.0.2:80
	real=127.0.0.2:80 masq
	checktype=connect"
ld "$CF" restart
is "$CODE" 0 'restart succeeds'
refuse 'with another process' test "$(cat "$PIDFILE")" = "$PID"
PID=$(cat "$PIDFILE")
is "$(cat "$CALLS")" '' 'and not one step in the table'
ld "$CF" stop
is "$CODE" 0 'stop succeeds'
check 'and the process is gone when it returns' dead "$PID"
is "$(cat "$TABLE")" '' 'with its services'
refuse 'and its pid file' test -e "$PIDFILE"
check 'which is logged' logged 'Linux Director Daemon terminated on signal: TERM'
ld "$CF" start
PID=$(cat "$PIDFILE")
table 'and may be started again' "$WEB" "$ONE" "$NEW" "$NEW_ONE"
kill -KILL "$PID"
soon dead "$PID"
table 'one that is killed leaves its table' "$WEB" "$ONE" "$NEW" "$NEW_ONE"
: >"$CALLS"
ld "$CF" start
is "$CODE" 0 'the next one starts'
is "$(cat "$CALLS")" '' 'and goes on with it'
ld "$CF" stop
tap_end
