# SPDX-License-Identifier: GPL-2.0-or-later
EXTRA_DIST += tests/fuzz/corpus/stonith/apc.cfg
check_PROGRAMS += tests/fuzz/fuzz_stonith
tests_fuzz_fuzz_stonith_SOURCES = tests/fuzz/fuzz_stonith.c $(FUZZ_MAIN)
tests_fuzz_fuzz_stonith_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_stonith_LDADD = libhbstonith.la $(GLIB_LIBS)
