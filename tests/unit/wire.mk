# SPDX-License-Identifier: GPL-2.0-or-later
WIRE_TESTS = \
	tests/unit/test_compress \
	tests/unit/test_fifo \
	tests/unit/test_frame \
	tests/unit/test_msg \
	tests/unit/test_netstring \
	tests/unit/test_text \
	tests/unit/test_typed \
	tests/unit/test_wire_vectors
check_PROGRAMS += $(WIRE_TESTS)
TESTS += $(WIRE_TESTS)
EXTRA_DIST += tests/wire

WIRE_TEST_LIBS = libhbwire.la $(GLIB_LIBS)
tests_unit_test_compress_LDADD = $(WIRE_TEST_LIBS)
tests_unit_test_fifo_LDADD = $(WIRE_TEST_LIBS)
tests_unit_test_frame_LDADD = $(WIRE_TEST_LIBS)
tests_unit_test_msg_LDADD = $(WIRE_TEST_LIBS)
tests_unit_test_netstring_LDADD = $(WIRE_TEST_LIBS)
tests_unit_test_text_LDADD = $(WIRE_TEST_LIBS)
tests_unit_test_typed_LDADD = $(WIRE_TEST_LIBS)
tests_unit_test_wire_vectors_LDADD = $(WIRE_TEST_LIBS)
