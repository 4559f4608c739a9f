# SPDX-License-Identifier: GPL-2.0-or-later
# What of hb-node is pure, or nearly so: tests link it without the rest.
noinst_LTLIBRARIES += libhbnode.la
libhbnode_la_SOURCES = \
	heartbeat/node/address.c heartbeat/node/address.h \
	heartbeat/node/api.h heartbeat/node/api_parts.h heartbeat/node/api_order.c heartbeat/node/api_order.h \
	heartbeat/node/api_auth.c heartbeat/node/api_clients.c heartbeat/node/api_deliver.c heartbeat/node/api_query.c \
	heartbeat/node/api_requests.c heartbeat/node/api_send.c heartbeat/node/api_signon.c \
	heartbeat/node/counts.c heartbeat/node/counts.h \
	heartbeat/node/error.c \
	heartbeat/node/exec_msg.c heartbeat/node/exec_msg.h \
	heartbeat/node/json.c heartbeat/node/json.h \
	heartbeat/node/known.c heartbeat/node/known.h \
	heartbeat/node/memory.c heartbeat/node/memory.h \
	heartbeat/node/node.h heartbeat/node/rate.h \
	heartbeat/node/recorder.c heartbeat/node/recorder.h \
	heartbeat/node/send.c heartbeat/node/send.h \
	heartbeat/node/status.h heartbeat/node/status_groups.c heartbeat/node/status_json.c heartbeat/node/status_metrics.c \
	heartbeat/node/status_text.c heartbeat/node/status_words.c \
	heartbeat/node/trust.c heartbeat/node/trust.h

halibexec_PROGRAMS += hb-node
hb_node_SOURCES = \
	heartbeat/node/addrwatch.c heartbeat/node/addrwatch.h \
	heartbeat/node/api_server.c heartbeat/node/api_server.h \
	heartbeat/node/effects.c heartbeat/node/effects.h \
	heartbeat/node/exec_greet.c heartbeat/node/exec_link.c heartbeat/node/exec_link.h heartbeat/node/exec_link_parts.h heartbeat/node/exec_say.c \
	heartbeat/node/fifo_in.c heartbeat/node/fifo_in.h \
	heartbeat/node/guard_watch.c heartbeat/node/guard_watch.h \
	heartbeat/node/ifwatch.c heartbeat/node/ifwatch.h \
	heartbeat/node/link.c heartbeat/node/link.h \
	heartbeat/node/loop.c heartbeat/node/loop.h \
	heartbeat/node/media.c heartbeat/node/media.h heartbeat/node/media_open.c heartbeat/node/media_parts.h \
	heartbeat/node/netlink.c heartbeat/node/netlink.h \
	heartbeat/node/node_main.c \
	heartbeat/node/reload.c heartbeat/node/reload.h \
	heartbeat/node/status_server.c heartbeat/node/status_server.h \
	heartbeat/node/watchdog.c heartbeat/node/watchdog.h
hb_node_LDADD = libhbnode.la libhbcore.la libhbip.la libhbocf.la libhbconf.la libhbchannel.la libhbplugin.la libhbipc.la libhbwire.la libhblog.la \
	$(GLIB_LIBS)
hb_node_LDFLAGS = $(AM_LDFLAGS) -pie
