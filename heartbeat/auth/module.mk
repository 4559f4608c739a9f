# SPDX-License-Identifier: GPL-2.0-or-later
# Each plugin carries the digests itself: it needs nothing of the program that loads it.
HB_DIGEST_SOURCES = lib/wire/digest.c lib/wire/digest.h include/heartbeat/hb_auth.h

auth_LTLIBRARIES += heartbeat/auth/crc.la heartbeat/auth/md5.la heartbeat/auth/sha1.la \
	heartbeat/auth/hmac-sha256.la
heartbeat_auth_crc_la_SOURCES = %D%/crc.c $(HB_DIGEST_SOURCES)
heartbeat_auth_crc_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_auth_crc_la_LIBADD = $(GLIB_LIBS)
heartbeat_auth_md5_la_SOURCES = %D%/md5.c $(HB_DIGEST_SOURCES)
heartbeat_auth_md5_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_auth_md5_la_LIBADD = $(GLIB_LIBS)
heartbeat_auth_sha1_la_SOURCES = %D%/sha1.c $(HB_DIGEST_SOURCES)
heartbeat_auth_sha1_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_auth_sha1_la_LIBADD = $(GLIB_LIBS)
heartbeat_auth_hmac_sha256_la_SOURCES = %D%/hmac-sha256.c $(HB_DIGEST_SOURCES)
heartbeat_auth_hmac_sha256_la_LDFLAGS = $(HB_MODULE_FLAGS)
heartbeat_auth_hmac_sha256_la_LIBADD = $(GLIB_LIBS)
