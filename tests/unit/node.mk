# SPDX-License-Identifier: GPL-2.0-or-later
HB_NODE_TESTS = tests/unit/test_exec_msg tests/unit/test_status tests/unit/test_send
check_PROGRAMS += $(HB_NODE_TESTS)
TESTS += $(HB_NODE_TESTS)
HB_NODE_TEST_LIBS = libhbnode.la libhbconf.la libhbwire.la libhblog.la $(GLIB_LIBS)
tests_unit_test_exec_msg_SOURCES = tests/unit/test_exec_msg.c tests/unit/node_fixture.h
tests_unit_test_exec_msg_LDADD = $(HB_NODE_TEST_LIBS)
tests_unit_test_status_SOURCES = tests/unit/test_status.c tests/unit/node_fixture.h
tests_unit_test_status_LDADD = $(HB_NODE_TEST_LIBS)
tests_unit_test_send_SOURCES = tests/unit/test_send.c tests/unit/node_fixture.h
tests_unit_test_send_LDADD = $(HB_NODE_TEST_LIBS)
