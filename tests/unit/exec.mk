# SPDX-License-Identifier: GPL-2.0-or-later
EXEC_TESTS = tests/unit/test_apart tests/unit/test_channel tests/unit/test_environment tests/unit/test_generation tests/unit/test_leftover tests/unit/test_memory tests/unit/test_shots \
	tests/unit/test_policy tests/unit/test_runner tests/unit/test_state tests/unit/test_ttylock
check_PROGRAMS += $(EXEC_TESTS)
TESTS += $(EXEC_TESTS)
tests_unit_test_apart_SOURCES = tests/unit/test_apart.c
tests_unit_test_apart_LDADD = libhbexec.la
tests_unit_test_channel_SOURCES = tests/unit/test_channel.c
tests_unit_test_channel_LDADD = libhbchannel.la $(GLIB_LIBS)
tests_unit_test_environment_SOURCES = tests/unit/test_environment.c
tests_unit_test_environment_LDADD = libhbexec.la
tests_unit_test_generation_SOURCES = tests/unit/test_generation.c
tests_unit_test_generation_LDADD = libhbexec.la
tests_unit_test_shots_SOURCES = tests/unit/test_shots.c
tests_unit_test_shots_LDADD = libhbexec.la
tests_unit_test_leftover_SOURCES = tests/unit/test_leftover.c
tests_unit_test_leftover_LDADD = libhbexec.la
tests_unit_test_memory_SOURCES = tests/unit/test_memory.c
tests_unit_test_memory_LDADD = libhbexec.la
tests_unit_test_policy_SOURCES = tests/unit/test_policy.c
tests_unit_test_policy_LDADD = libhbexec.la
tests_unit_test_runner_SOURCES = tests/unit/test_runner.c
tests_unit_test_runner_LDADD = libhbexec.la
tests_unit_test_state_SOURCES = tests/unit/test_state.c
tests_unit_test_state_LDADD = libhbexec.la
tests_unit_test_ttylock_SOURCES = tests/unit/test_ttylock.c
tests_unit_test_ttylock_LDADD = libhbexec.la

EXTRA_DIST += tests/cluster/0600-killed-processes.t tests/cluster/0610-many-deaths.t tests/cluster/0630-systemd.t \
	tests/cluster/0640-leftover.t \
	tests/lib/fake_systemd

check_PROGRAMS += tests/unit/test_stonith
TESTS += tests/unit/test_stonith
tests_unit_test_stonith_SOURCES = tests/unit/test_stonith.c
tests_unit_test_stonith_LDADD = libhbstonith.la $(GLIB_LIBS)
check_PROGRAMS += tests/unit/test_record
TESTS += tests/unit/test_record
tests_unit_test_record_SOURCES = tests/unit/test_record.c
tests_unit_test_record_LDADD = libhblogger.la libhblog.la $(GLIB_LIBS)

# the real program
check_PROGRAMS += tests/unit/test_hb_log
TESTS += tests/unit/test_hb_log
tests_unit_test_hb_log_SOURCES = tests/unit/test_hb_log.c
tests_unit_test_hb_log_LDADD = libhblog.la $(GLIB_LIBS)
EXTRA_tests_unit_test_hb_log_DEPENDENCIES = hb-log
