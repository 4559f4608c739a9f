# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LTLIBRARIES += libhbplugin.la
libhbplugin_la_SOURCES = %D%/plugin.c %D%/search.c %D%/judge.c %D%/keyring.c \
	%D%/plugin.h %D%/search.h
libhbplugin_la_LIBADD = $(LTDL_LIBS) $(GLIB_LIBS)

# what a plugin from elsewhere is built against: #include "heartbeat/hb_medium.h"
pluginincludedir = $(includedir)/heartbeat
plugininclude_HEADERS = include/heartbeat/hb_medium.h include/heartbeat/hb_auth.h \
	include/heartbeat/hb_stonith.h
