# SPDX-License-Identifier: GPL-2.0-or-later
bin_PROGRAMS += hb_status
hb_status_SOURCES = heartbeat/tools/hb_status.c
hb_status_LDADD = $(GLIB_LIBS)
hb_status_LDFLAGS = $(AM_LDFLAGS) -pie
dist_man_MANS += doc/hb_status.1
