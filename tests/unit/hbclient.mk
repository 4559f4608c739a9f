# SPDX-License-Identifier: GPL-2.0-or-later
HBCLIENT_TESTS = \
	tests/unit/test_api_cluster \
	tests/unit/test_api_ipc \
	tests/unit/test_api_log \
	tests/unit/test_api_msg
check_PROGRAMS += $(HBCLIENT_TESTS)
TESTS += $(HBCLIENT_TESTS)

HBCLIENT_TEST_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/include/heartbeat
HBCLIENT_TEST_LIBS = libhbclientall.la $(GLIB_LIBS)
tests_unit_test_api_cluster_CPPFLAGS = $(HBCLIENT_TEST_CPPFLAGS)
tests_unit_test_api_cluster_LDADD = $(HBCLIENT_TEST_LIBS)
tests_unit_test_api_ipc_CPPFLAGS = $(HBCLIENT_TEST_CPPFLAGS)
tests_unit_test_api_ipc_LDADD = $(HBCLIENT_TEST_LIBS)
tests_unit_test_api_log_CPPFLAGS = $(HBCLIENT_TEST_CPPFLAGS)
tests_unit_test_api_log_LDADD = $(HBCLIENT_TEST_LIBS)
tests_unit_test_api_msg_CPPFLAGS = $(HBCLIENT_TEST_CPPFLAGS)
tests_unit_test_api_msg_LDADD = $(HBCLIENT_TEST_LIBS)
