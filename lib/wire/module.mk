# SPDX-License-Identifier: GPL-2.0-or-later
noinst_LTLIBRARIES += libhbwire.la
libhbwire_la_SOURCES = \
	lib/wire/apimsg.c lib/wire/apimsg.def lib/wire/apimsg.h \
	lib/wire/base64.c lib/wire/base64.h \
	lib/wire/compress.c lib/wire/compress.h \
	lib/wire/digest.c lib/wire/digest.h \
	lib/wire/extension.c lib/wire/extension.h \
	lib/wire/fields.c lib/wire/fields.def lib/wire/fields.h \
	lib/wire/fifo.c lib/wire/fifo.h \
	lib/wire/frame.c lib/wire/frame.h lib/wire/seal.c \
	lib/wire/msg.c lib/wire/msg.h \
	lib/wire/msgtypes.def \
	lib/wire/netscan.c lib/wire/netscan.h \
	lib/wire/netstring.c lib/wire/netstring.h \
	lib/wire/text.c lib/wire/text.h \
	lib/wire/typed.c lib/wire/typed.h lib/wire/typed_parts.h lib/wire/typedio.h \
	lib/wire/typed_node.c lib/wire/typed_resource.c lib/wire/typed_stream.c
EXTRA_DIST += doc/hb4-extensions.md doc/wire-protocol.md
libhbwire_la_CPPFLAGS = $(AM_CPPFLAGS) $(ZLIB_CFLAGS)
libhbwire_la_LIBADD = $(GLIB_LIBS) $(ZLIB_LIBS) $(BZ2_LIBS)
