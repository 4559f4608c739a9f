# SPDX-License-Identifier: GPL-2.0-or-later
# ldirectord's other half: the table of IPVS and the daemon
LDIR_RUN_TESTS = tests/unit/test_ldir_director tests/unit/test_ldir_dirwatch tests/unit/test_ldir_fallback tests/unit/test_ldir_handover \
	tests/unit/test_ldir_instance tests/unit/test_ldir_ipvs \
	tests/unit/test_ldir_netlink tests/unit/test_ldir_orders tests/unit/test_ldir_probes tests/unit/test_ldir_standby
check_PROGRAMS += $(LDIR_RUN_TESTS)
TESTS += $(LDIR_RUN_TESTS)
tests_unit_test_ldir_director_SOURCES = %D%/test_ldir_director.c %D%/ldir_director_fixture.h %D%/ldir_fixture.h \
	%D%/ldir_ipvs_fixture.h
tests_unit_test_ldir_director_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_dirwatch_SOURCES = %D%/test_ldir_dirwatch.c
tests_unit_test_ldir_dirwatch_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_fallback_SOURCES = %D%/test_ldir_fallback.c %D%/ldir_director_fixture.h %D%/ldir_fixture.h \
	%D%/ldir_ipvs_fixture.h
tests_unit_test_ldir_fallback_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_handover_SOURCES = %D%/test_ldir_handover.c %D%/ldir_director_fixture.h %D%/ldir_fixture.h \
	%D%/ldir_ipvs_fixture.h
tests_unit_test_ldir_handover_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_instance_SOURCES = %D%/test_ldir_instance.c %D%/ldir_fixture.h
tests_unit_test_ldir_instance_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_ipvs_SOURCES = %D%/test_ldir_ipvs.c %D%/ldir_fixture.h %D%/ldir_ipvs_fixture.h
tests_unit_test_ldir_ipvs_CFLAGS = $(AM_CFLAGS) $(LIBNL_CFLAGS)
tests_unit_test_ldir_ipvs_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS) $(LIBNL_LIBS)
tests_unit_test_ldir_netlink_SOURCES = %D%/test_ldir_netlink.c %D%/ldir_fixture.h %D%/ldir_ipvs_fixture.h %D%/ldir_netlink_fixture.h
tests_unit_test_ldir_netlink_CFLAGS = $(AM_CFLAGS) $(LIBNL_CFLAGS)
tests_unit_test_ldir_netlink_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS) $(LIBNL_LIBS)
tests_unit_test_ldir_orders_SOURCES = %D%/test_ldir_orders.c %D%/ldir_director_fixture.h %D%/ldir_fixture.h \
	%D%/ldir_ipvs_fixture.h
tests_unit_test_ldir_orders_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_probes_SOURCES = %D%/test_ldir_probes.c %D%/ldir_check_fixture.h %D%/ldir_fixture.h
tests_unit_test_ldir_probes_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_standby_SOURCES = %D%/test_ldir_standby.c %D%/ldir_director_fixture.h %D%/ldir_fixture.h \
	%D%/ldir_ipvs_fixture.h
tests_unit_test_ldir_standby_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
