#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A few seconds of seeded mutations of the guides and examples for each parser of the configuration.
set -u
dir=${HB_BUILDDIR:-.}/tests/fuzz
top=${HB_SRCDIR:-.}
corpus=$top/tests/conf
runs=${HB_FUZZ_RUNS:-3000}
status=0

fuzz() {
	target=$1
	shift
	"$dir/fuzz_$target" --runs "$runs" --seed 1 "$@" || {
		echo "fuzz_$target failed; repeat with --keep FILE to have the input" >&2
		status=1
	}
}

fuzz hacf "$corpus"/every-kind.cf "$top"/ha.d-examples/*/ha.cf "$top"/tests/tutorials/*/ha.cf
fuzz haresources "$corpus"/haresources "$top"/ha.d-examples/*/haresources "$top"/tests/tutorials/*/haresources
fuzz authkeys "$corpus"/authkeys "$top"/ha.d-examples/*/authkeys "$top"/tests/tutorials/*/authkeys
fuzz bundle "$corpus"/bundle.hex
exit $status
