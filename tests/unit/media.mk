# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/test_log
TESTS += tests/unit/test_log
tests_unit_test_log_SOURCES = %D%/test_log.c
tests_unit_test_log_LDADD = libhblog.la $(GLIB_LIBS)
