#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The daemon with a line of the scripts and an OCF agent: started, moved with a process in the mount, taken over.
. "$(dirname "$0")/lib.sh"
RESOURCES='node1 Filesystem::none::/srv/data::tmpfs::size=1m ocf:acme:Thing::file=/srv/data/thing::text=a::b svc::web'
rig_up 2
configure
for node in node1 node2; do
    on $node sh -c 'mkdir -p /run/over/up /run/over/work && mount -t overlay overlay \
        -o lowerdir=/usr/lib,upperdir=/run/over/up,workdir=/run/over/work /usr/lib && mkdir -p /usr/lib/ocf/resource.d/acme' ||
        skip_all 'no overlay file system here'
done
put all /etc/ha.d/Thing 755 <<'SH'
#!/bin/sh
f=$OCF_RESKEY_file
case $1 in
meta-data) cat <<XML
<?xml version="1.0"?>
<resource-agent name="Thing"><version>1.0</version>
<parameters><parameter name="file" required="1"/><parameter name="text"/></parameters>
<actions><action name="start" timeout="20s"/></actions></resource-agent>
XML
;;
start) [ -d "${f%/*}" ] && echo "$OCF_RESKEY_text" >"$f" ;;
stop) rm -f "$f" ;;
monitor) [ -e "$f" ] || exit 7 ;;
*) exit 3 ;;
esac
SH
for node in node1 node2; do on $node cp /etc/ha.d/Thing /usr/lib/ocf/resource.d/acme/Thing; done

is_mounted() { on "$1" grep -q ' /srv/data tmpfs ' /proc/mounts; }
thing() { on "$1" cat /srv/data/thing 2>/dev/null; }
like "$(on node1 /usr/libexec/heartbeat/heartbeat --check)" 'ocf:acme:Thing.*heartbeat 3.0.6 knows scripts only' \
    '--check knows what 3.0.6 does not'
start node1 node2
check 'the group starts' wait_for up_and_settled web node1
check 'it is mounted' is_mounted node1
is "$(thing node1)" 'a::b' 'the agent has its parameters'
refuse 'not on the other node' is_mounted node2

rig spawn node1 -- sh -c 'cd /srv/data && touch /run/in-it && exec sleep 1000' >/dev/null
wait_for on node1 test -e /run/in-it
on node1 /usr/share/heartbeat/hb_standby all
check 'a move, with a process in the mount' wait_for up_and_settled web node2
refuse 'it is not mounted here' is_mounted node1
check '... but there' is_mounted node2
is "$(thing node2)" 'a::b' '... with the agent'
check 'who held it is named in the log' wait_for logged node1 'is held by: sleep\[[0-9]+\]'

rig crash node2 >/dev/null
check 'a crash: it starts again' wait_for runs_on web node1
check 'it is mounted' is_mounted node1
is "$(thing node1)" 'a::b' '... with the agent'
check 'never up twice' never_two web

on node1 sed -i 's/::text=/::tex=/' /etc/ha.d/haresources
like "$(on node1 /usr/libexec/heartbeat/heartbeat --check)" \
    '^haresources:1: warning: ocf:acme:Thing: it has no parameter tex; did you mean text\?' \
    '--check compares the names of parameters with those that the agent knows'
tap_end
