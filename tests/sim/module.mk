# SPDX-License-Identifier: GPL-2.0-or-later
# the simulator: many histories (hb-sim), and a few to read (scenarios)
check_LTLIBRARIES += tests/sim/libhbsim.la
tests_sim_libhbsim_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_sim_libhbsim_la_SOURCES = %D%/admin.c %D%/alive.c %D%/bytes.c %D%/check.c %D%/children.c %D%/conf.c %D%/fence.c \
	%D%/live.c %D%/machine.c %D%/message.c %D%/net.c %D%/plan.c %D%/queue.c %D%/run.c %D%/shell.c %D%/shrink.c \
	%D%/start.c %D%/trace.c %D%/vanish.c %D%/world.c \
	%D%/conf.h %D%/message.h %D%/parts.h %D%/plan.h %D%/queue.h %D%/rng.h %D%/run.h %D%/world.h \
	%D%/actions.def %D%/faults.def %D%/rules.def
tests_sim_libhbsim_la_LIBADD = libhbcore.la libhbwire.la libhblog.la $(GLIB_LIBS)

check_PROGRAMS += tests/sim/hb-sim
tests_sim_hb_sim_CPPFLAGS = $(tests_sim_libhbsim_la_CPPFLAGS)
tests_sim_hb_sim_SOURCES = %D%/main.c
tests_sim_hb_sim_LDADD = tests/sim/libhbsim.la

check_PROGRAMS += tests/sim/test_stories
tests_sim_test_stories_CPPFLAGS = $(tests_sim_libhbsim_la_CPPFLAGS)
tests_sim_test_stories_SOURCES = %D%/scenarios/test_stories.c %D%/scenarios/stories.c %D%/scenarios/unheard.c %D%/scenarios/fenced.c \
	%D%/scenarios/vanished.c %D%/scenarios/cuts.c %D%/scenarios/lanes.c %D%/scenarios/replaced.c %D%/scenarios/story.h %D%/scenarios/rows.h
tests_sim_test_stories_LDADD = tests/sim/libhbsim.la

SIM_TESTS = tests/sim/0100-stories.t tests/sim/0200-seeds.t tests/sim/0300-random.t tests/sim/0310-fencing.t tests/sim/0400-mutants.t \
	tests/sim/0410-fencing-mutants.t
TESTS += $(SIM_TESTS)
EXTRA_DIST += $(SIM_TESTS) tests/sim/lib.sh tests/sim/mutate tests/sim/mutations.def tests/sim/seeds/known.seeds

# how to compile one more file of the core: for mutate
check_DATA = tests/sim/flags
CLEANFILES += tests/sim/flags
tests/sim/flags: Makefile
	$(AM_V_GEN)$(MKDIR_P) tests/sim && { echo "CC='$(CC)'"; \
		echo 'FLAGS="$(DEFS) $(DEFAULT_INCLUDES) $(AM_CPPFLAGS) $(CPPFLAGS) $(AM_CFLAGS) $(CFLAGS) -Wno-error -w $(AM_LDFLAGS)"'; \
		echo 'LINK="$(GLIB_LIBS) $(ZLIB_LIBS) $(BZ2_LIBS)"'; } >$@

# our core beside a node that runs 3.0.6, played; and is it played well?
OLD306_TESTS = tests/sim/test_old306 tests/sim/test_old306_order
check_PROGRAMS += $(OLD306_TESTS)
TESTS += $(OLD306_TESTS)
tests_sim_test_old306_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/tests
tests_sim_test_old306_SOURCES = %D%/test_old306.c %D%/duo.c %D%/duo.h %D%/old306.c %D%/old306.h %D%/old306_rsc.c %D%/rng.h
tests_sim_test_old306_LDADD = libhbcore.la $(GLIB_LIBS)
tests_sim_test_old306_order_CPPFLAGS = $(tests_sim_test_old306_CPPFLAGS)
tests_sim_test_old306_order_SOURCES = %D%/test_old306_order.c %D%/old306.c %D%/old306.h %D%/old306_rsc.c %D%/rng.h
tests_sim_test_old306_order_LDADD = libhbcore.la $(GLIB_LIBS)
