#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hb-ocf and the scripts that lead to it (ocf-agent under its names, OCF, hto-mapfuncs) with agents made here; hb-limit.
. "$(dirname "$0")/rsc.sh"
mkdir "$WORK/usr" "$WORK/usr/up" "$WORK/usr/work"
mount -t overlay overlay -o "lowerdir=/usr/lib,upperdir=$WORK/usr/up,workdir=$WORK/usr/work" /usr/lib 2>/dev/null ||
    skip_all 'no overlay file system here'
AGENTS=/usr/lib/ocf/resource.d
rm -rf "$AGENTS"
mkdir -p "$AGENTS/heartbeat" "$AGENTS/acme"
ocf() {     # like call, for hb-ocf itself
    "$HA_BIN/hb-ocf" "$@" >/run/out 2>/run/err </dev/null
    CODE=$?
    OUT=$(cat /run/out) ERR=$(cat /run/err)
}

# An agent whose state is a file, and that answers with what it finds in CODE.ACTION
agent() {
    cat >"$AGENTS/$1" <<SH
#!/bin/sh
echo "\$0 \$1 \$(env | sort | grep -e '^OCF_RESKEY_[^C]' -e '^OCF_RESOURCE_' | tr '\n' ' ')" >>$CALLS
[ ! -e $WORK/hangs.\$1 ] || { sleep 1000 & echo \$! >$WORK/left; wait; }
[ ! -e $WORK/code.\$1 ] || exit \$(cat $WORK/code.\$1)
case \$1 in
meta-data) cat <<XML
<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="x"><version>1.0</version><parameters>
$(for p in $2; do echo "<parameter name=\"${p%!}\" required=\"$([ "$p" = "${p%!}" ] && echo 0 || echo 1)\"/>"; done)
</parameters><actions><action name="start" timeout="${3:-20s}"/><action name="stop" timeout="20s"/></actions></resource-agent>
XML
;;
start) touch $WORK/on.\${0##*/} ;;
stop) rm -f $WORK/on.\${0##*/} ;;
monitor) echo running, or not; [ -e $WORK/on.\${0##*/} ] || exit 7 ;;
*) exit 3 ;;
esac
SH
    chmod 755 "$AGENTS/$1"
}

# ---- hb-ocf
agent acme/Thing 'device! directory'
ocf ocf:acme:Thing device=/dev/x status
expect 7 "$DOWN" 'status: the exit code counts, not what the agent prints'
like "$ERR" 'running, or not' '... which goes elsewhere'
ocf ocf:acme:Thing device=/dev/x stop
expect 0 "$DONE" 'stop of what is stopped'
calls >/dev/null
ocf ocf:acme:Thing device=/dev/x 'directory=/a b;$(reboot)' start
expect 0 "$DONE" 'start'
seen=$(calls)
like "$seen" "^$AGENTS/acme/Thing start OCF_RESKEY_device=/dev/x OCF_RESKEY_directory=/a b;\\$\\(reboot\\) " \
    'the parameters, as they are; meta-data are kept'
like "$seen" ' OCF_RESOURCE_INSTANCE=Thing_[0-9a-f]+ OCF_RESOURCE_PROVIDER=acme OCF_RESOURCE_TYPE=Thing' 'who it is'
ocf ocf:acme:Thing device=/dev/x monitor
expect 0 "$UP" 'status'
ocf ocf:acme:Thing devise=/dev/x start
expect 6 'ERROR:  Program is not configured' 'a parameter that does not exist'
like "$ERR" 'no parameter devise; did you mean device\?' '... is named'
like "$ERR" 'parameter device is missing' '... and the missing one'
OCF_RESKEY_device=/dev/x ocf ocf:acme:Thing check
is "$CODE" 6 'parameters in the environment are none'
ocf ocf:acme:Thing device=/dev/x check
is "$CODE $OUT" '0 ' 'check'
ocf ocf:acme:Thing meta-data
like "$OUT" '<resource-agent' 'meta-data'
ocf ocf:acme:../acme/Thing start
is "$CODE" 1 'an agent that is no name'
ocf ocf:acme:Thing device=/dev/x restart
like "$CODE $OUT" '^1 ERROR: Unknown operation: restart' 'another verb'
while read -r code want out; do
    echo "$code" >"$WORK/code.monitor"
    ocf ocf:acme:Thing device=/dev/x status
    expect "$want" "$out" "exit code $code of a status"
