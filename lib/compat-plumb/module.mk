# SPDX-License-Identifier: GPL-2.0-or-later
# Part of libhbclient; everything here may be seen by programs that link with it.
noinst_LTLIBRARIES += libhbplumb.la
libhbplumb_la_SOURCES = \
	lib/compat-plumb/channel.c lib/compat-plumb/channel.h \
	lib/compat-plumb/field.h \
	lib/compat-plumb/gsource.c \
	lib/compat-plumb/listen.c \
	lib/compat-plumb/log.c \
	lib/compat-plumb/misc.c \
	lib/compat-plumb/msg.c \
	lib/compat-plumb/msg_get.c \
	lib/compat-plumb/msg_ipc.c \
	lib/compat-plumb/msg_wire.c \
	lib/compat-plumb/uuid.c
libhbplumb_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/include/heartbeat
libhbplumb_la_CFLAGS = $(AM_CFLAGS) -fvisibility=default
libhbplumb_la_LIBADD = libhbipc.la libhbwire.la libhblog.la $(GLIB_LIBS)

# Where programs written for heartbeat 3.0.6 look: <hb_api.h> and <clplumbing/ipc.h> with -I.../heartbeat.
hbincludedir = $(includedir)/heartbeat
hbinclude_HEADERS = include/heartbeat/ha_msg.h include/heartbeat/hb_api.h
plumbincludedir = $(hbincludedir)/clplumbing
plumbinclude_HEADERS = \
	include/heartbeat/clplumbing/GSource.h \
	include/heartbeat/clplumbing/Gmain_timeout.h \
	include/heartbeat/clplumbing/cl_log.h \
	include/heartbeat/clplumbing/cl_misc.h \
	include/heartbeat/clplumbing/cl_signal.h \
	include/heartbeat/clplumbing/cl_uuid.h \
	include/heartbeat/clplumbing/coredumps.h \
	include/heartbeat/clplumbing/ipc.h
