# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/fuzz/fuzz_ldir_ipvs
EXTRA_DIST += tests/fuzz/corpus/ldir_ipvs/table tests/fuzz/corpus/ldir_ipvs/service tests/fuzz/corpus/ldir_ipvs/dest
tests_fuzz_fuzz_ldir_ipvs_SOURCES = tests/fuzz/fuzz_ldir_ipvs.c $(FUZZ_MAIN)
tests_fuzz_fuzz_ldir_ipvs_CFLAGS = $(AM_CFLAGS) $(LIBNL_CFLAGS)
tests_fuzz_fuzz_ldir_ipvs_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ldir_ipvs_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS) $(LIBNL_LIBS)

check_PROGRAMS += tests/fuzz/fuzz_ldir_handover
EXTRA_DIST += tests/fuzz/corpus/ldir_handover/waits
tests_fuzz_fuzz_ldir_handover_SOURCES = tests/fuzz/fuzz_ldir_handover.c $(FUZZ_MAIN)
tests_fuzz_fuzz_ldir_handover_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ldir_handover_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
