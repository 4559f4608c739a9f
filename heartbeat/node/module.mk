# SPDX-License-Identifier: GPL-2.0-or-later
# What of hb-node is pure, or nearly so: tests link it without the rest.
noinst_LTLIBRARIES += libhbnode.la
libhbnode_la_SOURCES = \
	heartbeat/node/counts.c heartbeat/node/counts.h \
	heartbeat/node/error.c \
	heartbeat/node/exec_msg.c heartbeat/node/exec_msg.h \
	heartbeat/node/json.c heartbeat/node/json.h \
	heartbeat/node/memory.c heartbeat/node/memory.h \
	heartbeat/node/node.h heartbeat/node/rate.h \
	heartbeat/node/recorder.c heartbeat/node/recorder.h \
	heartbeat/node/send.c heartbeat/node/send.h \
	heartbeat/node/status.h heartbeat/node/status_json.c heartbeat/node/status_metrics.c \
	heartbeat/node/status_text.c heartbeat/node/status_words.c
