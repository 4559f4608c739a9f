# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LTLIBRARIES += libhbwire.la
libhbwire_la_SOURCES = \
	lib/wire/base64.c lib/wire/base64.h \
	lib/wire/compress.c lib/wire/compress.h \
	lib/wire/digest.c lib/wire/digest.h \
	lib/wire/frame.c lib/wire/frame.h lib/wire/seal.c \
	lib/wire/msg.c lib/wire/msg.h \
	lib/wire/netscan.c lib/wire/netscan.h \
	lib/wire/netstring.c lib/wire/netstring.h \
	lib/wire/text.c lib/wire/text.h
libhbwire_la_CPPFLAGS = $(AM_CPPFLAGS) $(ZLIB_CFLAGS)
libhbwire_la_LIBADD = $(GLIB_LIBS) $(ZLIB_LIBS) $(BZ2_LIBS)
