# SPDX-License-Identifier: GPL-2.0-or-later
LDIR_TESTS = tests/unit/test_ldir_answers tests/unit/test_ldir_check tests/unit/test_ldir_check_exec tests/unit/test_ldir_check_http tests/unit/test_ldir_check_http2 \
	tests/unit/test_ldir_check_ping tests/unit/test_ldir_check_talk tests/unit/test_ldir_check_tls tests/unit/test_ldir_checks \
	tests/unit/test_ldir_conf tests/unit/test_ldir_flap tests/unit/test_ldir_hostile tests/unit/test_ldir_http2 tests/unit/test_ldir_pattern tests/unit/test_ldir_quorum tests/unit/test_ldir_requests tests/unit/test_ldir_rounds tests/unit/test_ldir_samples tests/unit/test_ldir_schedule \
	tests/unit/test_ldir_service tests/unit/test_ldir_talk tests/unit/test_ldir_weights
check_PROGRAMS += $(LDIR_TESTS)
TESTS += $(LDIR_TESTS)
tests_unit_test_ldir_answers_SOURCES = %D%/test_ldir_answers.c
tests_unit_test_ldir_answers_LDADD = libldirrun.la libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_check_SOURCES = %D%/test_ldir_check.c %D%/ldir_check_fixture.h %D%/ldir_fixture.h
tests_unit_test_ldir_check_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_check_exec_SOURCES = %D%/test_ldir_check_exec.c %D%/ldir_check_fixture.h %D%/ldir_fixture.h
tests_unit_test_ldir_check_exec_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_check_http_SOURCES = %D%/test_ldir_check_http.c %D%/ldir_check_fixture.h %D%/ldir_fixture.h
tests_unit_test_ldir_check_http_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_check_http2_SOURCES = %D%/test_ldir_check_http2.c %D%/ldir_check_fixture.h %D%/ldir_fixture.h %D%/ldir_h2_fixture.h \
	%D%/ldir_tls_fixture.h
tests_unit_test_ldir_check_http2_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS) $(NGHTTP2_CFLAGS)
tests_unit_test_ldir_check_http2_LDADD = libldirconf.la $(GLIB_LIBS) $(OPENSSL_LIBS) $(NGHTTP2_LIBS)
tests_unit_test_ldir_hostile_SOURCES = %D%/test_ldir_hostile.c %D%/ldir_check_fixture.h %D%/ldir_fixture.h
tests_unit_test_ldir_hostile_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_check_ping_SOURCES = %D%/test_ldir_check_ping.c %D%/ldir_check_fixture.h %D%/ldir_fixture.h
tests_unit_test_ldir_check_ping_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_check_talk_SOURCES = %D%/test_ldir_check_talk.c %D%/ldir_check_fixture.h %D%/ldir_fixture.h
tests_unit_test_ldir_check_talk_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_check_tls_SOURCES = %D%/test_ldir_check_tls.c %D%/ldir_check_fixture.h %D%/ldir_fixture.h %D%/ldir_tls_fixture.h
tests_unit_test_ldir_check_tls_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
tests_unit_test_ldir_check_tls_LDADD = libldirconf.la $(GLIB_LIBS) $(OPENSSL_LIBS)
tests_unit_test_ldir_http2_SOURCES = %D%/test_ldir_http2.c %D%/ldir_h2_fixture.h
tests_unit_test_ldir_http2_CFLAGS = $(AM_CFLAGS) $(NGHTTP2_CFLAGS)
tests_unit_test_ldir_http2_LDADD = libldirconf.la $(GLIB_LIBS) $(NGHTTP2_LIBS)
tests_unit_test_ldir_talk_SOURCES = %D%/test_ldir_talk.c
tests_unit_test_ldir_talk_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_checks_SOURCES = %D%/test_ldir_checks.c %D%/ldir_fixture.h
tests_unit_test_ldir_checks_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_conf_SOURCES = %D%/test_ldir_conf.c %D%/ldir_fixture.h
tests_unit_test_ldir_conf_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_pattern_SOURCES = %D%/test_ldir_pattern.c
tests_unit_test_ldir_pattern_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_requests_SOURCES = %D%/test_ldir_requests.c %D%/ldir_fixture.h
tests_unit_test_ldir_requests_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_rounds_SOURCES = %D%/test_ldir_rounds.c %D%/ldir_fixture.h
tests_unit_test_ldir_rounds_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_samples_SOURCES = %D%/test_ldir_samples.c %D%/ldir_fixture.h
tests_unit_test_ldir_samples_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_schedule_SOURCES = %D%/test_ldir_schedule.c %D%/ldir_fixture.h
tests_unit_test_ldir_schedule_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_flap_SOURCES = %D%/test_ldir_flap.c %D%/ldir_fixture.h %D%/ldir_service_fixture.h
tests_unit_test_ldir_flap_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_weights_SOURCES = %D%/test_ldir_weights.c %D%/ldir_fixture.h %D%/ldir_service_fixture.h
tests_unit_test_ldir_weights_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_quorum_SOURCES = %D%/test_ldir_quorum.c %D%/ldir_fixture.h %D%/ldir_service_fixture.h
tests_unit_test_ldir_quorum_LDADD = libldirconf.la $(GLIB_LIBS)
tests_unit_test_ldir_service_SOURCES = %D%/test_ldir_service.c %D%/ldir_fixture.h %D%/ldir_service_fixture.h
tests_unit_test_ldir_service_LDADD = libldirconf.la $(GLIB_LIBS)

# whole: what is added there is in the tarball
EXTRA_DIST += tests/ldirectord