done <<'CODES'
0 0 INFO:  Running OK
1 1 ERROR:  Generic error
2 2 ERROR:  Illegal argument
3 3 ERROR:  Function unimplemented
4 4 ERROR:  User had insufficient privilege
7 7 INFO:  Resource is stopped
8 0 INFO:  Running OK
9 1 ERROR:  Unknown error: 9
255 1 ERROR:  Unknown error: 255
CODES
echo 5 >"$WORK/code.monitor"
ocf ocf:acme:Thing device=/dev/never status
expect 7 "$DOWN" 'what cannot run and was not started here is stopped'
ocf ocf:acme:Thing device=/dev/x 'directory=/a b;$(reboot)' status
expect 5 'ERROR:  Program is not installed' '... but not when it was'
rm "$WORK/code.monitor"

# ---- limits
agent acme/Slow '' 1s
touch "$WORK/hangs.start"
ocf ocf:acme:Slow start
expect 1 'ERROR:  Generic error' 'a start that hangs ends with the limit of the meta-data'
check '... with all that it has started' soon dead "$(cat "$WORK/left")"
rm "$WORK/hangs.start"
touch "$WORK/hangs.stop"
HA_resource_timeout=1000ms ocf ocf:acme:Slow stop
expect 1 'ERROR:  Generic error' '... or with the limit of the caller'
rm "$WORK/hangs.stop"
echo 1 >"$WORK/code.meta-data"
agent acme/Mute ''
ocf ocf:acme:Mute anything=1 start
expect 0 "$DONE" 'an agent without meta-data runs all the same'
rm "$WORK/code.meta-data"
agent acme/Pensive ''
touch "$WORK/hangs.meta-data"
HA_resource_timeout=10000ms ocf ocf:acme:Pensive anything=1 start
expect 0 "$DONE" 'an agent that hangs before it says what it is leaves time for the start'
check '... and is not left behind' soon dead "$(cat "$WORK/left")"
rm "$WORK/hangs.meta-data"
cat >"$AGENTS/acme/Talks" <<'SH'
#!/bin/sh
case $1 in meta-data) yes 2>/dev/null; echo $? >/run/trial/talked ;; esac
SH
chmod 755 "$AGENTS/acme/Talks"
ocf ocf:acme:Talks anything=1 start
expect 0 "$DONE" 'one that never ends saying it'
refuse '... is not listened to until the memory is full' test "$(cat "$WORK/talked")" = 143

# ---- an agent that is not there, or no more
printf '#!%s\n' /nonesuch/perl >"$AGENTS/acme/Nobody"
chmod 755 "$AGENTS/acme/Nobody"
ocf ocf:acme:Nobody start
expect 1 "ERROR: $AGENTS/acme/Nobody is not an executable file" 'an agent without its interpreter: start'
ocf ocf:acme:Nobody status
expect 7 "$DOWN" '... status'
ocf ocf:acme:Nobody stop
expect 0 "$DONE" '... stop'
ocf ocf:acme:Gone start
expect 1 "ERROR: $AGENTS/acme/Gone is not an executable file" 'no such agent: start'
ocf ocf:acme:Gone status
expect 7 "$DOWN" '... status'
ocf ocf:acme:Gone stop
expect 0 "$DONE" '... stop'
agent acme/Vanishes ''
ocf ocf:acme:Vanishes start
rm "$AGENTS/acme/Vanishes"
ocf ocf:acme:Vanishes status
expect 1 "ERROR: $AGENTS/acme/Vanishes is not an executable file" 'an agent that has vanished: status'
ocf ocf:acme:Vanishes stop
expect 1 "ERROR: $AGENTS/acme/Vanishes is not an executable file" '... stop'

# ---- the old names
while read -r name args want; do
    agent "heartbeat/$name" ''
    calls >/dev/null
    IFS=, read -r -a words <<<"$args"
    call "$name" "${words[@]}" start
    expect 0 "$DONE" "$name ${words[*]} start"
    is "$(calls | grep -o ' start .*OCF_RESOURCE_INSTANCE=[^ ]*' | sed 's/OCF_RESKEY_//g; s/OCF_RESOURCE_INSTANCE=/@/')" \
        " start ${want//\~/ }" '... with its parameters'
    call "$name" "${words[@]}" status
    expect 0 "$UP" "$name status"
    call "$name" "${words[@]}" stop
    expect 0 "$DONE" "$name stop"
    call "$name" "${words[@]}" status
    expect 7 "$DOWN" "$name status"
