# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LTLIBRARIES += libhblog.la
libhblog_la_SOURCES = %D%/log.c %D%/say.c %D%/line.c %D%/record.c %D%/syslog_out.c \
	%D%/log.h %D%/line.h %D%/record.h %D%/syslog_out.h %D%/messages.def
libhblog_la_LIBADD = $(GLIB_LIBS)
