# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/test_log
TESTS += tests/unit/test_log
tests_unit_test_log_SOURCES = %D%/test_log.c
tests_unit_test_log_LDADD = libhblog.la $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test_plugin
TESTS += tests/unit/test_plugin
tests_unit_test_plugin_SOURCES = %D%/test_plugin.c
tests_unit_test_plugin_LDADD = libhbplugin.la $(GLIB_LIBS)

# plugins that are wrong in one way each; -rpath makes them shared though they are never installed
HB_FAKE_FLAGS = $(HB_MODULE_FLAGS) -rpath /nowhere
HB_FAKE_MEDIUM = $(AM_CPPFLAGS) -DFAKE_NAME='"fake"' -DFAKE_ABI=HB_MEDIUM_ABI -DFAKE_HAS_READ=1
check_LTLIBRARIES += \
	tests/unit/fake_plugins/fake.la tests/unit/fake_plugins/fake-abi.la \
	tests/unit/fake_plugins/fake-misnamed.la tests/unit/fake_plugins/fake-incomplete.la \
	tests/unit/fake_plugins/fake-auth.la tests/unit/fake_plugins/fake-keyless.la
tests_unit_fake_plugins_fake_la_SOURCES = %D%/fake_plugins/fake_medium.c
tests_unit_fake_plugins_fake_la_LDFLAGS = $(HB_FAKE_FLAGS)
tests_unit_fake_plugins_fake_la_CPPFLAGS = $(HB_FAKE_MEDIUM)
tests_unit_fake_plugins_fake_abi_la_SOURCES = %D%/fake_plugins/fake_medium.c
tests_unit_fake_plugins_fake_abi_la_LDFLAGS = $(HB_FAKE_FLAGS)
tests_unit_fake_plugins_fake_abi_la_CPPFLAGS = $(AM_CPPFLAGS) -DFAKE_NAME='"fake-abi"' -DFAKE_ABI=99 -DFAKE_HAS_READ=1
tests_unit_fake_plugins_fake_misnamed_la_SOURCES = %D%/fake_plugins/fake_medium.c
tests_unit_fake_plugins_fake_misnamed_la_LDFLAGS = $(HB_FAKE_FLAGS)
tests_unit_fake_plugins_fake_misnamed_la_CPPFLAGS = $(HB_FAKE_MEDIUM)
tests_unit_fake_plugins_fake_incomplete_la_SOURCES = %D%/fake_plugins/fake_medium.c
tests_unit_fake_plugins_fake_incomplete_la_LDFLAGS = $(HB_FAKE_FLAGS)
tests_unit_fake_plugins_fake_incomplete_la_CPPFLAGS = $(AM_CPPFLAGS) -DFAKE_NAME='"fake-incomplete"' \
	-DFAKE_ABI=HB_MEDIUM_ABI -DFAKE_HAS_READ=0
tests_unit_fake_plugins_fake_auth_la_SOURCES = %D%/fake_plugins/fake_auth.c
tests_unit_fake_plugins_fake_auth_la_LDFLAGS = $(HB_FAKE_FLAGS)
tests_unit_fake_plugins_fake_auth_la_CPPFLAGS = $(AM_CPPFLAGS) -DFAKE_NAME='"fake-auth"' -DFAKE_NEEDS_KEY=1
tests_unit_fake_plugins_fake_keyless_la_SOURCES = %D%/fake_plugins/fake_auth.c
tests_unit_fake_plugins_fake_keyless_la_LDFLAGS = $(HB_FAKE_FLAGS)
tests_unit_fake_plugins_fake_keyless_la_CPPFLAGS = $(AM_CPPFLAGS) -DFAKE_NAME='"fake-keyless"' -DFAKE_NEEDS_KEY=0

HB_MEDIUM_SUITE = tests/unit/medium_hosts.c tests/unit/medium_hosts.h tests/unit/medium_suite.c tests/unit/medium_suite.h
check_PROGRAMS += tests/unit/test_medium_bcast tests/unit/test_medium_mcast tests/unit/test_medium_mcast6 tests/unit/test_medium_ucast \
	tests/unit/test_medium_ucast6 tests/unit/test_medium_ping tests/unit/test_medium_ping6 \
	tests/unit/test_medium_ping_group tests/unit/test_medium_serial
TESTS += tests/unit/test_medium_bcast tests/unit/test_medium_mcast tests/unit/test_medium_mcast6 tests/unit/test_medium_ucast \
	tests/unit/test_medium_ucast6 tests/unit/test_medium_ping tests/unit/test_medium_ping6 \
	tests/unit/test_medium_ping_group tests/unit/test_medium_serial
tests_unit_test_medium_bcast_SOURCES = %D%/test_medium_bcast.c $(HB_MEDIUM_SUITE)
tests_unit_test_medium_bcast_LDADD = libhbplugin.la $(GLIB_LIBS)
tests_unit_test_medium_mcast_SOURCES = %D%/test_medium_mcast.c $(HB_MEDIUM_SUITE)
tests_unit_test_medium_mcast_LDADD = libhbplugin.la $(GLIB_LIBS)
tests_unit_test_medium_mcast6_SOURCES = %D%/test_medium_mcast6.c $(HB_MEDIUM_SUITE)
tests_unit_test_medium_mcast6_LDADD = libhbplugin.la $(GLIB_LIBS)
tests_unit_test_medium_ucast_SOURCES = %D%/test_medium_ucast.c $(HB_MEDIUM_SUITE)
tests_unit_test_medium_ucast_LDADD = libhbplugin.la $(GLIB_LIBS)
tests_unit_test_medium_ucast6_SOURCES = %D%/test_medium_ucast6.c $(HB_MEDIUM_SUITE)
tests_unit_test_medium_ucast6_LDADD = libhbplugin.la $(GLIB_LIBS)
tests_unit_test_medium_ping_SOURCES = %D%/test_medium_ping.c $(HB_MEDIUM_SUITE)
tests_unit_test_medium_ping_LDADD = libhbplugin.la $(GLIB_LIBS)
tests_unit_test_medium_ping6_SOURCES = %D%/test_medium_ping6.c $(HB_MEDIUM_SUITE)
tests_unit_test_medium_ping6_LDADD = libhbplugin.la $(GLIB_LIBS)
tests_unit_test_medium_ping_group_SOURCES = %D%/test_medium_ping_group.c $(HB_MEDIUM_SUITE)
tests_unit_test_medium_ping_group_LDADD = libhbplugin.la $(GLIB_LIBS)
tests_unit_test_medium_serial_SOURCES = %D%/test_medium_serial.c $(HB_MEDIUM_SUITE)
tests_unit_test_medium_serial_LDADD = libhbplugin.la $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test_serial
TESTS += tests/unit/test_serial
tests_unit_test_serial_SOURCES = %D%/test_serial.c heartbeat/media/serial_in.c heartbeat/media/serial_in.h \
	heartbeat/media/serial_out.c heartbeat/media/serial_out.h
# flags of its own: the plugin makes its own objects of these files
tests_unit_test_serial_CPPFLAGS = $(AM_CPPFLAGS)
tests_unit_test_serial_LDADD = $(GLIB_LIBS)

check_PROGRAMS += tests/unit/test_auth
TESTS += tests/unit/test_auth
tests_unit_test_auth_SOURCES = %D%/test_auth.c
tests_unit_test_auth_LDADD = libhbplugin.la $(GLIB_LIBS)
