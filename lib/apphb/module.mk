# SPDX-License-Identifier: GPL-2.0-or-later
lib_LTLIBRARIES += libapphb.la
libapphb_la_SOURCES = lib/apphb/apphb.c lib/apphb/apphb_msg.h
libapphb_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/include/heartbeat
libapphb_la_CFLAGS = $(AM_CFLAGS) -fvisibility=default
libapphb_la_LIBADD = libhbipc.la $(GLIB_LIBS)
libapphb_la_LDFLAGS = $(AM_LDFLAGS) -version-info 2:0:0 -export-symbols-regex '^apphb_'
hbinclude_HEADERS += include/heartbeat/apphb.h
