# SPDX-License-Identifier: GPL-2.0-or-later
# Programs that see the daemon through libhbclient only.
CLIENT_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/include/heartbeat
CLIENT_LINK = $(AM_LDFLAGS) -pie

noinst_LTLIBRARIES += libhbdecide.la
libhbdecide_la_SOURCES = \
	heartbeat/clients/apphb_logic.c heartbeat/clients/apphb_logic.h \
	heartbeat/clients/dopd_logic.c heartbeat/clients/dopd_logic.h \
	heartbeat/clients/ipfail_logic.c heartbeat/clients/ipfail_logic.h
libhbdecide_la_LIBADD = $(GLIB_LIBS)

halibexec_PROGRAMS += ipfail
ipfail_SOURCES = heartbeat/clients/ipfail.c heartbeat/clients/life.c heartbeat/clients/life.h
ipfail_CPPFLAGS = $(CLIENT_CPPFLAGS)
ipfail_LDADD = libhbdecide.la libhbclient.la $(GLIB_LIBS)
ipfail_LDFLAGS = $(CLIENT_LINK)
dist_man_MANS += doc/ipfail.8

halibexec_PROGRAMS += dopd drbd-peer-outdater
dopd_SOURCES = heartbeat/clients/dopd.c heartbeat/clients/dopd_msg.h heartbeat/clients/life.c heartbeat/clients/life.h
dopd_CPPFLAGS = $(CLIENT_CPPFLAGS)
dopd_LDADD = libhbdecide.la libhbclient.la $(GLIB_LIBS)
dopd_LDFLAGS = $(CLIENT_LINK)
drbd_peer_outdater_SOURCES = heartbeat/clients/outdater.c heartbeat/clients/dopd_msg.h
drbd_peer_outdater_CPPFLAGS = $(CLIENT_CPPFLAGS)
drbd_peer_outdater_LDADD = libhbdecide.la libhbclient.la $(GLIB_LIBS)
drbd_peer_outdater_LDFLAGS = $(CLIENT_LINK)
dist_man_MANS += doc/dopd.8 doc/drbd-peer-outdater.8

bin_PROGRAMS += cl_respawn
cl_respawn_SOURCES = heartbeat/clients/cl_respawn.c
cl_respawn_CPPFLAGS = $(CLIENT_CPPFLAGS)
cl_respawn_LDADD = libapphb.la libhbclient.la $(GLIB_LIBS)
cl_respawn_LDFLAGS = $(CLIENT_LINK)
dist_man_MANS += doc/cl_respawn.1

halibexec_PROGRAMS += apphbd
apphbd_SOURCES = heartbeat/clients/apphbd.c
apphbd_CPPFLAGS = $(CLIENT_CPPFLAGS) -DHB_APPHBD_PID_FILE=\"$(rundir)/apphbd.pid\"
apphbd_LDADD = libhbdecide.la libhbclient.la $(GLIB_LIBS)
apphbd_LDFLAGS = $(CLIENT_LINK)
dist_man_MANS += doc/apphbd.8
