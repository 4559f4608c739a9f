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

# Everybody may ask: cl_status has the group that the daemon lets ask. A package says so itself.
if MAKE_USERS
INSTALL_EXEC_HOOKS += install-setgid
endif
.PHONY: install-setgid
install-setgid: install-users
	@if test -z "$(DESTDIR)" && test "`id -u`" = 0; then \
		chgrp $(HB_GROUP) $(bindir)/cl_status && chmod 2755 $(bindir)/cl_status; fi
