# SPDX-License-Identifier: GPL-2.0-or-later
# FUZZ_MAIN and FUZZ_LINK are those of the wire's fragment.
if !FUZZING
TESTS += tests/fuzz/conf.sh
endif
EXTRA_DIST += tests/fuzz/conf.sh \
	tests/conf/authkeys tests/conf/bundle.hex tests/conf/every-kind.cf tests/conf/haresources

check_PROGRAMS += \
	tests/fuzz/fuzz_authkeys \
	tests/fuzz/fuzz_bundle \
	tests/fuzz/fuzz_hacf \
	tests/fuzz/fuzz_haresources

tests_fuzz_fuzz_authkeys_SOURCES = tests/fuzz/fuzz_authkeys.c tests/fuzz/fuzz_conf.h $(FUZZ_MAIN)
tests_fuzz_fuzz_authkeys_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_authkeys_LDADD = libhbconf.la $(GLIB_LIBS)
tests_fuzz_fuzz_bundle_SOURCES = tests/fuzz/fuzz_bundle.c tests/fuzz/fuzz_conf.h $(FUZZ_MAIN)
tests_fuzz_fuzz_bundle_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_bundle_LDADD = libhbconf.la $(GLIB_LIBS)
tests_fuzz_fuzz_hacf_SOURCES = tests/fuzz/fuzz_hacf.c tests/fuzz/fuzz_conf.h $(FUZZ_MAIN)
tests_fuzz_fuzz_hacf_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_hacf_LDADD = libhbconf.la $(GLIB_LIBS)
tests_fuzz_fuzz_haresources_SOURCES = tests/fuzz/fuzz_haresources.c tests/fuzz/fuzz_conf.h $(FUZZ_MAIN)
tests_fuzz_fuzz_haresources_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_haresources_LDADD = libhbconf.la $(GLIB_LIBS)
