# SPDX-License-Identifier: GPL-2.0-or-later
check_PROGRAMS += tests/fuzz/fuzz_ocf_meta
EXTRA_DIST += tests/fuzz/corpus/ocf_meta/every-part.xml
tests_fuzz_fuzz_ocf_meta_SOURCES = tests/fuzz/fuzz_ocf_meta.c $(FUZZ_MAIN)
tests_fuzz_fuzz_ocf_meta_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ocf_meta_LDADD = libhbocf.la $(GLIB_LIBS) $(LIBXML_LIBS)
