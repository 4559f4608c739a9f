#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A program that beats, with Debian's library and with ours, hears the same from Debian's apphbd and from
# ours; Debian's apphbtest works with ours.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
rig_up 1 --install "$PEER"
chmod 755 "$WORK"
cp -L "$HB_ROOT"/usr/lib/lib{hbclient.so.1,apphb.so.2} "$HB_ROOT/usr/bin/cl_respawn" "$WORK/"
check 'the program compiles' gcc -std=gnu11 -Wall -Werror -o "$WORK/beat" "$HB_TOP/tests/compat/programs/beat.c" \
    -I"$HB_ROOT/usr/include/heartbeat" "$HB_ROOT/usr/lib/libapphb.so"

listens() { on node1 test -S /run/heartbeat/apphb.comm; }
# begin PROGRAM...: an apphbd that has not seen anybody
begin() {
    on node1 sh -c 'pid=$(cat /run/apphbd.pid 2>/dev/null) && kill -9 $pid 2>/dev/null
        rm -f /run/apphbd.pid /run/heartbeat/apphb.comm; mkdir -p /run/heartbeat'
    rig spawn node1 -- "$@" >/dev/null
    check 'apphbd listens' wait_for listens
}
printf 'debug_level 1\nlogfile /var/log/apphbd\ndebugfile /var/log/apphbd\nrealtime no\n' | put node1 /etc/apphbd.cf
begin /usr/libexec/heartbeat/apphbd -d -c /etc/apphbd.cf
theirs=$(on node1 "$WORK/beat")
begin /usr/libexec/heartbeat/apphbd -d -c /etc/apphbd.cf
ours=$(on node1 env LD_LIBRARY_PATH="$WORK" "$WORK/beat")
like "$theirs" '^apphb_register\("beat", "one"\): 0' "Debian's library registers" || true
is "$ours" "$theirs" 'ours says the same' || true

# The other way: Debian's programs and ours on our apphbd.
cp -L "$HB_ROOT/usr/libexec/heartbeat/apphbd" "$WORK/"
begin env LD_LIBRARY_PATH="$WORK" "$WORK/apphbd" -d -c /etc/apphbd.cf
is "$(on node1 "$WORK/beat")" "$theirs" "our apphbd answers Debian's library as Debian's does" || true
is "$(on node1 env LD_LIBRARY_PATH="$WORK" "$WORK/beat")" "$theirs" 'and ours' || true
on node1 /usr/libexec/heartbeat/apphbtest -n 3 -p 1 -i 400 -l 0 >"$WORK/said" 2>&1
is $? 0 "Debian's apphbtest" || diag "$(cat "$WORK/said")"
check 'it signed off' wait_for on node1 grep -q "'apphb_normal' .* signed off" /var/log/apphbd
on node1 env LD_LIBRARY_PATH="$WORK" "$WORK/apphbd" -s 2>/dev/null
is $? 0 'it says that it runs' || true
on node1 env LD_LIBRARY_PATH="$WORK" "$WORK/apphbd" -k
is $? 0 'it is stopped' || true
on node1 env LD_LIBRARY_PATH="$WORK" "$WORK/apphbd" -s 2>/dev/null
is $? 3 'and says so' || true
tap_end
