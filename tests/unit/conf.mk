# SPDX-License-Identifier: GPL-2.0-or-later
CONF_TESTS = \
	tests/unit/test_authkeys \
	tests/unit/test_bundle \
	tests/unit/test_conf_print \
	tests/unit/test_hacf \
	tests/unit/test_hacf_values \
	tests/unit/test_hacf_world \
	tests/unit/test_haresources \
	tests/unit/test_tutorials
check_PROGRAMS += $(CONF_TESTS)
TESTS += $(CONF_TESTS)
tests_unit_test_authkeys_SOURCES = %D%/test_authkeys.c %D%/conf_fixture.h
tests_unit_test_authkeys_LDADD = libhbconf.la $(GLIB_LIBS)
tests_unit_test_bundle_SOURCES = %D%/test_bundle.c %D%/conf_fixture.h
tests_unit_test_bundle_LDADD = libhbconf.la $(GLIB_LIBS)
tests_unit_test_conf_print_SOURCES = %D%/test_conf_print.c %D%/conf_fixture.h
tests_unit_test_conf_print_LDADD = libhbconf.la $(GLIB_LIBS)
tests_unit_test_hacf_SOURCES = %D%/test_hacf.c %D%/hacf_fixture.h %D%/conf_fixture.h
tests_unit_test_hacf_LDADD = libhbconf.la $(GLIB_LIBS)
tests_unit_test_hacf_values_SOURCES = %D%/test_hacf_values.c %D%/hacf_fixture.h %D%/conf_fixture.h
tests_unit_test_hacf_values_LDADD = libhbconf.la $(GLIB_LIBS)
tests_unit_test_hacf_world_SOURCES = %D%/test_hacf_world.c %D%/hacf_fixture.h %D%/conf_fixture.h
tests_unit_test_hacf_world_LDADD = libhbconf.la $(GLIB_LIBS)
tests_unit_test_haresources_SOURCES = %D%/test_haresources.c %D%/conf_fixture.h
tests_unit_test_haresources_LDADD = libhbconf.la $(GLIB_LIBS)
tests_unit_test_tutorials_SOURCES = %D%/test_tutorials.c %D%/conf_fixture.h
tests_unit_test_tutorials_LDADD = libhbconf.la $(GLIB_LIBS)

# for test_hacf: is the list of directives in ha.cf(5) the table's?
check_PROGRAMS += tools-dev/hacf-man
tools_dev_hacf_man_SOURCES = tools-dev/hacf_man.c
tools_dev_hacf_man_LDADD = libhbconf.la $(GLIB_LIBS)

EXTRA_DIST += \
	tests/tutorials/README.md \
	tests/tutorials/drbd-mysql/authkeys tests/tutorials/drbd-mysql/ha.cf \
	tests/tutorials/drbd-mysql/haresources tests/tutorials/drbd-mysql/haresources.lvs \
	tests/tutorials/lvs-directors/authkeys tests/tutorials/lvs-directors/ha.cf \
	tests/tutorials/lvs-directors/haresources
