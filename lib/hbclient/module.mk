# SPDX-License-Identifier: GPL-2.0-or-later
# All of it, for tests that look inside; and the library, of which only hbclient.map can be seen.
noinst_LTLIBRARIES += libhbclientall.la
libhbclientall_la_SOURCES = \
	lib/hbclient/client.h \
	lib/hbclient/client_status.c \
	lib/hbclient/cluster.c \
	lib/hbclient/deliver.c \
	lib/hbclient/mainloop.c \
	lib/hbclient/order.c lib/hbclient/order.h \
	lib/hbclient/query.c \
	lib/hbclient/request.c \
	lib/hbclient/send.c \
	lib/hbclient/signon.c \
	lib/hbclient/walk.c
libhbclientall_la_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/include/heartbeat
libhbclientall_la_CFLAGS = $(AM_CFLAGS) -fvisibility=default
libhbclientall_la_LIBADD = libhbplumb.la $(GLIB_LIBS)

lib_LTLIBRARIES = libhbclient.la
libhbclient_la_SOURCES =
libhbclient_la_LIBADD = libhbclientall.la
libhbclient_la_LDFLAGS = $(AM_LDFLAGS) -version-info 1:0:0 -Wl,--version-script=$(srcdir)/lib/hbclient/hbclient.map
EXTRA_libhbclient_la_DEPENDENCIES = lib/hbclient/hbclient.map
EXTRA_DIST += tests/compat/programs/api_types.c tests/compat/programs/ask.c tests/compat/programs/beat.c tests/compat/programs/watch.c lib/hbclient/hbclient.map lib/hbclient/README.md
