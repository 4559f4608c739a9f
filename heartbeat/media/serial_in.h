/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * serial_in.h - finds messages in the octets of a serial line, whatever else comes: noise, halves, nothing.
 *
 * Pure. Part of the plugin serial; libc only. A message is the lines from one that begins with ">>>" to one that begins with
 * "<<<". What stands between messages is dropped; a message that is broken off costs itself alone.
 */
#ifndef HB_MEDIA_SERIAL_IN_H
#define HB_MEDIA_SERIAL_IN_H

#include <stddef.h>
#include <sys/types.h>

#define HB_SERIAL_MSG_MAX   262144      /* 1.6; one octet more, so that a longer one is seen to be longer */
#define HB_SERIAL_CHUNK_MAX 1024        /* taken at a time */

typedef struct {
	char *buf;
	size_t size;            /* of .buf: grows, and is given back after a long message */
	size_t len;             /* octets in .buf */
	size_t looked;          /* those whose lines have been looked at */
	size_t searched;        /* those with no end of a line behind .looked */
	int is_inside;          /* a message begins at 0 */
} hb_serial_in;

/* Room for at most HB_SERIAL_CHUNK_MAX more octets: read into it, then say how many with _added(). NULL: no memory. */
char *hb_serial_in_room(hb_serial_in *in);
void hb_serial_in_added(hb_serial_in *in, size_t len);

/* The next whole message, cut to @buf_len: its length, -1 there is none yet. */
ssize_t hb_serial_in_next(hb_serial_in *in, void *buf, size_t buf_len);

/* Forgets everything; all zero is a good start as well. */
void hb_serial_in_clear(hb_serial_in *in);

#endif
