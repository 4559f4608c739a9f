# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/fuzz/fuzz_ldir_conf tests/fuzz/fuzz_ldir_http2 tests/fuzz/fuzz_ldir_talk
# whole: what is added there is in the tarball
EXTRA_DIST += tests/fuzz/corpus/ldir_conf tests/fuzz/corpus/ldir_http2 tests/fuzz/corpus/ldir_talk
tests_fuzz_fuzz_ldir_conf_SOURCES = tests/fuzz/fuzz_ldir_conf.c tests/unit/ldir_fixture.h $(FUZZ_MAIN)
tests_fuzz_fuzz_ldir_conf_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ldir_conf_LDADD = libldirconf.la $(GLIB_LIBS)
tests_fuzz_fuzz_ldir_http2_SOURCES = tests/fuzz/fuzz_ldir_http2.c $(FUZZ_MAIN)
tests_fuzz_fuzz_ldir_http2_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ldir_http2_LDADD = libldirconf.la $(GLIB_LIBS)
tests_fuzz_fuzz_ldir_talk_SOURCES = tests/fuzz/fuzz_ldir_talk.c $(FUZZ_MAIN)
tests_fuzz_fuzz_ldir_talk_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ldir_talk_LDADD = libldirconf.la $(GLIB_LIBS)
