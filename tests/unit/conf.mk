# SPDX-License-Identifier: GPL-2.0-or-later
CONF_TESTS = tests/unit/test_tutorials
check_PROGRAMS += $(CONF_TESTS)
TESTS += $(CONF_TESTS)
tests_unit_test_tutorials_SOURCES = %D%/test_tutorials.c %D%/conf_fixture.h
tests_unit_test_tutorials_LDADD = libhbconf.la $(GLIB_LIBS)
EXTRA_DIST += \
	tests/tutorials/README.md \
	tests/tutorials/drbd-mysql/authkeys tests/tutorials/drbd-mysql/ha.cf \
	tests/tutorials/drbd-mysql/haresources tests/tutorials/drbd-mysql/haresources.lvs \
	tests/tutorials/lvs-directors/authkeys tests/tutorials/lvs-directors/ha.cf \
	tests/tutorials/lvs-directors/haresources
