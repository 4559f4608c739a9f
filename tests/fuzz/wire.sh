#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A few seconds of seeded mutations for each parser of the wire, of recorded packets and of messages in the
# string form, with our fields, and nested ones (samples/).
set -u
dir=${HB_BUILDDIR:-.}/tests/fuzz
corpus=${HB_SRCDIR:-.}/tests/wire
more=$corpus/samples
status=0

for target in text netstring frame typed fifo apimsg; do
	"$dir/fuzz_$target" --runs "${HB_FUZZ_RUNS:-20000}" --seed 1 "$corpus"/*.hex "$more"/*.hex || {
		echo "fuzz_$target failed; repeat with --keep FILE to have the input" >&2
		status=1
	}
done
exit $status
