/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * url.h - http and https URLs, as far as checks need them.
 *
 * Pure. What a server sends in Location is judged here: no octet of it that could end a line, or be
 * anything but part of a host or a path, gets further.
 */
#ifndef LDIR_URL_H
#define LDIR_URL_H

#include <glib.h>

typedef struct {
	gboolean is_tls;
	char *host;             /* IPv6 in brackets */
	guint16 port;
	gboolean has_port;      /* it was written */
	char *path;             /* with "?query", begins with '/' */
} LdirUrl;

void ldir_url_clear(LdirUrl *url);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LdirUrl, ldir_url_clear)

/* "http://host[:port][/path]". FALSE: that is no such URL, @ret_url is untouched. */
gboolean ldir_url_parse(const char *text, LdirUrl *ret_url);

/* What @text means on the page @base: absolute (transfer full), or NULL: nothing that we could ask for. */
char *ldir_url_resolve(const LdirUrl *base, const char *text);

/* "host" or "host:port", for the Host header (transfer full) */
char *ldir_url_authority(const LdirUrl *url);

#endif
