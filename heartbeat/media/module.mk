# SPDX-License-Identifier: GPL-2.0-or-later
# Each plugin carries what it shares with the others: it needs nothing of the program that loads it.
HB_SOCK_SOURCES = heartbeat/media/sock.c heartbeat/media/sock.h heartbeat/media/words.c heartbeat/media/words.h \
	include/heartbeat/hb_medium.h
HB_UDP_SOURCES = heartbeat/media/udp.c heartbeat/media/udp.h $(HB_SOCK_SOURCES)
HB_ICMP_SOURCES = heartbeat/media/icmp.c heartbeat/media/icmp.h $(HB_SOCK_SOURCES)
HB_SERIAL_SOURCES = heartbeat/media/serial_in.c heartbeat/media/serial_in.h heartbeat/media/serial_out.c \
	heartbeat/media/serial_out.h $(HB_SOCK_SOURCES)

HB_MEDIA = bcast mcast mcast6 ucast ucast6 ping ping6 ping_group serial
comm_LTLIBRARIES += heartbeat/media/bcast.la heartbeat/media/mcast.la heartbeat/media/mcast6.la \
	heartbeat/media/ucast.la heartbeat/media/ucast6.la heartbeat/media/ping.la heartbeat/media/ping6.la \
	heartbeat/media/ping_group.la heartbeat/media/serial.la
heartbeat_media_bcast_la_SOURCES = %D%/bcast.c $(HB_UDP_SOURCES)
heartbeat_media_bcast_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_mcast_la_SOURCES = %D%/mcast.c $(HB_UDP_SOURCES)
heartbeat_media_mcast_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_mcast6_la_SOURCES = %D%/mcast6.c $(HB_UDP_SOURCES)
heartbeat_media_mcast6_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_ucast_la_SOURCES = %D%/ucast.c $(HB_UDP_SOURCES)
heartbeat_media_ucast_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_ucast6_la_SOURCES = %D%/ucast6.c $(HB_UDP_SOURCES)
heartbeat_media_ucast6_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_ping_la_SOURCES = %D%/ping.c $(HB_ICMP_SOURCES)
heartbeat_media_ping_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_ping6_la_SOURCES = %D%/ping6.c $(HB_ICMP_SOURCES)
heartbeat_media_ping6_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_ping_group_la_SOURCES = %D%/ping_group.c $(HB_ICMP_SOURCES)
heartbeat_media_ping_group_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_media_serial_la_SOURCES = %D%/serial.c $(HB_SERIAL_SOURCES)
heartbeat_media_serial_la_LDFLAGS = $(HB_MODULE_FLAGS)
EXTRA_DIST += $(HB_MEDIA:%=doc/media/%.md)
