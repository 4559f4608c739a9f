#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The answers of Debian's ldirectord in tests/ldirectord/answers are those that it gives. Minutes, hence nightly; with
# HB_RECORD=1 they are written there anew.
set -u
export LC_ALL=C
HB_TOP=${HB_TOP:-$(cd "$(dirname "$0")/../.." && pwd)}
HB_BUILD=${HB_BUILD:-$HB_TOP/build}
# shellcheck source=tests/lib/tap.sh
. "$HB_TOP/tests/lib/tap.sh"
# shellcheck source=tests/lib/debian.sh
. "$HB_TOP/tests/lib/debian.sh"
[ -n "${HB_NIGHTLY:-}${HB_RECORD:-}" ] || skip_all 'a nightly test'
[ "$(id -u)" = 0 ] || skip_all 'needs root'
HERE=$HB_TOP/tests/ldirectord
ROOM=$HERE/room
PEER=$HB_BUILD/ldirectord-peer
AT_ONCE=4 ROWS_EACH=50
mkdir -p "$HB_BUILD"
(flock 9; hb_unpack "$PEER" ldirectord) 9>"$PEER.lock" >/dev/null 2>&1 || skip_all 'no ldirectord to be had'
"$ROOM" "$PEER" true || skip_all 'namespaces are not allowed here'
WORK=$(mktemp -d "$HB_BUILD/ldirectord.XXXXXX") && trap 'rm -rf "$WORK"' EXIT
chmod 755 "$WORK"

# Small pieces, so that all that ask have something to do until the end.
for file in "$HERE"/answers/*; do
    awk -v n=$ROWS_EACH -v base="$WORK/${file##*/}" '
        /^\? / && ++rows % n == 1 { piece++ }
        { print >sprintf("%s.%03d", base, piece) }' "$file"
done
# shellcheck disable=SC2016  # for the shell that xargs runs
(cd "$WORK" && printf '%s\n' *) | xargs -P $AT_ONCE -I PIECE sh -c \
    '"$1" "$2" "$3/ask" /usr/sbin/ldirectord "$4/PIECE" >"$4/new.PIECE" 2>>"$4/errors"' sh "$ROOM" "$PEER" "$HERE" "$WORK"
is "$(cat "$WORK/errors" 2>/dev/null)" '' 'all could be asked' || true
for file in "$HERE"/answers/*; do
    name=${file##*/}
    cat "$WORK/new.$name".* >"$WORK/$name"
    if [ -n "${HB_RECORD:-}" ]; then
        cat "$WORK/$name" >"$file"
    else
        is "$(diff "$file" "$WORK/$name" | head -n 20)" '' "ldirectord 4.12 answers as recorded: $name" || true
    fi
done

grep -E '^[0-9]' "$HERE/calls" >"$WORK/rows"
"$ROOM" "$PEER" "$HERE/call" /usr/sbin/ldirectord "$WORK/rows" >"$WORK/got"
is "$(paste -d ' ' "$WORK/got" "$WORK/rows" | awk '$1 != $2')" '' 'calls of ldirectord 4.12 end as recorded' || true
tap_end
