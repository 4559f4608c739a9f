#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Our cl_status and that of 3.0.6 ask the same daemon, a real 3.0.6, and say the same: standard output,
# standard error, exit code. And a program written for Debian's headers compiles against both sets of
# headers and says the same with both libraries.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
DEV=$HB_BUILD/peer-dev
(
    exec 9>"$DEV.lock"
    flock 9
    # shellcheck source=tests/lib/debian.sh
    . "$HB_TOP/tests/lib/debian.sh"
    hb_unpack "$DEV" libheartbeat2-dev cluster-glue-dev libplumb2-dev
) || skip_all 'no headers of heartbeat 3.0.6 to be had'

read -ra GLIB <<<"$(pkg-config --cflags --libs glib-2.0)"
OURS=(-I"$HB_ROOT/usr/include/heartbeat" -L"$HB_ROOT/usr/lib")
THEIRS=(-I"$DEV/usr/include" -I"$DEV/usr/include/heartbeat" -L"$DEV/usr/lib")
programs=$HB_TOP/tests/compat/programs
bin=$(mktemp -d)
compiles() { gcc -std=gnu11 -Wall -Werror -Wno-deprecated-declarations "$@" "${GLIB[@]}"; }
for f in api_types ask watch; do
    check "$f.c compiles with Debian's headers" compiles -c -o "$bin/$f.theirs.o" "$programs/$f.c" "${THEIRS[@]}"
    check "$f.c compiles with ours" compiles -c -o "$bin/$f.ours.o" "$programs/$f.c" "${OURS[@]}"
done
for f in ask watch; do
    check "$f links with our library alone" compiles -o "$bin/$f.ours" "$bin/$f.ours.o" "${OURS[@]}" -lhbclient
    check "and with Debian's two" compiles -o "$bin/$f.theirs" "$bin/$f.theirs.o" "${THEIRS[@]}" \
        -lhbclient -lplumb -Wl,--unresolved-symbols=ignore-in-shared-libs
done

rig_up 2 --install "$PEER"
# shellcheck disable=SC2034  # read by lib.sh
PRODUCT=([node1]=old [node2]=old)
chmod 755 "$WORK"
configure 'deadtime 10' 'warntime 6' 'initdead 20' 'keepalive 50ms' 'ping 10.77.0.254' 'apiauth ask uid=root'
mkdir -p "$WORK/ours"
cp -L "$HB_ROOT"/usr/bin/cl_status "$bin"/{ask,watch}.{ours,theirs} "$HB_ROOT"/usr/lib/libhbclient.so.1 "$WORK/ours/"
rm -rf "$bin"

# said COMMAND...: what it prints on node1, without times and process ids
said() {
    on node1 "$@" >"$WORK/out" 2>"$WORK/err"
    echo "exit $?" >>"$WORK/out"
    cat "$WORK/out"
    sed -E 's/^[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} //; s/\[[0-9]+\]/[N]/' "$WORK/err"
}
ours() { said env LD_LIBRARY_PATH="$WORK/ours" "$WORK/ours/$1" "${@:2}"; }
same() { is "$(ours cl_status "$@")" "$(said cl_status "$@")" "cl_status $*" || true; }

same hbstatus                               # no daemon
same nodestatus node1
start node1 node2
check 'both nodes of 3.0.6 are up' wait_for settled
is_active() { [ "$(on node1 cl_status nodestatus node2)" = active ] && [ "$(on node1 cl_status nodestatus 10.77.0.254)" = ping ]; }
check 'and see each other and the ping node' wait_for is_active
while read -r -a words; do
    same "${words[@]}"
done <<'EOT'

-h
bogus
hbstatus
hbstatus -m
hbstatus -v
hbstatus -vm
listnodes
listnodes -n
listnodes -p
listnodes -np
listnodes -m
listnodes -v
listnodes -x
nodestatus node1
nodestatus -m node2
nodestatus 10.77.0.254
nodestatus nosuch
nodestatus
nodeweight node1
nodeweight -m node2
nodeweight nosuch
nodeweight
nodesite node1
nodesite -m node2
nodesite nosuch
nodesite
nodetype node1
nodetype -m node2
nodetype 10.77.0.254
nodetype nosuch
nodetype
listhblinks node1
listhblinks -m node2
listhblinks -v node2
listhblinks -v 10.77.0.254
listhblinks nosuch
listhblinks
hblinkstatus node2 eth0
hblinkstatus -m node2 eth0
hblinkstatus 10.77.0.254 10.77.0.254
hblinkstatus node2 eth9
hblinkstatus node2
clientstatus node1 nosuchclient
clientstatus node2 nosuchclient 5000
clientstatus 10.77.0.254 ipfail
clientstatus nosuch ipfail
clientstatus node2
rscstatus
rscstatus -m
hbparameter -p hbversion
hbparameter -p keepalive
hbparameter -p crm
hbparameter -p watchdog
hbparameter -m -p deadtime
hbparameter -p nosuchparam
hbparameter
test
EOT
refused() { said setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all "$@"; }
on node1 chmod 755 /run/heartbeat
is "$(refused env LD_LIBRARY_PATH="$WORK/ours" "$WORK/ours/cl_status" hbstatus -v)" "$(refused cl_status hbstatus -v)" \
    'cl_status hbstatus -v of one who may not ask' || true
is "$(refused env LD_LIBRARY_PATH="$WORK/ours" "$WORK/ours/cl_status" rscstatus)" "$(refused cl_status rscstatus)" \
    'cl_status rscstatus of one who may not ask' || true
want=$(said "$WORK/ours/ask.theirs")
like "$want" '^got ask-all 1 2 3$' "the program says something with Debian's library" || true
is "$(ours ask.ours)" "$want" 'and the same with ours' || true
want=$(said "$WORK/ours/watch.theirs")
like "$want" 'note 7 from node1 of ask, ordered yes' "another, with a loop of its own, hears what it sent with Debian's library" || true
is "$(ours watch.ours)" "$want" 'and the same with ours' || true
tap_end
