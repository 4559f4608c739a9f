# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/fuzz/fuzz_ldir_conf
EXTRA_DIST += tests/fuzz/corpus/ldir_conf/every-directive.cf
tests_fuzz_fuzz_ldir_conf_SOURCES = tests/fuzz/fuzz_ldir_conf.c tests/unit/ldir_fixture.h $(FUZZ_MAIN)
tests_fuzz_fuzz_ldir_conf_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ldir_conf_LDADD = libldirconf.la $(GLIB_LIBS)
