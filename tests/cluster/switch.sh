# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# switch.sh - sourced after lib.sh: a power switch. The plugin external/switch, called on a node, asks for it in a file;
# who looks after these files outside of the nodes cuts the power of the node named there.

SWITCH_DIR=''
SWITCHED=''
SWITCH_PID=''

# switch_install DIR: sets SWITCHED to a copy of DIR, a tree for --install of the rig, that has the plugin
switch_install() {
    local dir
    [ -n "$SWITCH_DIR" ] || SWITCH_DIR=$(mktemp -d "$HB_BUILD/switch.XXXXXX") || exit 1
    chmod 755 "$SWITCH_DIR"
    SWITCHED=$SWITCH_DIR/${1##*/}
    cp -al "$1" "$SWITCHED" 2>/dev/null || { rm -rf "$SWITCHED"; cp -a "$1" "$SWITCHED"; } || exit 1
    dir=$SWITCHED/usr/lib/stonith/plugins/external
    mkdir -p "$dir"
    cat >"$dir/switch" <<'SWITCH'
#!/bin/sh
# /etc/ha.d/switch on a node: "fails" or "hangs"
[ "$1" = getconfignames ] || echo "$*" >>/var/log/switch
how=$(cat /etc/ha.d/switch 2>/dev/null)
case $1 in
getconfignames) echo hostlist ;;
gethosts) echo "$hostlist" | tr , ' ' ;;
getinfo-*) echo switch ;;
status) ;;
reset|off)
    case $how in
    fails) exit 1 ;;
    hangs) while :; do sleep 1000; done ;;
    esac
    rm -f /run/switch.done
    echo "$2" >/run/switch.ask
    until [ -e /run/switch.done ]; do sleep 0.05; done ;;
*) exit 1 ;;
esac
exit 0
SWITCH
    chmod 755 "$dir/switch"
}

# switch_start: from here on the switch has power over the nodes; it ends with the test
switch_start() {
    (
        trap - EXIT
        while [ -d "$SWITCH_DIR" ]; do
            for n in "${NODES[@]}"; do
                ask=$(file_of "$n" /run/switch.ask 2>/dev/null) || continue
                [ -s "$ask" ] || continue
                target=$(cat "$ask")
                rm -f "$ask"
                rig crash "$target" >/dev/null 2>&1
                : >"${ask%.ask}.done"
            done
            sleep 0.05
        done
    ) &
    SWITCH_PID=$!
    switch_trap
}

switch_end() {
    local rc=$?
    switch_stop
    (exit $rc)
    rig_down
}

switch_trap() { trap switch_end EXIT; }

switch_stop() {
    [ -z "$SWITCH_PID" ] || kill "$SWITCH_PID" 2>/dev/null
    rm -rf "$SWITCH_DIR"
}

# switch_calls NODE: what the plugin was called with there, without questions
switch_calls() { grep -E '^(reset|off|on) ' "$(file_of "$1" /var/log/switch)" 2>/dev/null | tr '\n' ';'; }
n_switch_calls() { switch_calls "$1" | tr -cd ';' | wc -c; }
# switch_is NODE HOW: "" works
switch_is() {
    if [ -n "$2" ]; then echo "$2" | put "$1" /etc/ha.d/switch; else on "$1" rm -f /etc/ha.d/switch; fi
}
