#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ResourceManager and its like beside those of 3.0.6, both without a daemon: the same output, exit code and calls of
# resource scripts; the same lines in both logs, dates and process numbers apart.
. "$(dirname "$0")/../cluster/lib.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
rig_up 2 --install "node2=$PEER"

# Both are called node1 here: what is compared is what they make of the same files.
for name in IPaddr a b c; do
    put all /etc/ha.d/resource.d/$name 755 <<'STUB'
#!/bin/sh
me=$(basename "$0")
echo "$me $*" >>/var/log/calls
for verb; do :; done
case $verb in
start) [ -e "/etc/ha.d/fail.$me" ] && exit 1; echo starting; echo warning >&2; : >"/run/up.$me" ;;
stop) [ -e "/etc/ha.d/failstop.$me" ] && exit 1; rm -f "/run/up.$me" ;;
status) if [ -e "/run/up.$me" ]; then echo running; else echo stopped; exit 3; fi ;;
esac
exit 0
STUB
done
put all /etc/ha.d/haresources <<'RESOURCES'
# one comment
node1 IPaddr::10.0.0.1/24/eth0 a::x b # another
Node2   b::1::2 \
   c

node2 a
node1 10.0.0.7 c::q
RESOURCES
printf '%s\n' 'logfile /var/log/ha-log' 'auto_failback on' 'bcast eth0' 'node node1 node2' | put all /etc/ha.d/ha.cf

# what NODE COMMAND...: all that it did, in one text
what() {
    local node=$1
    shift
    on "$node" sh -c 'rm -f /var/log/calls /var/log/ha-log /var/log/ha-debug; "$@" >/run/out 2>/run/err; echo "exit $?"
        sed "s/^/out /" /run/out; sed "s/^/err /; s/[A-Z][a-z]* *[0-9]* [0-9:]\{8\}/DATE/" /run/err
        sed "s/^/call /" /var/log/calls
        for log in ha-log ha-debug; do
            sed "s/^/$log /; s/[A-Z][a-z]\{2\} *[0-9]* [0-9:]\{8\}/DATE/; s/\[[0-9]*\]/[PID]/" /var/log/$log
        done' what env HA_CURHOST=node1 HA_LOGFILE=/var/log/ha-log HA_DEBUGLOG=/var/log/ha-debug "$@" 2>/dev/null
}

# same TEXT COMMAND...
same() {
    local text=$1
    shift
    is "$(what node1 "$@")" "$(what node2 "$@")" "$text" || true
}

share=/usr/share/heartbeat
RM=$share/ResourceManager
ip=IPaddr::10.0.0.1/24/eth0
same 'no verb' $RM
same 'a wrong verb' $RM frobnicate
same 'listkeys of a node' $RM listkeys node1
same 'listkeys in capitals' $RM listkeys NODE2
same 'listkeys of a pattern' $RM listkeys 'node.*'
same 'listkeys of nobody' $RM listkeys
same 'allkeys' $RM allkeys
same 'ourkeys' $RM ourkeys
same 'otherkeys' $RM otherkeys
same 'status of what does not run' $RM status $ip
same 'takegroup' $RM takegroup $ip
same 'status of what runs' $RM status a::x
same 'takegroup of what runs' $RM takegroup $ip
same 'statgroup ALL' $RM statgroup $ip
same 'givegroup' $RM givegroup $ip
same 'statgroup NONE' $RM statgroup $ip
for n in node1 node2; do        # 3.0.6 writes its environment before it
    like "$(what $n $RM statgroup nosuch)" 'ha-debug NONE$' "statgroup of what is no group: $n" || true
done
same 'verifyallidle of nothing' $RM verifyallidle
same 'takegroup over a continued line' $RM takegroup b::1::2
same 'givegroup by another resource' $RM givegroup c
same 'takegroup of an address' $RM takegroup 10.0.0.7
same 'givegroup of an address' $RM givegroup 10.0.0.7
on node1 touch /etc/ha.d/fail.b
on node2 touch /etc/ha.d/fail.b
same 'takegroup that fails' $RM takegroup $ip
for n in node1 node2; do on $n sh -c 'rm /etc/ha.d/fail.b; : >/etc/ha.d/failstop.c'; done
# 3.0.6 adds a remark about a reboot, which a script by hand does not do here
like "$(what node1 HA_STOPRETRYMAX=1 $RM givegroup b::1::2)" '^call c stop' 'a stop that fails' || true
is "$(what node1 HA_STOPRETRYMAX=1 $RM givegroup b::1::2)" \
    "$(what node2 HA_STOPRETRYMAX=1 $RM givegroup b::1::2 | grep -v 'reboot narrowly avoided')" 'is tried again as there' || true
for n in node1 node2; do on $n rm /etc/ha.d/failstop.c; done
same 'mach_down of the other node' $share/mach_down node2
same 'mach_down of this node' $share/mach_down node1
same 'mach_down of a ping node' env HA_info=ping $share/mach_down node2
same 'mach_down of a stranger' $share/mach_down node3
for tool in hb_addnode hb_delnode hb_setweight hb_setsite; do
    same "$tool without arguments" $share/$tool
done

# functions of shellfuncs that other scripts use
put all /root/functions 755 <<'SCRIPT'
#!/bin/sh
. /etc/ha.d/shellfuncs
ha_log "info: one"
ha_log "ERROR: two"
ha_debug "three"
for verb in stop status start status monitor stop monitor; do
    ha_pseudo_resource thing $verb >/dev/null 2>&1
    echo "$verb $?"
done
echo "auto_failback $(ha_parameter auto_failback)"
echo "$HA_DIR $HA_RCDIR $HA_BIN $HA_NOARCHBIN $HA_FIFO $HA_CF $HA_RESOURCEDIR $HA_VARLIB"
SCRIPT
same 'shellfuncs' env HA_LOGTAG=other HA_debug=1 /root/functions
tap_end
