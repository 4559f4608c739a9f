#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Mixed clusters of ours and heartbeat 3.0.6, side by side, through everything that an administrator
# does. What runs each time covers each pair of (step, auto_failback, who starts first, key, medium);
# the nightly mode runs all of them, and two nodes of 3.0.6 beside, to compare times with.
. "$(dirname "$0")/../cluster/lib.sh"
"$HB_TOP/tests/compat/peer" >/dev/null || skip_all 'no heartbeat 3.0.6 to be had'
WORK=$(mktemp -d) || exit 1
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$WORK"' EXIT
trap 'exit 1' INT TERM HUP

STEPS=(alone stop crash standby_all standby_local standby_foreign takeover cut_one reload key_roll cut_both)

# Each line: the cluster, and a half of the steps (A or B), so that each pair is there.
pairs() {
    cat <<'CELLS'
on      ours    sha1  bcast   A
on      theirs  md5   mcast   B
on      theirs  crc   ucast   A
on      ours    sha1  serial  B
off     theirs  sha1  ucast   B
off     ours    md5   bcast   B
off     ours    crc   mcast   A
off     theirs  md5   serial  A
legacy  ours    md5   ucast   A
legacy  theirs  sha1  mcast   A
legacy  theirs  crc   bcast   B
legacy  ours    crc   serial  B
CELLS
}
steps_of() {
    case $1 in
    A) echo "${STEPS[@]:0:6}" cut_both ;;
    B) echo "${STEPS[@]:6}" ;;
    esac
}

every() {
    local f s a m
    for f in on off legacy; do for s in ours theirs; do for a in crc md5 sha1; do for m in bcast mcast ucast serial; do
        echo "$f $s $a $m all"
    done; done; done; done
}

# run_cell FILE PAIR ARGUMENTS...: once more where 3.0.6 has failed of itself
run_cell() {
    local file=$1 pair=$2 try
    shift 2
    for try in 1 2 3; do
        PAIR=$pair "$HB_TOP/tests/compat/cell" "$@" >"$file" 2>&1 </dev/null
        [ $? = 75 ] || return
        echo "# $pair $*: 3.0.6 has failed of itself, try $try"
    done
}

# run_cells PAIR: the clusters of stdin, at most AT_ONCE side by side; WORK/PAIR.N has what each said
run_cells() {
    local f s a m half n=0 steps
    while read -r f s a m half; do
        n=$((n + 1))
        while [ "$(jobs -rp | wc -l)" -ge "$AT_ONCE" ]; do wait -n; done
        if [ "$half" = all ]; then steps=("${STEPS[@]}"); else read -ra steps <<<"$(steps_of "$half")"; fi
        run_cell "$WORK/$1.$n" "$1" "$f" "$s" "$a" "$m" "${steps[@]}" &
    done
    wait
}

# report FILE...: what the clusters said, as results of this test
report() {
    local file line plan
    for file; do
        plan=''
        while IFS= read -r line; do
            case $line in
            'ok '*) pass "${line#ok * - }" ;;
            'not ok '*) fail "${line#not ok * - }" || true ;;
            1..*) plan=1 ;;
            *) echo "$line" ;;
            esac
        done <"$file"
        [ -n "$plan" ] || fail "a cluster came to its end (${file##*/})" || true
    done
}

# worse: steps that took longer than the same step with two nodes of 3.0.6 in the same kind of cluster
worse() {
    local n
    for n in $(seq 1 "$1"); do
        awk -v n="$n" '/^# took / { t[FNR == NR ? 0 : 1, substr($0, 8, length($0) - 7 - length($(NF-1) $NF) - 2)] += $(NF - 1) }
            END { for (k in t) { split(k, p, SUBSEP); if (p[1] == 0 && t[1, p[2]] && t[k] > t[1, p[2]] + 1000)
                print n ": " p[2] " " t[k] " ms, two of 3.0.6 " t[1, p[2]] " ms" } }' "$WORK/mixed.$n" "$WORK/306.$n"
    done
}

AT_ONCE=6
if [ -z "${HB_NIGHTLY:-}" ]; then
    pairs | grep -E -- "${HB_CELLS:-.}" | run_cells mixed
    report "$WORK"/mixed.*
else
    AT_ONCE=8
    every | run_cells mixed
    report "$WORK"/mixed.*
    every | grep -E 'sha1 (bcast|ucast)' >"$WORK/cells"
    run_cells mixed <"$WORK/cells"
    run_cells 306 <"$WORK/cells"
    is "$(worse "$(wc -l <"$WORK/cells")")" '' 'no step takes a second longer than with two nodes of 3.0.6' || true
fi
tap_end
