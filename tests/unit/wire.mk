# SPDX-License-Identifier: GPL-2.0-or-later
WIRE_TESTS = \
	tests/unit/test_wire_vectors
check_PROGRAMS += $(WIRE_TESTS)
TESTS += $(WIRE_TESTS)
EXTRA_DIST += tests/wire

WIRE_TEST_LIBS = libhbwire.la $(GLIB_LIBS)
tests_unit_test_wire_vectors_LDADD = $(WIRE_TEST_LIBS)
