#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The answers of heartbeat 3.0.6 in tests/conf/answers are those that it gives. Minutes, hence nightly; with HB_RECORD=1
# they are written there anew.
. "$(dirname "$0")/../cluster/lib.sh"
[ -n "${HB_NIGHTLY:-}${HB_RECORD:-}" ] || skip_all 'a nightly test'
PEER=$("$HB_TOP/tests/compat/peer") || skip_all 'no heartbeat 3.0.6 to be had'
TABLE=$HB_TOP/tests/conf/answers
AT_ONCE=4
rig_up $AT_ONCE --install "$PEER"
chmod 755 "$WORK"
is_row='^[^#]'
grep -E "$is_row" "$TABLE" >"$WORK/rows"

# Each node has the name that the rows speak of, hears none of its namesakes, and has a share of the rows.
for ((i = 1; i <= AT_ONCE; i++)); do
    for link in eth0 eth1; do rig cut "node$i" $link --silent >/dev/null; done
    sed -n "$i~${AT_ONCE}p" "$WORK/rows" >"$WORK/rows.$i"
    on "node$i" sh -c "hostname node1; exec '$HB_TOP/tests/conf/ask' old '$WORK/rows.$i'" >"$WORK/got.$i" &
done
wait
for ((i = 1; i <= AT_ONCE; i++)); do
    is "$(wc -l <"$WORK/got.$i")" "$(wc -l <"$WORK/rows.$i")" "an answer to each row, part $i" || true
done
# in the order of the rows again
for ((i = 1; i <= AT_ONCE; i++)); do
    awk -v i=$i -v of=$AT_ONCE '{ print (NR - 1) * of + i, $0 }' "$WORK/got.$i"
done | sort -n | cut -d ' ' -f 2 >"$WORK/got"
paste -d ' ' "$WORK/got" "$WORK/rows" >"$WORK/both"
if [ -n "${HB_RECORD:-}" ]; then
    awk -v got="$WORK/got" '/^[^#]/ { getline answer <got; sub(/^[^ ]+/, answer) } { print }' "$TABLE" >"$WORK/new"
    cat "$WORK/new" >"$TABLE"
else
    is "$(awk '$1 != $2 { print "3.0.6 says " $1 ": " substr($0, index($0, " ") + 1, 200) }' "$WORK/both")" '' \
        '3.0.6 answers each as the table has it' || true
fi
tap_end
