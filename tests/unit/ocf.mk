# SPDX-License-Identifier: GPL-2.0-or-later
HB_OCF_TESTS = tests/unit/test_ocf_args tests/unit/test_ocf_meta
check_PROGRAMS += $(HB_OCF_TESTS)
TESTS += $(HB_OCF_TESTS)

tests_unit_test_ocf_args_SOURCES = tests/unit/test_ocf_args.c
tests_unit_test_ocf_args_LDADD = libhbocf.la $(GLIB_LIBS) $(LIBXML_LIBS)
tests_unit_test_ocf_meta_SOURCES = tests/unit/test_ocf_meta.c
tests_unit_test_ocf_meta_LDADD = libhbocf.la $(GLIB_LIBS) $(LIBXML_LIBS)
