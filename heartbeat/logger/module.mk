# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LTLIBRARIES += libhblogger.la
libhblogger_la_SOURCES = %D%/logd.c %D%/logd.h %D%/logger.h
libhblogger_la_LIBADD = libhblog.la $(GLIB_LIBS)

halibexec_PROGRAMS += hb-log
hb_log_SOURCES = %D%/hb_log_main.c
hb_log_LDADD = libhblogger.la
hb_log_LDFLAGS = $(AM_LDFLAGS) -pie
