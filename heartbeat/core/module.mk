# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LTLIBRARIES += libhbcore.la
libhbcore_la_SOURCES = \
	heartbeat/core/claims.c heartbeat/core/claims.h \
	heartbeat/core/client.c heartbeat/core/client.h \
	heartbeat/core/compat306.c heartbeat/core/compat306.h heartbeat/core/compat306_parts.h heartbeat/core/handover306.c heartbeat/core/legacy306.c \
	heartbeat/core/core.c heartbeat/core/core.h \
	heartbeat/core/dispatch.c heartbeat/core/dispatch.h \
	heartbeat/core/effects.c heartbeat/core/effects.h heartbeat/core/event.h \
	heartbeat/core/fence.c heartbeat/core/fence.h \
	heartbeat/core/gone.c heartbeat/core/gone.h \
	heartbeat/core/group.c heartbeat/core/group.h heartbeat/core/group_child.c heartbeat/core/group_parts.h heartbeat/core/group_step.c \
	heartbeat/core/leave.c heartbeat/core/leave.h \
	heartbeat/core/link.c heartbeat/core/link.h \
	heartbeat/core/member.c heartbeat/core/member.h \
	heartbeat/core/on_status.c heartbeat/core/on_stream.c \
	heartbeat/core/node.c heartbeat/core/node.h heartbeat/core/order.c heartbeat/core/order.h \
	heartbeat/core/peer.c heartbeat/core/peer.h \
	heartbeat/core/repair.c heartbeat/core/repair.h \
	heartbeat/core/rival.c heartbeat/core/rival.h \
	heartbeat/core/rng.c heartbeat/core/rng.h \
	heartbeat/core/sendq.c heartbeat/core/sendq.h \
	heartbeat/core/side.c heartbeat/core/side.h \
	heartbeat/core/standby.c heartbeat/core/standby.h \
	heartbeat/core/state.h \
	heartbeat/core/status.c heartbeat/core/status.h \
	heartbeat/core/takeover.c heartbeat/core/takeover.h \
	heartbeat/core/unheard.c heartbeat/core/unheard.h \
	heartbeat/core/view.c heartbeat/core/view.h
