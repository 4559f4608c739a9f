# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-or-later
# clients.sh - sourced after cluster/lib.sh: nodes that run our daemon, and have Debian's clients beside it.
#
# Debian's programs and libraries are in /usr/lib/clients306 of the nodes, apart from ours.

OLD_DIR=/usr/lib/clients306
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'

# clients_up N [netrig options]
clients_up() {
    local n=$1 i tree dir at=()
    shift
    tree=$(mktemp -d) || exit 1
    chmod 755 "$tree"
    cp -a "$HB_ROOT/." "$tree/"
    dir=$tree$OLD_DIR
    mkdir -p "$dir"
    cp -a "$PEER"/usr/lib/*.so* "$PEER/usr/bin/cl_status" "$dir/"
    cp -a "$PEER"/usr/libexec/heartbeat/{api_test,ccm,ccm_testclient,ipfail,dopd,drbd-peer-outdater} "$dir/"
    # modules that ccm loads by their full names
    mkdir -p "$tree/usr/lib/heartbeat/plugins"
    cp -an "$PEER/usr/lib/heartbeat/plugins/." "$tree/usr/lib/heartbeat/plugins/"
    for ((i = 1; i <= n; i++)); do at+=(--install "node$i=$tree"); done
    rig_up "$n" "${at[@]}" "$@"
    OLD_TREE=$tree
    trap clients_down EXIT
}

clients_down() {
    (rig_down)
    local rc=$?
    rm -rf "$OLD_TREE"
    exit $rc
}

# old NODE PROGRAM ARG...: one of Debian's
old() {
    local n=$1 p=$2
    shift 2
    on "$n" env LD_LIBRARY_PATH="$OLD_DIR" "$OLD_DIR/$p" "$@"
}

# respawn_old USER PROGRAM: the line of ha.cf
respawn_old() { echo "respawn $1 /usr/bin/env LD_LIBRARY_PATH=$OLD_DIR $OLD_DIR/$2"; }

client_is_on() { [ "$(old "$1" cl_status clientstatus "$2" "$3" 3000 2>/dev/null)" = online ]; }   # ASKED NODE CLIENT
