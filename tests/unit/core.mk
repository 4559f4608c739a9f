# SPDX-License-Identifier: GPL-2.0-or-later
CORE_TESTS = tests/unit/test_peer tests/unit/test_order tests/unit/test_core tests/unit/test_core_fence
check_PROGRAMS += $(CORE_TESTS)
TESTS += $(CORE_TESTS)
tests_unit_test_peer_SOURCES = tests/unit/test_peer.c
tests_unit_test_peer_LDADD = libhbcore.la $(GLIB_LIBS)
tests_unit_test_order_SOURCES = tests/unit/test_order.c
tests_unit_test_order_LDADD = libhbcore.la $(GLIB_LIBS)
tests_unit_test_core_SOURCES = tests/unit/test_core.c tests/unit/core_fixture.h
tests_unit_test_core_LDADD = libhbcore.la $(GLIB_LIBS)
tests_unit_test_core_fence_SOURCES = tests/unit/test_core_fence.c tests/unit/core_fixture.h
tests_unit_test_core_fence_LDADD = libhbcore.la $(GLIB_LIBS)
