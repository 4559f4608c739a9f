# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LTLIBRARIES += libhbchannel.la
libhbchannel_la_SOURCES = heartbeat/channel/channel.c heartbeat/channel/channel.h
libhbchannel_la_LIBADD = $(GLIB_LIBS)
