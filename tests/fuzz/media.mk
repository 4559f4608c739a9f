# SPDX-License-Identifier: GPL-2.0-or-later
# flags of their own: the plugins make their own objects of these files
check_PROGRAMS += tests/fuzz/fuzz_icmp tests/fuzz/fuzz_serial
tests_fuzz_fuzz_icmp_SOURCES = tests/fuzz/fuzz_icmp.c $(HB_ICMP_SOURCES) $(FUZZ_MAIN)
tests_fuzz_fuzz_icmp_CPPFLAGS = $(AM_CPPFLAGS)
tests_fuzz_fuzz_icmp_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_icmp_LDADD = $(GLIB_LIBS)
tests_fuzz_fuzz_serial_SOURCES = tests/fuzz/fuzz_serial.c heartbeat/media/serial_in.c heartbeat/media/serial_in.h \
	$(FUZZ_MAIN)
tests_fuzz_fuzz_serial_CPPFLAGS = $(AM_CPPFLAGS)
tests_fuzz_fuzz_serial_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_serial_LDADD = $(GLIB_LIBS)
