# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LTLIBRARIES += libhbipc.la
libhbipc_la_SOURCES = lib/ipc/ipc.c lib/ipc/ipc.h lib/ipc/socket.c
libhbipc_la_LIBADD = $(GLIB_LIBS)
