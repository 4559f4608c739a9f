#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord: a quorum that is lost and gained with its commands, servers that an operator takes out and gives back, and weights
# that checks say.
. "$(dirname "$0")/ldir.sh"
WEB='-A -t 10.0.0.1:80 -s wrr'
ONE='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.2:80 -g -w 1'
TWO='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.3:80 -g -w 2'
BACK='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.1:80 -g -w 1'
cat >/run/command <<'SH'
#!/bin/sh
echo "$*" >>/run/commands
SH
chmod 755 /run/command
said() { [ "$(tail -n 1 /run/commands 2>/dev/null)" = "$1" ]; }

# in JSON: a value of the first service
told() {
    ld "$CF" status --json
    [ "$2" = "$(perl -MJSON::PP -e 'local $/; my $s = decode_json(<STDIN>)->{services}[0];
        my ($q, @r) = ($s->{quorum}, @{$s->{servers}}); print '"$1" <<<"$OUT")" ]
}

conf <<CF
quorum=3
quorumup="/run/command up"
quorumdown="/run/command down"
virtual=10.0.0.1:80
	real=127.0.0.2:80 gate 1
	real=127.0.0.3:80 gate 2
	fallback=127.0.0.1:80 gate
	checktype=connect
CF
real_on 127.0.0.2 127.0.0.3
ld "$CF" start
table 'servers enter' "$WEB" "$ONE" "$TWO"
check 'the command is run when there is enough weight' soon said 'up 10.0.0.1:80 tcp 3 3'
real_off 127.0.0.2
table 'with too little of it the fallback serves, alone' "$WEB" "$BACK"
check 'and the other command is run' soon said 'down 10.0.0.1:80 tcp 2 3'
check 'status --json tells of it' told '"$q->{state} $q->{live} of $q->{weight} $r[1]{state}"' 'lost 2 of 3 up'
ld "$CF" status --metrics
like "$OUT" '^ldirectord_quorum\{service="tcp:10.0.0.1:80"\} 0$' 'status --metrics too'
ld "$CF" reload
table 'a reload changes nothing of that' "$WEB" "$BACK"
real_on 127.0.0.2
table 'all return together' "$WEB" "$ONE" "$TWO"
check 'and the command is run again' soon said 'up 10.0.0.1:80 tcp 3 3'

# ---- by hand
sed -i 's/^quorum=3/quorum=1/' "$CF"
ld "$CF" reload
ld "$CF" disable 127.0.0.3
is "$CODE" 0 'a server may be disabled'
table 'and is out, though it answers' "$WEB" "$ONE"
check 'which is told' told '$r[1]{disabled} ? "$r[1]{state} disabled" : $r[1]{state}' 'down disabled'
check 'and logged' logged 'Disabled real server: 127.0.0.3:80 \(10.0.0.1:80\) by hand'
N=$(perl -MJSON::PP -e 'local $/; print decode_json(<STDIN>)->{services}[0]{servers}[1]{checks}' <<<"$OUT")
check 'it is still checked' soon told "\$r[1]{checks} > $N" 1
ld "$CF" reload
check 'a reload does not bring it back' soon told '$r[1]{disabled} ? "$r[1]{state} disabled" : $r[1]{state}' 'down disabled'
table 'nor does anything else' "$WEB" "$ONE"
ld "$CF" enable 127.3:80 10.0.0.1:80        # nothing but the resolver knows that spelling
is "$CODE" 0 'until it is enabled'
table 'then its next good check does' "$WEB" "$ONE" "$TWO"
ld "$CF" disable 127.0.0.9
is "$CODE $ERR" '1 ldirectord: there is no server 127.0.0.9' 'what is not there is said'
ld "$CF" disable nobody.invalid
is "$CODE $ERR" '1 ldirectord: there is no server nobody.invalid: it is no address, and the resolver does not know it' 'as is a name'
ld "$CF" disable 127.0.0.3 10.0.0.9:80
is "$CODE $ERR" '1 ldirectord: there is no service 10.0.0.9:80' 'or a service'
ld "$CF" disable 127.0.0.3 10.0.0.1:80 10.0.0.2:80
is "$CODE $ERR" '1 ldirectord: one server and one service, or none for all: what is 10.0.0.2:80?' 'and one word too many'
ld "$CF" disable
is "$CODE $ERR" '1 ldirectord: which server?' 'as is a server that was not named'

# ---- weights by checks
cat >/run/weigh <<'SH'
#!/bin/sh
exit "$(cat "/run/weight.$3")"
SH
chmod 755 /run/weigh
echo 0 >/run/weight.127.0.0.2
echo 9 >/run/weight.127.0.0.3
conf <<CF
externalweight=yes
virtual=10.0.0.1:80
	real=127.0.0.2:80 gate 1
	real=127.0.0.3:80 gate 2
	checktype=external
	checkcommand=/run/weigh
CF
ld "$CF" reload
table 'an exit status is a weight' "$WEB" "$ONE" "${TWO% 2} 7"
echo 2 >/run/weight.127.0.0.3
table 'or none at all' "$WEB" "$ONE" "${TWO% 2} 0"
check 'which is logged' logged 'Weight of real server: 127.0.0.3:80 \(10.0.0.1:80\) set to 0 by its check'
echo 1 >/run/weight.127.0.0.3
table 'and 1 is bad' "$WEB" "$ONE"

# ---- several fallbacks
conf <<CF
virtual=10.0.0.1:80
	real=127.0.0.2:80 gate 1
	fallback=127.0.0.1:80 gate
	nextfallback=127.0.0.4:80 gate
	fallbackcheck=yes
	checktype=connect
CF
real_off 127.0.0.2
real_on 127.0.0.4
ld "$CF" reload
table 'of two fallbacks the one that answers serves' "$WEB" "${BACK/127.0.0.1/127.0.0.4}"
check 'which is told' soon told '$s->{fallback_server}' 127.0.0.4:80
real_on 127.0.0.1
table 'and the first one as soon as it answers' "$WEB" "$BACK"
real_on 127.0.0.2
table 'and none when a server is back' "$WEB" "$ONE"

# ---- a file of weights
echo '127.0.0.2 6' >/run/weights
conf <<CF
weightfile=/run/weights
virtual=10.0.0.1:80
	real=127.0.0.2:80 gate 1
	checktype=connect
CF
ld "$CF" reload
table 'a file says a weight' "$WEB" "${ONE% 1} 6"
echo '127.0.0.2:80 7 # more' >/run/weights
table 'and another one when it changes' "$WEB" "${ONE% 1} 7"
echo '127.0.0.2:80 many' >/run/weights
check 'what is wrong in it is logged' soon logged 'weightfile: /run/weights: line 1: write ADDRESS'
table 'and changes nothing' "$WEB" "${ONE% 1} 7"
printf '127.0.0.2 7\n127.0.0.22 7\n' >/run/weights
check 'a server that is not configured is logged' soon logged 'weightfile: /run/weights: no real= has the address and port 127.0.0.22: '
rm /run/weights
table 'without the file the configuration counts' "$WEB" "$ONE"
mkdir /run/w1 /run/w2
echo '127.0.0.2 3' >/run/w1/weights
echo '127.0.0.2 4' >/run/w2/weights
ln -s w1 /run/current
ln -s current/weights /run/weights
table 'a file may be reached by links' "$WEB" "${ONE% 1} 3"
ln -s w2 /run/next
mv -T /run/next /run/current
table 'and be another one when one of them is replaced' "$WEB" "${ONE% 1} 4"
WRONG='weightfile: /run/weights: line 1: write ADDRESS'
N=$(times "$WRONG")
again() { [ "$(times "$WRONG")" -gt "$N" ]; }
echo '127.0.0.2 none' >/run/w2/weights
check 'what is wrong in it is logged' soon again
cp "$CF" /run/with.cf
sed -i '/^weightfile/d' "$CF"
ld "$CF" reload
table 'without it in the configuration that counts' "$WEB" "$ONE"
N=$(times "$WRONG")
cp /run/with.cf "$CF"
ld "$CF" reload
check 'and whoever asks for it again is told again' soon again
ld "$CF" stop
tap_end
