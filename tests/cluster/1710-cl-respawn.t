#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# cl_respawn starts a program again, knows the magic exit code, and ends with its program.
. "$(dirname "$0")/lib.sh"
WORK=$(mktemp -d) || exit 1
trap 'kill $mine 2>/dev/null; rm -rf "$WORK"' EXIT
mine=
respawn() { LD_LIBRARY_PATH=$HB_ROOT/usr/lib "$HB_ROOT/usr/bin/cl_respawn" "$@"; }
program() { cat >"$WORK/$1" && chmod 755 "$WORK/$1"; }
program three <<SH
#!/bin/sh
echo run >>$WORK/runs
[ \$(wc -l <$WORK/runs) -lt 3 ] && exit \$1
exit 7
SH
program long <<SH
#!/bin/sh
trap 'echo term >>$WORK/ended; exit 0' TERM
echo \$\$ >$WORK/long.pid
while :; do sleep 0.1; done
SH

respawn -m 7 -p "$WORK/pid" "$WORK/three" 1
is $? 0 'the magic exit code ends it' || true
is "$(wc -l <"$WORK/runs")" 3 'before that it started the program again and again' || true
refuse 'its pid file is gone' test -e "$WORK/pid"
respawn 2>"$WORK/err"
is $? 2 'no program: wrong usage' || true
respawn /nowhere/program 2>"$WORK/err"
is $? 2 'a program that is not there: wrong usage' || true
grep -q usage "$WORK/err"
ok $? 'which it says' || true

LD_LIBRARY_PATH=$HB_ROOT/usr/lib "$HB_ROOT/usr/bin/cl_respawn" -p "$WORK/pid" "$WORK/long" &
mine=$!
check 'the program runs' wait_for test -s "$WORK/long.pid"
is "$(cat "$WORK/pid")" "$mine" 'the pid file names cl_respawn' || true
first=$(cat "$WORK/long.pid")
rm "$WORK/long.pid"
kill -9 "$first"
check 'killed, it is started again' wait_for test -s "$WORK/long.pid"
check 'as another process' [ "$(cat "$WORK/long.pid")" != "$first" ]
kill "$mine"
wait "$mine"
is $? 0 'told to end it ends' || true
is "$(cat "$WORK/ended")" term 'after its program was told' || true
tap_end
