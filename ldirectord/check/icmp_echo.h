/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * icmp_echo.h - the octets of ICMP echo, version 4 and 6. Pure.
 */
#ifndef LDIR_ICMP_ECHO_H
#define LDIR_ICMP_ECHO_H

#include <glib.h>

#define LDIR_ECHO_LEN 72        /* octets of a request: 8 and 64 of data */

/* What a request carries, and its answer brings back. */
typedef struct {
	guint64 secret;         /* of the one who asks */
	guint64 id, nonce;
} LdirEcho;

/* A request to @out, with checksum (for version 6 the kernel makes it). */
void ldir_echo_write(guint8 out[LDIR_ECHO_LEN], int family, guint16 ident, guint16 seq, const LdirEcho *echo);

/* An answer, as a socket of @family gives it: a raw one of version 4 with the IP header (@has_ip_header).
 * @ident: must be in it, unless negative. FALSE: that is none, or not with @secret. */
gboolean ldir_echo_read(const guint8 *data, gsize len, int family, gboolean has_ip_header, int ident, guint64 secret,
                        LdirEcho *ret_echo);

#endif
