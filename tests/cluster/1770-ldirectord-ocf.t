#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord as an OCF resource, and by its init script.
. "$(dirname "$0")/ldir.sh"
AGENT=$HB_ROOT/usr/lib/ocf/resource.d/heartbeat/ldirectord
WEB='-A -t 10.0.0.1:80 -s wrr' ONE='-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.2:80 -g -w 1'
export OCF_RESKEY_configfile=$CF OCF_RESKEY_ldirectord=$LDIRECTORD
ocf() { "$AGENT" "$1" >/run/out 2>/run/err </dev/null; CODE=$?; OUT=$(cat /run/out); }
# gives_ocf ACTION CODE SENTENCE
gives_ocf() { ocf "$1"; is "$CODE" "$2" "$3" || diag "$(cat /run/err)"; }

gives_ocf meta-data 0 'the agent describes itself'
like "$OUT" 'parameter name="configfile"' 'with its parameters'
gives_ocf validate-all 5 'a file that is missing is no configuration'
gives_ocf monitor 5 'without it nothing runs here'
gives_ocf start 5 'or can'
gives_ocf stop 0 'which is no reason not to have stopped'
conf <<<'virtual=10.0.0.1:80
	real=127.0.0.2:80 gate
	checktype=on'
gives_ocf validate-all 0 'one that is there is'
gives_ocf monitor 7 'nothing runs'
gives_ocf stop 0 'which is no reason not to have stopped'
gives_ocf start 0 'it starts'
table 'and balances' "$WEB" "$ONE"
gives_ocf monitor 0 'it runs'
gives_ocf start 0 'a second start finds it'
cp "$CF" /run/good.cf
echo nonsense >>"$CF"
gives_ocf monitor 0 'a broken file does not hide it'
kill -KILL "$(cat "$PIDFILE")"
soon dead "$(cat "$PIDFILE")"
gives_ocf start 1 'nor can one be started with it, here'
cp /run/good.cf "$CF"
gives_ocf monitor 7 'what was killed does not run'
gives_ocf start 0 'and starts again'
gives_ocf stop 0 'it stops'
is "$(cat "$TABLE")" '' 'and leaves nothing'
gives_ocf monitor 7 'it does not run'
gives_ocf frob 3 'there is no such action'
OCF_RESKEY_ldirectord=/nosuch
gives_ocf monitor 5 'without its program it is not installed'
gives_ocf start 5 'and cannot be started'
gives_ocf stop 0 'and is stopped'
OCF_RESKEY_ldirectord=$LDIRECTORD

sed "s,^LDIRECTORD=.*,LDIRECTORD=$LDIRECTORD,; s,^CONFIG_FILE=.*,CONFIG_FILE=$CF,
    s,^LOCK=.*,LOCK=/run/lock/subsys/ldirectord,; /etc.default/d" \
    "$HB_ROOT/etc/init.d/ldirectord" >/run/init
init() { sh /run/init "$1" >/run/out 2>/run/err </dev/null; CODE=$?; }
init status
is "$CODE" 3 'init script: stopped'
init start
is "$CODE" 0 'it starts'
check 'with its lock' test -e /run/lock/subsys/ldirectord
init status
is "$CODE" 0 'it runs'
init stop
is "$CODE" 0 'it stops'
refuse 'without its lock' test -e /run/lock/subsys/ldirectord
init frob
is "$CODE" 1 'of another word it tells its usage'
rm "$CF"
init start
is "$CODE" 0 'without a file nothing is done'
tap_end
