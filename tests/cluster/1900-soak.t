#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Hours of mixed operation at a keepalive of 20 ms: clients that talk, come and go, groups that move, a node that dies in
# every way. No message to a client is lost, no service is up twice, and no process of the nodes that stay has more
# descriptors, children or memory at the end than after the first rounds. Nightly: HB_SOAK_S seconds (two hours).
. "$(dirname "$0")/lib.sh"
[ -n "${HB_NIGHTLY:-}${HB_SOAK_S:-}" ] || skip_all 'a nightly test'
CLIENT=$HB_BUILD/plain/tests/cluster/apiclient
[ -x "$CLIENT" ] || skip_all 'apiclient is not built'
SECONDS_LONG=${HB_SOAK_S:-7200}
SEED=${HB_SOAK_SEED:-$((EPOCHSECONDS % 32768))}
RANDOM=$SEED
diag "seed $SEED, $SECONDS_LONG s"
WARM_UP=$((SECONDS_LONG / 5))   # before memory is looked at: what is kept of the past must be as long as it gets
GROWTH_KIB=256                  # that the allocator may be of another mind by, of some megabytes
PER_ROUND=200                   # messages each way
STAY=(node1 node2)
RESOURCES="node1 IPaddr::$VIP/24/eth0 svc::web
node2 svc::db
node3 svc::mail"
rig_up 3
"$NETRIG" put "$RIG" all "$CLIENT" /root/apiclient 755
configure 'keepalive 20ms' 'deadtime 2' 'warntime 1' 'initdead 5' 'ping 10.77.0.254' 'apiauth soak uid=root' \
    'apiauth deaf uid=root'

# ------------------------------------------------------------------ clients

declare -A SAY SENT
talk() {                # NODE: what it hears is in WORK/NODE.out
    local fd
    mkfifo "$WORK/$1.in"
    "$NETRIG" exec "$RIG" "$1" /root/apiclient talk soak <"$WORK/$1.in" >"$WORK/$1.out" 2>&1 &
    exec {fd}>"$WORK/$1.in"
    SAY[$1]=$fd SENT[$1]=0
}
hears() { grep -qE -- "$2" "$WORK/$1.out"; }
chat() {                # FROM TO
    local i
    for ((i = 0; i < PER_ROUND; i++)); do
        SENT[$1]=$((SENT[$1] + 1))
        echo "t=count|n=${SENT[$1]}|dest=$2" >&"${SAY[$1]}"
    done
}
heard_all() { hears "$2" "^t=count.n=${SENT[$1]}[|]"; }         # FROM TO
# gaps FROM TO: the first number that did not come in its turn, or nothing
gaps() { sed -n 's/^t=count|n=\([0-9]*\)|.*/\1/p' "$WORK/$2.out" | awk '$1 != NR { print "number " NR " is " $1; exit }'; }

# --------------------------------------------------- what a node is made of

# shellcheck disable=SC2016  # for the node
sizes() {               # NODE: "NAME DESCRIPTORS KIB" of each process: the memory that is its own
    on "$1" sh -c 'for p in $(pgrep -x "heartbeat|hb-node|hb-guard|hb-log"); do
        echo "$(cat /proc/$p/comm) $(ls /proc/$p/fd | wc -l) $(awk "/^Anonymous:/ { print \$2 }" /proc/$p/smaps_rollup)"; done'
}
zombies() { on "$1" sh -c 'cat /proc/[0-9]*/stat 2>/dev/null' | awk '{ sub(/.*\) /, "") } $1 == "Z"' | wc -l; }
no_zombies() { [ "$(zombies "$1")" = 0 ]; }
# as_before NODE: no process has more descriptors than after the first rounds
as_before() {
    sizes "$1" | awk -v before="$WORK/$1.sizes" '
        BEGIN { while ((getline line <before) > 0) { split(line, f, " "); fds[f[1]] = f[2] } }
        $2 > fds[$1] { more = 1 } END { exit more }'
}
# grown NODE: processes that have grown
grown() {
    sizes "$1" | awk -v before="$WORK/$1.sizes" -v most=$GROWTH_KIB '
        BEGIN { while ((getline line <before) > 0) { split(line, f, " "); kib[f[1]] = f[3] } }
        $3 > kib[$1] + most { print $1 " from " kib[$1] " to " $3 " KiB" }'
}

