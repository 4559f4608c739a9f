#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord and names: maintenance by the name of a server, and a resolver that does not answer while a file is read.
. "$(dirname "$0")/ldir.sh"
WEB='-A -t 10.0.0.1:80 -s wrr'
ONE='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.2:80 -g -w 1'
TWO='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.3:80 -g -w 1'
LATE='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.4:80 -g -w 1'
mkdir /run/maintenance
printf 'hosts: files\n' >/run/nsswitch
printf '127.0.0.1 localhost\n127.0.0.2 web-1.example.com web-1\n127.0.0.3 web-2.example.com other\n' >/run/hosts
mount --bind /run/nsswitch /etc/nsswitch.conf && mount --bind /run/hosts /etc/hosts || skip_all 'names cannot be set up here'
section() {
    printf 'maintenancedir=/run/maintenance\nvirtual=10.0.0.1:80\n\tchecktype=connect\n'
    printf '\treal=%s:80 gate\n' "$@"
}
section 127.0.0.2 127.0.0.3 | conf
real_on 127.0.0.2 127.0.0.3 127.0.0.4
ld "$CF" start
is "$CODE" 0 'start succeeds'
table 'both servers enter' "$WEB" "$ONE" "$TWO"

# ---- maintenance
for name in web-1.example.com web-1.example.com:80 web-1 web-1:80 127.0.0.2:80; do
    : >"/run/maintenance/$name"
    table "a file $name takes the server out" "$WEB" "$TWO"
    rm "/run/maintenance/$name"
    table 'without it the server returns' "$WEB" "$ONE" "$TWO"
done
: >/run/maintenance/other
: >/run/maintenance/web-1:81
: >/run/maintenance/127.0.0.3
table 'one that is called like nobody does nothing' "$WEB" "$ONE"
rm /run/maintenance/*
table 'and all are back' "$WEB" "$ONE" "$TWO"

# ---- a restart with a resolver that does not answer: the file of names is one that nobody writes to
mkfifo /run/silent
: >/run/maintenance/web-1
echo drain >/run/maintenance/web-2
table 'one server is in maintenance by its name, the other one drained' "$WEB" "${TWO% 1} 0"
mount --bind /run/silent /etc/hosts
ld "$CF" restart
is "$CODE" 0 'a restart succeeds'
n_checks() { ld "$CF" status --json; perl -MJSON::PP -e 'local $/; print decode_json(<STDIN>)->{services}[0]{servers}[0]{checks}' <<<"$OUT"; }
checked() { [ "$(n_checks)" -gt 1 ]; }
check 'checks are good' soon checked
table 'and both stay as they are until names are known' "$WEB" "${TWO% 1} 0"
rm /run/maintenance/*
table 'or nobody wants it any more' "$WEB" "$ONE" "$TWO"
mount --bind /run/hosts /etc/hosts
exec 9<>/run/silent 9>&-

# ---- the same for a file that is read
echo '127.0.0.4 late.example.com' >>/run/hosts
section 127.0.0.2 127.0.0.3 late.example.com | conf
mount --bind /run/silent /etc/hosts
kill -HUP "$(cat "$PIDFILE")"
check 'a reload is asked for' soon logged 'Reloading Linux Director Daemon config on signal'
real_off 127.0.0.2
table 'a server that dies meanwhile is out' "$WEB" "$TWO"
ld "$CF" status
is "$CODE" 0 'status answers'
ld "$CF" drain 127.0.0.3
is "$CODE" 0 'and orders are taken'
table 'and followed' "$WEB" "${TWO% 1} 0"
ld "$CF" undrain 127.0.0.3
mount --bind /run/hosts /etc/hosts
exec 9<>/run/silent 9>&-        # who waits has his end of file, and no name
kill -HUP "$(cat "$PIDFILE")"
table 'when the name is known its server enters' "$WEB" "$TWO" "$LATE"

# ---- one that is told to end while it waits
mount --bind /run/silent /etc/hosts
kill -HUP "$(cat "$PIDFILE")"
again() { [ "$(times 'Reloading Linux Director Daemon config on signal')" = 3 ]; }
check 'another reload' soon again
PID=$(cat "$PIDFILE")
kill -TERM "$PID"
check 'waits for no name either' soon dead "$PID"
is "$(cat "$TABLE")" '' 'and leaves nothing behind'
mount --bind /run/hosts /etc/hosts
tap_end