done <<'NAMES'
AudibleAlarm node1,node2 nodelist=node1~node2~@AudibleAlarm_node1
ICP 5,/dev/sda device=/dev/sda~driveid=5~@ICP_5
LinuxSCSI 0:0:0 scsi=0:0:0~@LinuxSCSI_0:0:0
ServeRAID 1,2 mergegroup=2~serveraid=1~@ServeRAID_1
WAS /opt/was.xml config=/opt/was.xml~@WAS__opt_was.xml
WAS 9080 port=9080~@WAS_9080
WinPopup /etc/hosts hostfile=/etc/hosts~@WinPopup__etc_hosts
db2 db2inst1 instance=db2inst1~@db2_db2inst1
ids /opt/ids,srv,onc informixdir=/opt/ids~informixserver=srv~onconfig=onc~@ids__opt_ids
NAMES
gives 'ICP 5 status' 1 "usage: $RSC/ICP <ICP cluster drive ID> <device> (start|stop|status|usage|meta-data)"
rm "$AGENTS/heartbeat/db2"
gives 'db2 db2inst1 start' 1 "ERROR: $AGENTS/heartbeat/db2 is not an executable file"
gives 'db2 db2inst1 stop' 0 "$DONE"
gives 'db2 db2inst1 status' 7 "$DOWN"

# ---- OCF
export HA_DIR=$WORK/ha.d
mkdir -p "$HA_DIR/conf/OCF/Thing"
printf '# comment\ndevice="/dev/a b"\nOCF_RESKEY_directory=$(touch /run/trial/evil)\nexport x\n' >"$HA_DIR/conf/OCF/Thing/one"
agent acme/Thing 'device! directory'
calls >/dev/null
gives 'OCF Thing one start' 0 "$DONE"
like "$(calls)" 'OCF_RESKEY_device=/dev/a b OCF_RESKEY_directory=\$\(touch /run/trial/evil\) OCF_RESOURCE_INSTANCE=one' \
    'the parameters in the file'
refuse '... are not evaluated' test -e "$WORK/evil"
gives 'OCF Thing one status' 0 "$UP"
gives 'OCF Thing one stop' 0 "$DONE"
call OCF Thing two start
like "$CODE $OUT" '^1 usage: ' 'no such file'
call OCF ../x one start
like "$CODE $OUT" '^1 usage: ' 'no such name'

# ---- a script of somebody who sources hto-mapfuncs
cat >"$WORK/own" <<SH
#!/bin/sh
. $RSC/hto-mapfuncs
OCF_TYPE=Thing OCF_RESOURCE_INSTANCE=Thing_\$1 OCF_RESKEY_device=\$1
export OCF_TYPE OCF_RESOURCE_INSTANCE OCF_RESKEY_device
ra_execocf \$2
SH
ln -s ../acme/Thing "$AGENTS/heartbeat/Thing"
calls >/dev/null
is "$(sh "$WORK/own" /dev/z start)" "$DONE" 'a script that sources hto-mapfuncs'
like "$(calls)" 'start OCF_RESKEY_device=/dev/z OCF_RESOURCE_INSTANCE=Thing__dev_z' '... passes its parameters on'

# ---- hb-limit
limit() { "$HA_BIN/hb-limit" "$@" >/run/out 2>/run/err; CODE=$?; OUT=$(cat /run/out); }
limit 5 sh -c 'echo x; exit 3'
is "$CODE $OUT" '3 x' 'hb-limit passes the exit code on'
limit -c 5 sh -c 'echo x; sleep 1000 & echo $! >/run/trial/left'
is "$CODE $OUT" '0 x' 'hb-limit -c does not wait for who is left behind'
kill "$(cat "$WORK/left")"
limit 5 sh -c 'kill -9 $$'
is "$CODE" 137 'a signal'
limit 5 nonesuch
is "$CODE" 127 'no such program'
limit 0 sh -c 'trap "" TERM; while :; do sleep 1; done'
is "$CODE" 124 'late, and deaf to SIGTERM'
limit x true
is "$CODE" 125 'no number'
tap_end
