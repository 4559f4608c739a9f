# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += .ci/run tests/run tests/lib/fuzz tests/lib/debian.sh tests/lib/tap.sh \
	tests/rig/netrig tests/rig/README.md

check_PROGRAMS += tests/rig/rigtool
tests_rig_rigtool_SOURCES = tests/rig/rigtool.c

# for tests/run: everything it needs, built, and what there is
.PHONY: test-programs list-tests
test-programs: all
	$(MAKE) $(AM_MAKEFLAGS) $(check_PROGRAMS) $(check_LTLIBRARIES) $(check_DATA)
list-tests:
	@for t in $(TESTS) $(check_PROGRAMS); do echo $$t; done | sort -u
LINT = clang includes headers core-symbols spdx words shell
EXTRA_DIST += $(LINT:%=tests/lint/%.t) tests/lint/files.sh tests/lint/core-symbols.allow

CLUSTER = 0100-start-stop 0120-bad-configuration 0200-start-two 0210-crash 0220-graceful-stop 0230-failback-on \
	0240-standby 0300-cut-heal 0310-medium-down 0320-reload 0400-kill 0410-kill-in-start 0420-freeze \
	0500-start-fails 0510-hang 0520-stop-fails 0600-disk 0620-fifo 0700-status
COMPAT = 0100-beside-306 0101-beside-306-swapped
EXTRA_DIST += tests/cluster/lib.sh $(CLUSTER:%=tests/cluster/%.t) \
	tests/compat/peer $(COMPAT:%=tests/compat/%.t)
