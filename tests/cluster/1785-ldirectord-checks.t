#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord with several checks of one server: out as soon as one of them fails, back when all are good, also after a reload
# with another check, and on a director that stands by.
. "$(dirname "$0")/ldir.sh"
WEB='-A -t 10.0.0.1:80 -s wrr'
ONE='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.2:80 -g -w 1'
TWO='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.3:80 -g -w 1'

# Its exit status is what /run/NAME.ADDRESS says; of a fifo, as soon as somebody writes to it.
cat >/run/probe <<'SH'
#!/bin/sh
echo "$LD_SERVICE" >"$0.asked.$3"
read -r code <"$0.$3"
exit "$code"
SH
chmod 755 /run/probe
cp /run/probe /run/slow
# says NAME ADDRESS CODE: from now on
says() {
    [ ! -p "/run/$1.$2" ] || ln "/run/$1.$2" /run/fifo
    echo "$3" >/run/new && mv /run/new "/run/$1.$2"
    [ ! -p /run/fifo ] || timeout 30 sh -c "echo $3 >/run/fifo"
    rm -f /run/fifo
}

# told SERVER PATTERN: its state and last result in JSON
told() {
    ld "$CF" status --json
    grep -qE -- "$2" <<<"$(perl -MJSON::PP -e 'local $/; my $r = decode_json(<STDIN>)->{services}[0]{servers}['"$1"'];
        print "$r->{state} $r->{last}"' <<<"$OUT")"
}

web() {
    printf 'virtual=10.0.0.1:80\n\treal=127.0.0.2:80 gate\n\treal=127.0.0.3:80 gate\n\tchecktype=connect\n\tmonitorfile=/run/monitor\n'
    printf '\t%s\n' "$@"
}
PROBE='check = external checkcommand="/run/probe"'

says probe 127.0.0.2 0
says probe 127.0.0.3 1
web check=ping "$PROBE" | conf
real_on 127.0.0.2 127.0.0.3
ld "$CF" start
is "$CODE $ERR" '0 ' 'a file with several checks is taken'
table 'who is good in all of them enters' "$WEB" "$ONE"
check 'who is not has been asked, too' soon told 1 '^down external /run/probe: exit status 1$'
refuse 'and was never in the table' grep -qF -- '-r 127.0.0.3:80' "$CALLS"
check 'good ones are counted' soon told 0 '^up 3 checks are good$'
is "$(cat /run/probe.asked.127.0.0.2)" tcp:10.0.0.1:80 'a program knows its service'
says probe 127.0.0.3 0
table 'when all are good the other enters as well' "$WEB" "$ONE" "$TWO"

# ---- one that fails is enough
says probe 127.0.0.2 3
table 'one that fails takes its server out' "$WEB" "$TWO"
check 'status says which' soon told 0 '^down external /run/probe: exit status 3$'
check 'the log as well' logged 'Failed check of real server: 127\.0\.0\.2:80 \(10\.0\.0\.1:80\): external /run/probe: exit status 3'
check 'and the monitorfile' grep -qE '^\[.*\] connect tcp 127\.0\.0\.2 80 .* \[down\] external /run/probe: exit status 3$' /run/monitor
real_off 127.0.0.2
says probe 127.0.0.2 0
check 'another one may fail meanwhile' soon told 0 '^down connect 80: cannot connect to 127\.0\.0\.2:80: '
is "$(sort "$TABLE")" "$(printf '%s\n' "$WEB" "$TWO" | sort)" 'and its server stays out'
is "$(times 'Failed check of real server: 127.0.0.2:80')" 1 'that it fails is logged once'
real_on 127.0.0.2
table 'it returns when all are good' "$WEB" "$ONE" "$TWO"

# ---- a reload with another check
mkfifo /run/slow.127.0.0.2 /run/slow.127.0.0.3
: >"$CALLS"
web check=ping "$PROBE" 'check=external checkcommand=/run/slow checktimeout=60' | conf
ld "$CF" reload
is "$CODE" 0 'another check may be added'
for a in 127.0.0.2 127.0.0.3; do check "it is made of $a" soon test -e "/run/slow.asked.$a"; done
is "$(sort "$TABLE")" "$(printf '%s\n' "$WEB" "$ONE" "$TWO" | sort)" 'until it says something all stay'
says slow 127.0.0.3 1
table 'whom it finds bad leaves' "$WEB" "$ONE"
says slow 127.0.0.2 0
check 'whom it finds good stays' soon told 0 '^up 4 checks are good$'
refuse 'and was there all the time' grep -qF -- '-r 127.0.0.2:80' "$CALLS"

# ---- a director that stands by
{ echo standby=yes; web check=ping "$PROBE"; } | conf
ld "$CF" shutdown
says probe 127.0.0.3 1
ld "$CF" standby
is "$CODE $ERR" '0 ' 'a process that stands by makes them, too'
check 'who is bad in one is known' soon told 1 '^down external /run/probe: exit status 1$'
check 'and who is good' soon told 0 '^up 3 checks are good$'
ld "$CF" start
is "$(sort "$TABLE" | grep -v '^-A -f')" "$(printf '%s\n' "$WEB" "$ONE" | sort)" 'it takes over with these alone'
ld "$CF" shutdown
tap_end
