#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord: a server that goes down and up too often waits, comes in where it is the only one and when it has been good for long
# enough; and what a restart hands over to the next process: who waits, what operators want, and who is up.
# shellcheck disable=SC2034  # conf() reads it
INTERVAL=100ms
. "$(dirname "$0")/ldir.sh"
WEB='-A -t 10.0.0.1:80 -s wrr'
ONE='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.2:80 -g -w 3'
TWO='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.3:80 -g -w 5'
cat >/run/command <<'SH'
#!/bin/sh
echo "$*" >>/run/commands
SH
chmod 755 /run/command

# web FLAPMAX SERVER...
web() {
    { printf 'notify=/run/command\nflapmax=%s\nvirtual=10.0.0.1:80\n\tchecktype=connect\n' "$1"; shift; printf '\treal=%s\n' "$@"; } | conf
}
RONE='127.0.0.2:80 gate 3' RTWO='127.0.0.3:80 gate 5'

# told PERL VALUE: of the servers @r of the first service in JSON
told() {
    ld "$CF" status --json
    [ "$2" = "$(perl -MJSON::PP -e 'local $/; my @r = @{decode_json(<STDIN>)->{services}[0]{servers}}; print '"$1" <<<"$OUT")" ]
}
waits() { told '$r[0]{flapping} ? "$r[0]{state} flapping" : $r[0]{state}' 'down flapping'; }
back() { waits || told '$r[0]{state}' up; }
# checked: server 1 has been checked twice since
n_checks() { ld "$CF" status --json; perl -MJSON::PP -e 'local $/; print decode_json(<STDIN>)->{services}[0]{servers}[0]{checks}' <<<"$OUT"; }
checked() {
    local n
    n=$(n_checks)
    soon more_than "$((n + 1))"
}
more_than() { [ "$(n_checks)" -gt "$1" ]; }
heard() { [ "$(tail -n 1 /run/commands 2>/dev/null)" = "$1" ]; }

web 2/3600 "$RONE" "$RTWO"
real_on 127.0.0.2 127.0.0.3
ld "$CF" start
table 'both servers enter' "$WEB" "$ONE" "$TWO"
for _ in 1 2; do
    real_off 127.0.0.2
    soon table_is "$WEB" "$TWO" || fail 'a server that is gone is out'
    real_on 127.0.0.2
    soon table_is "$WEB" "$ONE" "$TWO" || fail 'and comes back'
done
real_off 127.0.0.2
check 'who goes down too often is said to flap' \
    soon logged 'Flapping real server: 127.0.0.2:80 \(10.0.0.1:80\) was down more than 2 times in 3600 s'
real_on 127.0.0.2
check 'its checks are good' checked
check 'and it waits, which status says' waits
table 'out of the table' "$WEB" "$TWO"
ld "$CF" status --metrics
like "$OUT" '^ldirectord_flapping\{service="tcp:10.0.0.1:80",server="127.0.0.2:80"\} 1$' 'as do the figures'

# ---- it is kept
web 2/3601 "$RONE" "$RTWO"
ld "$CF" reload
check 'a reload is done' soon test "$(times 'Reloading Linux')" = 1
check 'after it its checks are good' checked
check 'and it still waits' waits
PID=$(cat "$PIDFILE")
ld "$CF" restart
is "$CODE" 0 'a restart succeeds'
refuse 'and is another process' test "$(cat "$PIDFILE")" = "$PID"
check 'who knows that it flaps' waits
check 'and finds its checks good' checked
check 'and has it wait' waits
table 'out of the table' "$WEB" "$TWO"
is "$(ls /run/ldirectord/*.state 2>/dev/null)" '' 'nothing is left of what was handed over'

# ---- the only one
: >/run/commands
web 2/3601 "$RONE"
ld "$CF" reload
table 'it comes in where the file has no other server' "$WEB" "$ONE"
check 'and programs hear of it' soon heard 'up 127.0.0.2:80 10.0.0.1:80 tcp'
web 2/3601 "$RONE" "$RTWO"
ld "$CF" reload
table 'and stays when there is another one' "$WEB" "$ONE" "$TWO"
real_off 127.0.0.2
table 'until it is down' "$WEB" "$TWO"
real_on 127.0.0.2
check 'then it waits again, being good' checked
check 'behind the other one' waits
ld "$CF" disable 127.0.0.3
table 'an operator who takes that away has it come in' "$WEB" "$ONE"

# ---- orders over a restart
ld "$CF" drain 127.0.0.2
table 'one server is drained, the other one disabled' "$WEB" "${ONE% 3} 0"
: >"$CALLS"
ld "$CF" restart
is "$CODE" 0 'a restart succeeds'
check 'and finds its checks good' checked
is "$(cat "$CALLS")" '' 'without a step in the table'
check 'what operators want holds' told '"$r[0]{state} $r[0]{ordered_weight} $r[1]{state} $r[1]{disabled}"' 'up 0 down 1'
ld "$CF" undrain 127.0.0.2
ld "$CF" enable 127.0.0.3
table 'until they want something else' "$WEB" "$ONE" "$TWO"
ld "$CF" disable 127.0.0.3
PID=$(cat "$PIDFILE")
kill -USR1 "$PID"
soon dead "$PID"
STATE=$(echo /run/ldirectord/*.state)
check 'who ends by SIGUSR1 leaves it to the next one' soon test -s "$STATE"
sed -i 's/^end$/and/' "$STATE"
ld "$CF" start
check 'a file that is broken is logged' logged "$STATE: line [0-9]+: no such word: what the process before knew is not used"
table 'and not used' "$WEB" "$ONE" "$TWO"
refuse 'nor kept' test -e "$STATE"
ld "$CF" disable 127.0.0.3
table 'a server is disabled' "$WEB" "$ONE"
ld "$CF" stop
ld "$CF" start
table 'which a stop ends' "$WEB" "$ONE" "$TWO"

# ---- the time is over
for _ in 1 2 3; do
    real_off 127.0.0.2
    soon told '$r[0]{state}' down || fail 'a server that is gone is down'
    real_on 127.0.0.2
    soon back || fail 'and comes back, or waits'
done
check 'it flaps' waits
web 2/1 "$RONE" "$RTWO"
ld "$CF" reload
check 'when it has been good for so long it is steady' soon logged 'Steady real server: 127.0.0.2:80 \(10.0.0.1:80\)'
table 'and in' "$WEB" "$ONE" "$TWO"
ld "$CF" stop

# ---- a file that is reached by a link, which leads elsewhere since
mkdir /run/ha/r1 /run/ha/r2
cp "$CF" /run/ha/r1/
mv "$CF" /run/ha/r2/
ln -s r1/web.cf "$CF"
ld "$CF" start
table 'the file may be behind a link' "$WEB" "$ONE" "$TWO"
ln -s r2/web.cf "$CF.new"
mv "$CF.new" "$CF"
ld "$CF" drain 127.0.0.2
is "$CODE $ERR" '0 ' 'where that leads to another one the daemon is still the one that was started'
table 'and does what it is told' "$WEB" "${ONE% 3} 0" "$TWO"
: >"$CALLS"
PID=$(cat "$PIDFILE")
ld "$CF" restart
is "$CODE" 0 'a restart succeeds'
refuse 'and is another process' test "$(cat "$PIDFILE")" = "$PID"
is "$(cat "$CALLS")" '' 'without a step in the table'
ld "$CF" stop
is "$(cat "$TABLE")" '' 'and a stop is one'
tap_end
