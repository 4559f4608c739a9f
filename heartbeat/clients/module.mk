# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that see the daemon through libhbclient only.
CLIENT_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/include/heartbeat
CLIENT_LINK = $(AM_LDFLAGS) -pie

noinst_LTLIBRARIES += libhbdecide.la
libhbdecide_la_SOURCES = \
	heartbeat/clients/ipfail_logic.c heartbeat/clients/ipfail_logic.h
libhbdecide_la_LIBADD = $(GLIB_LIBS)

halibexec_PROGRAMS += ipfail
ipfail_SOURCES = heartbeat/clients/ipfail.c
ipfail_CPPFLAGS = $(CLIENT_CPPFLAGS)
ipfail_LDADD = libhbdecide.la libhbclient.la $(GLIB_LIBS)
ipfail_LDFLAGS = $(CLIENT_LINK)
dist_man_MANS += doc/ipfail.8
