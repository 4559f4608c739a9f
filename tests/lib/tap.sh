# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tap.sh - sourced: results in TAP. The name of a check is the sentence that is false when it fails.

TAP_N=0
TAP_FAILED=0
TAP_OPEN=''             # the check that is being made

diag() { printf '%s\n' "$*" | sed 's/^/# /'; }

# An error of the shell ends a command without a word of its result: that is no success.
broken_off() {
    local text=$TAP_OPEN
    TAP_OPEN=''
    [ -z "$text" ] || ok 1 "$text (broken off)" || true
}

# ok STATUS SENTENCE
ok() {
    TAP_OPEN=''
    TAP_N=$((TAP_N + 1))
    if [ "$1" = 0 ]; then
        echo "ok $TAP_N - $2"
    else
        TAP_FAILED=$((TAP_FAILED + 1))
        echo "not ok $TAP_N - $2"
        return 1
    fi
}

pass() { ok 0 "$1"; }
fail() { ok 1 "$1"; }

# check SENTENCE COMMAND...
check() {
    local text=$1
    broken_off
    TAP_OPEN=$text
    shift
    if "$@"; then ok 0 "$text"; else ok 1 "$text"; fi
}

# refuse SENTENCE COMMAND...
refuse() {
    local text=$1
    broken_off
    TAP_OPEN=$text
    shift
    if "$@"; then ok 1 "$text"; else ok 0 "$text"; fi
}

# is GOT WANTED SENTENCE
is() {
    [ "$1" = "$2" ]
    ok $? "$3" || { diag "got:    $1"; diag "wanted: $2"; return 1; }
}

# like TEXT REGEX SENTENCE
like() {
    grep -qE -- "$2" <<<"$1"
    ok $? "$3" || { diag "got:     $1"; diag "pattern: $2"; return 1; }
}

skip_all() { echo "1..0 # SKIP $*"; exit 0; }

tap_end() {
    broken_off
    echo "1..$TAP_N"
    [ "$TAP_FAILED" = 0 ]
}
