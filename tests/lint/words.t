#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing unfinished and nothing of a developer's own machine is left in the files.
. "${HB_TOP:=$(cd "$(dirname "$0")/../.." && pwd)}/tests/lib/tap.sh"
. "$HB_TOP/tests/lint/files.sh"
cd "$HB_TOP" || exit 1

# search PATTERN: lines of the project's files, these tests apart
search() {
    sources | grep -v -e '^tests/lint/' -e '^COPYING' | tr '\n' '\0' | xargs -0 grep -nIE -- "$1" /dev/null
}

is "$(search '\<(TODO|FIXME|XXX)\>' | head)" '' 'nothing is marked as unfinished' || true
is "$(search '(^|[^A-Za-z0-9_.])/(work|tmp|home)/[a-z]' | grep -v '^tests/unit/' | head)" '' 'no path of a workplace' || true
is "$(search '[[:blank:]]+$' | grep -vE '^[^:]*(\.(md|hex|txt|cf)|/corpus/[^:]*)[:]' | head)" '' 'no line ends in blanks' || true
long=$(sources | grep -E '\.(c|h|t|sh)$' | tr '\n' '\0' | xargs -0 awk '
    { line = $0; while (i = index(line, "\t")) line = substr(line, 1, i - 1) "        " substr(line, i + 1) }
    length(line) > 144 { print FILENAME ":" FNR ": " length(line) " columns" }' | head)
is "$long" '' 'no line of source is wider than 144 columns' || true
tap_end
