#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# With Debian's cluster-glue installed hb_stonith has the same devices as its stonith, with the same settings, and calls them alike.
. "$(dirname "$0")/../cluster/lib.sh"
. "$(dirname "$0")/../cluster/switch.sh"
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no cluster-glue to be had'
switch_install "$PEER"
cp -a --remove-destination "$HB_ROOT/." "$SWITCHED/" || exit 1
# A device that records how it was called.
cat >"$SWITCHED/usr/lib/stonith/plugins/external/record" <<'RECORD'
#!/bin/sh
case $1 in getconfignames) echo hostlist ip secret ;; *) echo "$# $* / $hostlist / $ip / $secret" >>/var/log/record ;; esac
RECORD
chmod 755 "$SWITCHED/usr/lib/stonith/plugins/external/record"
HB_ROOT=$SWITCHED
rig_up 1
switch_trap

OLD=$(on node1 stonith -L 2>/dev/null)
like "$OLD" '^external/ipmi$' 'stonith lists devices' || true
is "$(on node1 hb_stonith -L)" "$OLD" 'hb_stonith lists the same' || true

# all names of settings, by the tool $1
settings() {
    on node1 sh -c 'for t in $(stonith -L 2>/dev/null); do
        echo "$t:" $('"$1"' -t "$t" -n 2>/dev/null)
    done'
}
OLD=$(settings stonith)
is "$(settings hb_stonith)" "$OLD" 'each has the same settings' || true
like "$OLD" '^external/ipmi: hostname ipaddr userid' 'which are some' || true

# calls of the tool $1
recorded() {
    on node1 rm -f /var/log/record
    on node1 "$1" -t external/record -p 'a,b 1.2.3.4 a long secret' -T reset a >/dev/null 2>&1
    on node1 "$1" -t external/record hostlist=a,b ip=1.2.3.4 'secret=a long secret' -T off a >/dev/null 2>&1
    on node1 "$1" -t external/record -p 'a,b 1.2.3.4 a long secret' -S >/dev/null 2>&1
    cat "$(file_of node1 /var/log/record)"
}
OLD=$(recorded stonith)
like "$OLD" '^2 reset a / a,b / 1.2.3.4 / a long secret$' 'stonith calls a script' || true
is "$(recorded hb_stonith)" "$OLD" 'hb_stonith calls it alike' || true
is "$(on node1 hb_stonith -t null -p 'a b' -l | xargs)" 'a b' 'a device that is no script goes by its program' || true
tap_end
