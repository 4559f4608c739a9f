#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Debian's BasicSanityCheck, on a node of 3.0.6 and on one of ours, at the same time: nothing that it looks for in the
# log is missing with ours. Two errors are left, which 3.0.6 has, too, and that come from programs of cluster-glue (a
# reset by its null device, an assertion of its ipctest). Two minutes, hence nightly.
. "$(dirname "$0")/../cluster/lib.sh"
[ -n "${HB_NIGHTLY:-}" ] || skip_all 'a nightly test'
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
OURS_MAX=2
THEIRS=$(mktemp -d) && OURS=$(mktemp -d) || exit 1
chmod 755 "$THEIRS" "$OURS"

# It looks for the programs in the directory where they were before Debian moved them.
old_places() {
    local program
    for program in "$1"/usr/libexec/heartbeat/*; do
        [ -e "$1/usr/lib/heartbeat/${program##*/}" ] || ln -s "../../libexec/heartbeat/${program##*/}" "$1/usr/lib/heartbeat/"
    done
}
cp -al "$PEER/." "$THEIRS/" 2>/dev/null || cp -a "$PEER/." "$THEIRS/"
cp -al "$PEER/." "$OURS/" 2>/dev/null || cp -a "$PEER/." "$OURS/"
cp -a --remove-destination "$HB_ROOT/." "$OURS/"
old_places "$THEIRS"
old_places "$OURS"
rig_up 2 --install "node1=$THEIRS" --install "node2=$OURS"
check_down() {
    (rig_down)
    local rc=$?
    rm -rf "$THEIRS" "$OURS"
    exit $rc
}
trap check_down EXIT

# Each alone: both have the same addresses, and what they write to /tmp is their own.
for n in node1 node2; do
    for link in eth0 eth1; do rig cut "$n" $link --silent >/dev/null; done
    on $n sh -c 'ip route add default via 10.77.0.254
        exec unshare -m sh -c "mount -t tmpfs tmp /tmp; cd; /usr/share/heartbeat/BasicSanityCheck eth0"' \
        >"$WORK/said.$n" 2>&1 &
done
wait
errors() { sed -n 's/^\([0-9][0-9]*\) errors\..*/\1/p' "$WORK/said.$1"; }
missing() { grep -h 'ERROR: Did not find' "$WORK/said.$1" | sed 's/ in .*//' | sort -u; }
for n in node1 node2; do
    like "$(cat "$WORK/said.$n")" 'Checking STONITH basic sanity' "$n gets through heartbeat's part" || true
    diag "$n: $(errors $n) errors"
done
is "$(missing node2)" '' 'with ours it finds all that it looks for' || diag "$(cat "$WORK/said.node2")"
check 'and what it counts besides are the two of cluster-glue' test "$(errors node2)" -le $OURS_MAX
check '3.0.6 has no fewer' test "$(errors node1)" -ge "$(errors node2)"
tap_end
