# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LTLIBRARIES += libhbstonith.la
libhbstonith_la_SOURCES = %D%/child.c %D%/child.h %D%/driver.h %D%/external.c %D%/glue.c %D%/native.c %D%/stonith.c \
	%D%/stonith.h
libhbstonith_la_LIBADD = libhbplugin.la $(GLIB_LIBS)