# ------------------------------------------------------------------- rounds

once_each() { local s; for s in web db mail; do [[ $(holders $s) = node[123] ]] || return; done; settled; }
any() { local a=("$@"); echo "${a[RANDOM % $#]}"; }

move() {
    on "$(any node1 node2 node3)" "/usr/share/heartbeat/$(any hb_standby hb_takeover)" "$(any all local foreign)" >/dev/null 2>&1
}
visitors() {            # clients that come and go, one of them with nonsense
    local n=${1:-$(any "${STAY[@]}")} i
    for i in 1 2 3 4 5; do
        on "$n" cl_status nodestatus node3 >/dev/null 2>&1
        on "$n" cl_status listnodes >/dev/null 2>&1
        on "$n" hb_status --json >/dev/null 2>&1
    done
    on "$n" /root/apiclient rubbish >/dev/null 2>&1
    on "$n" sh -c '/root/apiclient deaf deaf' >/dev/null 2>&1
}
crash() { rig crash node3 >/dev/null; rig boot node3; start node3; }
restart() { stop node3; start node3; }
kill_part() { on node3 sh -c "kill -9 \$(pgrep -x -n $(any hb-node heartbeat hb-guard hb-log))" 2>/dev/null; }
freeze() { rig freeze node3 >/dev/null; sleep "$(any 0.2 1)"; rig thaw node3 >/dev/null; }      # not as long as deadtime
one_link() { local n; n=$(any node1 node2 node3); rig cut "$n" eth1 >/dev/null; move; rig heal >/dev/null; }
loss() { rig loss node3 eth0 20 >/dev/null; move; rig heal >/dev/null; }
reload() { on "$(any "${STAY[@]}")" /usr/libexec/heartbeat/heartbeat -r >/dev/null 2>&1; }

start node1 node2 node3
check 'three nodes, each group once' wait_for once_each
for n in "${STAY[@]}"; do talk "$n"; done
for n in "${STAY[@]}"; do check "the client of $n is signed on" wait_for hears "$n" 'reqtype=signon.result=OK'; done

for n in "${STAY[@]}"; do check "visitors on $n" visitors "$n"; done
END=$((SECONDS + SECONDS_LONG)) WARM=$((SECONDS + WARM_UP))
ROUNDS=0
while [ $SECONDS -lt $END ]; do
    chat node1 node2
    chat node2 node1
    what=$(any move move visitors crash restart kill_part freeze one_link loss reload)
    $what
    move
    if ! { wait_for once_each && wait_for heard_all node1 node2 && wait_for heard_all node2 node1; }; then
        fail "round $ROUNDS ($what): each group runs once, and all messages have come"
        break
    fi
    ROUNDS=$((ROUNDS + 1))
    if [ ! -e "$WORK/node2.sizes" ] && [ $SECONDS -ge $WARM ]; then
        for n in "${STAY[@]}"; do sizes "$n" >"$WORK/$n.sizes"; done
    fi
    [ $((ROUNDS % 20)) != 0 ] || diag "$SECONDS s, round $ROUNDS: $(for n in "${STAY[@]}"; do sizes "$n" | tr '\n' ' '; done)"
done
diag "$ROUNDS rounds, ${SENT[node1]} messages each way"

wait_for once_each
check 'the clients got all messages, each once and in its turn, from node1' test -z "$(gaps node1 node2)"
check 'and from node2' test -z "$(gaps node2 node1)"
for s in web db mail; do check "$s was never up twice" never_two $s; done
for n in "${STAY[@]}"; do
    refuse "the client of $n was not thrown out" hears "$n" '^closed'
    refuse "$n was not taken for dead" logged "node$((3 - ${n#node}))" "node $n: is dead"
    check "$n has no zombie" wait_for no_zombies "$n"
    check "no process of $n has a descriptor more" wait_for as_before "$n"
    is "$(grown "$n")" '' "none has grown on $n" || true
    diag "$n after $WARM_UP s: $(tr '\n' ',' <"$WORK/$n.sizes") now: $(sizes "$n" | tr '\n' ',')"
done
for fd in "${SAY[@]}"; do exec {fd}>&-; done
stop node1
stop node2
stop node3
for n in node1 node2; do refuse "nothing is left on $n" our_processes "$n"; done
tap_end
