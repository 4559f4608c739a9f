#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Hundreds of small configurations, good and broken: we answer as heartbeat 3.0.6 does, or as tests/conf/answers
# says that we do. What is refused is refused by a start, too; what is taken is started in a nightly run only.
. "$(dirname "$0")/lib.sh"
ROWS='^(0|late|[0-9]+) '
rig_up 1
configure
chmod 755 "$WORK"

# answers HOW: the answers to WORK/rows, beside what they should be
answers() {
    on node1 "$HB_TOP/tests/conf/ask" "$1" "$WORK/rows" >"$WORK/got"
    awk -v how="$1" -v got="$WORK/got" '
        {
            n = split($2, ours, "/")
            want = $2 == "=" ? $1 : how == "check" || n == 1 ? ours[1] : ours[2]
            if ((getline answer <got) <= 0) answer = "nothing"
            if (answer != want) print "wanted " want ", got " answer ": " substr($0, 1, 200)
        }' "$WORK/rows"
}
grep -E "$ROWS" "$HB_TOP/tests/conf/answers" >"$WORK/rows"
check 'there are rows' test "$(wc -l <"$WORK/rows")" -gt 150
is "$(answers check)" '' '--check answers each as it should' || true

# Of what a start takes as well, only a nightly run has the time to ask for all.
if [ -z "${HB_NIGHTLY:-}" ]; then
    grep -E "$ROWS" "$HB_TOP/tests/conf/answers" |
        awk '{ n = split($2, ours, "/"); want = $2 == "=" ? $1 : ours[n]; if (want != 0) print }' >"$WORK/rows"
fi
check 'there are rows of what a start refuses' test -s "$WORK/rows"
is "$(answers start)" '' 'and so does a start' || true
refuse 'nothing is left running' our_processes node1
tap_end
