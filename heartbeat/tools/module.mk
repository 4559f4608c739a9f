# SPDX-License-Identifier: GPL-2.0-or-later
bin_PROGRAMS += hb_status
bin_PROGRAMS += cl_status
cl_status_SOURCES = heartbeat/tools/cl_status.c
cl_status_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/include/heartbeat
cl_status_LDADD = libhbclient.la $(GLIB_LIBS)
cl_status_LDFLAGS = $(AM_LDFLAGS) -pie
dist_man_MANS += doc/cl_status.1

hb_status_SOURCES = heartbeat/tools/hb_status.c
hb_status_LDADD = $(GLIB_LIBS)
hb_status_LDFLAGS = $(AM_LDFLAGS) -pie
dist_man_MANS += doc/hb_status.1
