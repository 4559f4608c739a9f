# SPDX-License-Identifier: GPL-2.0-or-later
# Each plugin carries what it shares with the others: it needs nothing of the program that loads it.
HB_SOCK_SOURCES = heartbeat/media/sock.c heartbeat/media/sock.h heartbeat/media/words.c heartbeat/media/words.h \
	include/heartbeat/hb_medium.h
HB_UDP_SOURCES = heartbeat/media/udp.c heartbeat/media/udp.h $(HB_SOCK_SOURCES)

comm_LTLIBRARIES += heartbeat/media/bcast.la heartbeat/media/mcast.la heartbeat/media/ucast.la \
	heartbeat/media/ping.la
heartbeat_media_bcast_la_SOURCES = %D%/bcast.c $(HB_UDP_SOURCES)
heartbeat_media_bcast_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_mcast_la_SOURCES = %D%/mcast.c $(HB_UDP_SOURCES)
heartbeat_media_mcast_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_ucast_la_SOURCES = %D%/ucast.c $(HB_UDP_SOURCES)
heartbeat_media_ucast_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_ping_la_SOURCES = %D%/ping.c $(HB_SOCK_SOURCES)
heartbeat_media_ping_la_LDFLAGS = $(HB_MODULE_FLAGS)
EXTRA_DIST += doc/media/bcast.md doc/media/mcast.md doc/media/ucast.md doc/media/ping.md
