# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/unit/test_channel
TESTS += tests/unit/test_channel
tests_unit_test_channel_SOURCES = tests/unit/test_channel.c
tests_unit_test_channel_LDADD = libhbchannel.la $(GLIB_LIBS)
