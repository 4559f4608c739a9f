# SPDX-License-Identifier: GPL-2.0-or-later
# Also for the other fragments: FUZZ_MAIN goes into _SOURCES, FUZZ_LINK into _LDFLAGS of a target.
if FUZZING
FUZZ_MAIN =
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_MAIN = tests/fuzz/standalone.c
FUZZ_LINK = $(AM_LDFLAGS)
TESTS += tests/fuzz/wire.sh
endif
EXTRA_DIST += tests/fuzz/wire.sh

check_PROGRAMS += \
	tests/fuzz/fuzz_apimsg \
	tests/fuzz/fuzz_fifo \
	tests/fuzz/fuzz_frame \
	tests/fuzz/fuzz_netstring \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_typed

WIRE_FUZZ_LIBS = libhbwire.la $(GLIB_LIBS)
tests_fuzz_fuzz_apimsg_SOURCES = tests/fuzz/fuzz_apimsg.c $(FUZZ_MAIN)
tests_fuzz_fuzz_apimsg_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_apimsg_LDADD = $(WIRE_FUZZ_LIBS)
tests_fuzz_fuzz_fifo_SOURCES = tests/fuzz/fuzz_fifo.c $(FUZZ_MAIN)
tests_fuzz_fuzz_fifo_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_fifo_LDADD = $(WIRE_FUZZ_LIBS)
tests_fuzz_fuzz_frame_SOURCES = tests/fuzz/fuzz_frame.c $(FUZZ_MAIN)
tests_fuzz_fuzz_frame_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_frame_LDADD = $(WIRE_FUZZ_LIBS)
tests_fuzz_fuzz_netstring_SOURCES = tests/fuzz/fuzz_netstring.c $(FUZZ_MAIN)
tests_fuzz_fuzz_netstring_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_netstring_LDADD = $(WIRE_FUZZ_LIBS)
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.c $(FUZZ_MAIN)
tests_fuzz_fuzz_text_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_text_LDADD = $(WIRE_FUZZ_LIBS)
tests_fuzz_fuzz_typed_SOURCES = tests/fuzz/fuzz_typed.c $(FUZZ_MAIN)
tests_fuzz_fuzz_typed_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_typed_LDADD = $(WIRE_FUZZ_LIBS)
