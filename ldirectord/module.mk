# SPDX-License-Identifier: GPL-2.0-or-later
# The director daemon: so far it reads and judges ldirectord.cf, and is not installed.
noinst_LTLIBRARIES += libldirconf.la
noinst_PROGRAMS += ldirectord/ldirectord
EXTRA_DIST += doc/ldirectord.md

libldirconf_la_SOURCES = \
	ldirectord/address.c ldirectord/address.h \
	ldirectord/check_ask.c ldirectord/check_connect.c ldirectord/check_exec.c ldirectord/check_none.c \
	ldirectord/check_talk.c ldirectord/check_talk.h \
	ldirectord/checker.c ldirectord/checker.h ldirectord/checker_parts.h \
	ldirectord/child.c ldirectord/child.h \
	ldirectord/checks.def ldirectord/directives.def ldirectord/services.def \
	ldirectord/conf.c ldirectord/conf.h ldirectord/conf_parts.h \
	ldirectord/conf_real.c ldirectord/conf_resolve.c ldirectord/conf_value.c \
	ldirectord/conf_virtual.c ldirectord/conf_words.c \
	ldirectord/config.c ldirectord/config.h \
	ldirectord/effects.c ldirectord/effects.h \
	ldirectord/lines.c ldirectord/lines.h \
	ldirectord/name.c ldirectord/name.h \
	ldirectord/pattern.c ldirectord/pattern.h \
	ldirectord/print.c \
	ldirectord/problem.c ldirectord/problem.h \
	ldirectord/schedule.c ldirectord/schedule.h \
	ldirectord/schedule_key.c ldirectord/schedule_key.h \
	ldirectord/service.c ldirectord/service.h \
	ldirectord/stream.c ldirectord/stream.h \
	ldirectord/talk.c ldirectord/talk.h ldirectord/talk_http.c \
	ldirectord/timers.c ldirectord/timers.h \
	ldirectord/tls.c ldirectord/tls.h \
	ldirectord/url.c ldirectord/url.h
libldirconf_la_CFLAGS = $(AM_CFLAGS) $(PCRE2_CFLAGS) $(OPENSSL_CFLAGS)
libldirconf_la_LIBADD = $(GLIB_LIBS) $(PCRE2_LIBS) $(OPENSSL_LIBS)

ldirectord_ldirectord_SOURCES = ldirectord/main.c
ldirectord_ldirectord_LDADD = libldirconf.la $(GLIB_LIBS)
