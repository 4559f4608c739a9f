# SPDX-License-Identifier: GPL-2.0-or-later
halibexec_PROGRAMS += heartbeat/fence/hb-fence
heartbeat_fence_hb_fence_SOURCES = %D%/fence_main.c
heartbeat_fence_hb_fence_LDADD = libhbstonith.la $(GLIB_LIBS)

sbin_PROGRAMS += hb_stonith
hb_stonith_SOURCES = %D%/stonith_tool.c
hb_stonith_LDADD = libhbstonith.la libhbconf.la $(GLIB_LIBS)
hb_stonith_LDFLAGS = $(AM_LDFLAGS) -pie
dist_man_MANS += doc/hb_stonith.8 doc/hb-fence.8

stonith_LTLIBRARIES += heartbeat/fence/null.la heartbeat/fence/meatware.la
heartbeat_fence_null_la_SOURCES = %D%/null.c
heartbeat_fence_null_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_fence_meatware_la_SOURCES = %D%/meatware.c
heartbeat_fence_meatware_la_LDFLAGS = $(HB_MODULE_FLAGS)
