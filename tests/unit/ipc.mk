# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/test_ipc
TESTS += tests/unit/test_ipc
tests_unit_test_ipc_LDADD = libhbipc.la $(GLIB_LIBS)
