# SPDX-License-Identifier: GPL-2.0-or-later
HB_IP_TESTS = tests/unit/test_ip_args tests/unit/test_ip_packet
check_PROGRAMS += $(HB_IP_TESTS)
TESTS += $(HB_IP_TESTS)

tests_unit_test_ip_args_SOURCES = tests/unit/test_ip_args.c
tests_unit_test_ip_args_LDADD = libhbip.la $(GLIB_LIBS)
tests_unit_test_ip_packet_SOURCES = tests/unit/test_ip_packet.c
tests_unit_test_ip_packet_LDADD = libhbip.la $(GLIB_LIBS)
