# SPDX-License-Identifier: GPL-2.0-or-later
CLIENT_TESTS = \
	tests/unit/test_apphb \
	tests/unit/test_dopd \
	tests/unit/test_ipfail
check_PROGRAMS += $(CLIENT_TESTS)
TESTS += $(CLIENT_TESTS)
tests_unit_test_ipfail_LDADD = libhbdecide.la $(GLIB_LIBS)
tests_unit_test_dopd_LDADD = libhbdecide.la $(GLIB_LIBS)
tests_unit_test_apphb_LDADD = libhbdecide.la $(GLIB_LIBS)
