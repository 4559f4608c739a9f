# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += .ci/run tests/run tests/lib/fuzz tests/lib/debian.sh tests/lib/tap.sh \
	tests/rig/netrig tests/rig/README.md tests/rig/umlrig tests/rig/README-uml.md

check_PROGRAMS += tests/rig/rigtool
tests_rig_rigtool_SOURCES = tests/rig/cable.c tests/rig/cost.c tests/rig/host.c tests/rig/pipe.c tests/rig/probe.c \
	tests/rig/rig.c tests/rig/rig.h tests/rig/rigtool.c tests/rig/web.c

# for tests/run: everything it needs, built, and what there is
.PHONY: test-programs list-tests
test-programs: all
	$(MAKE) $(AM_MAKEFLAGS) $(check_PROGRAMS) $(check_LTLIBRARIES) $(check_DATA)
list-tests:
	@for t in $(TESTS) $(check_PROGRAMS); do echo $$t; done | sort -u
# whole directories: what is added there is in the tarball
EXTRA_DIST += tests/lint tests/cluster tests/compat

# configurations, and what heartbeat 3.0.6 says to them
EXTRA_DIST += tests/conf/answers tests/conf/ask

UML = 0100-watchdog 0200-classic 0300-ldirectord 0310-ldirectord-move 0400-systemd
EXTRA_DIST += tests/uml/lib.sh tests/uml/classic.sh tests/uml/lvs.sh tests/uml/inserter $(UML:%=tests/uml/%.t)

FENCE = cluster/1500-fence cluster/1510-fence-fails cluster/1520-fence-check cluster/1530-fence-three compat/0850-fence compat/0851-fence-legacy compat/0860-devices
EXTRA_DIST += tests/cluster/switch.sh $(FENCE:%=tests/%.t)

# plays the clients of tests/cluster/10xx
check_PROGRAMS += tests/cluster/apiclient
tests_cluster_apiclient_SOURCES = tests/cluster/apiclient.c
tests_cluster_apiclient_LDADD = libhbipc.la libhbwire.la $(GLIB_LIBS)
