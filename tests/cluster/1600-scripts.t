#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The scripts of 3.0.6 beside a running heartbeat: ResourceManager asks it and waits, mach_down and req_resource leave
# it its work, hooks in rc.d get the messages as HA_ variables.
. "$(dirname "$0")/lib.sh"
share=/usr/share/heartbeat
RM=$share/ResourceManager
RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web
node2 svc::db"
rig_up 2
configure
web=IPaddr::$VIP/24/eth0

hook() {
    put all "/etc/ha.d/rc.d/$1" 755 <<'HOOK'
#!/bin/sh
echo "$(basename "$0") arg=$1 src=$HA_src st=$HA_st own=$HA_OSTATUS nice=$HA_NICEFAILBACK" \
    "host=$HA_CURHOST info=$HA_info mine=$HA_my_own" >>/var/log/hooks
HOOK
}
hooked() { grep -qE -- "$2" "$(file_of "$1" /var/log/hooks)" 2>/dev/null; }
hook status
hook my-event

start node1 node2
check 'the groups run on their home nodes' wait_for runs_on web node1
wait_for up_and_settled db node2

is "$(on node1 $RM listkeys node1)" "$web" 'listkeys names the first resource' || true
is "$(on node1 $RM ourkeys)" "$web svc::web " 'ourkeys names all resources of our groups' || true
is "$(on node1 $RM otherkeys)" 'svc::db ' 'otherkeys those of the others' || true
on node1 $RM status "$web"
is $? 0 'status says 0 where the group runs' || true
on node2 $RM status "$web"
is $? 3 'status says 3 where it does not' || true

on node2 $RM takegroup "$web"
is $? 0 'takegroup beside heartbeat succeeds' || true
check 'and the group is here when it returns' has_svc node2 web
check 'and nowhere else' runs_on web node2
on node2 $RM givegroup svc::db
is $? 0 'givegroup beside heartbeat succeeds' || true
refuse 'and the group is not here when it returns' has_svc node2 db
check 'but on the other node' wait_for up_and_settled db node1
on node1 $RM takegroup nonsense 2>"$WORK/err"
is $? 1 'a group that does not exist is refused' || true
like "$(cat "$WORK/err")" nonsense 'with its name' || true

# many at once: each group is in one hand
pids=()
for n in node1 node2 node1 node2; do
    on $n $RM takegroup "$web" 2>/dev/null & pids+=($!)
    on $n $RM givegroup svc::db 2>/dev/null & pids+=($!)
done
wait "${pids[@]}"
check 'after eight at once all is settled' wait_for settled
for s in web db; do check "$s was never up twice" never_two $s; done

on node2 $RM takegroup "$web" 2>/dev/null
check 'the group is brought to the other node' wait_for up_and_settled web node2
calls_before=$(calls node1 web)
on node1 $share/mach_down node2
is "$? $(calls node1 web)" "0 $calls_before" 'mach_down leaves heartbeat its work' || true
on node1 $share/req_resource $VIP
is $? 0 'req_resource is taken, also with an address' || true
check 'and the group comes' wait_for up_and_settled web node1

check 'a script sends a message to all' on node1 sh -c \
    '. /etc/ha.d/shellfuncs; printf "t=my-event\ninfo=hello\nmy_own=yes\nDIR=/tmp\n" | ha_clustermsg'
for n in node1 node2; do
    check "its hook runs on $n" wait_for hooked $n '^my-event arg=my-event src=node1 st= own=active nice=yes host='$n' info=hello mine=yes$'
done
check 'a change of status runs its hook' wait_for hooked node1 '^status arg=status src=node2 st=active'
rig crash node2 >/dev/null
check 'a death runs it, too' wait_for hooked node1 '^status arg=status src=node2 st=dead own=active nice=yes host=node1 info= mine=$'
check 'and heartbeat has taken over' wait_for runs_on db node1
check 'and is in the middle of nothing' wait_for settled node1
is "$(on node1 $RM verifyallidle 2>"$WORK/err"; echo $?)" 2 'verifyallidle counts what runs' || true
like "$(cat "$WORK/err")" 'CRITICAL: Resource svc::db is active, and should not be!' 'and names it' || true
for s in web db; do check "$s was never up twice" never_two $s; done
tap_end
