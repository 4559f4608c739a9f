/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sock.h - what the sockets of all IP media have in common. Part of each medium plugin; libc only.
 */
#ifndef HB_MEDIA_SOCK_H
#define HB_MEDIA_SOCK_H

#include <netinet/in.h>

#include "heartbeat/hb_medium.h"

/* Makes ready what the host opened: never blocks, not inherited, a buffer for bursts. */
int hb_sock_receiver(int fd, char err[HB_MEDIUM_ERR_MAX]);
/* A UDP socket of @family that sends through @device alone, or -1 with @err. */
int hb_sock_sender(int family, const char *device, char err[HB_MEDIUM_ERR_MAX]);
/* An option with an int. 0, or -1 with @err that calls it @name. */
int hb_sock_option(int fd, int level, int option, int value, const char *name, char err[HB_MEDIUM_ERR_MAX]);
/* Ahead of other traffic in the queues of this machine; whether it works is not important. */
void hb_sock_prefer(int fd);

/* An address of either family. */
typedef union {
	struct sockaddr any;            /* .any.sa_family says which */
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
} hb_sock_address;

socklen_t hb_sock_address_len(const hb_sock_address *address);

/* One datagram: its length, at most @buf_len; -1 none is waiting, -2 the socket is useless.
 * @ret_from may be NULL. */
ssize_t hb_sock_read(int fd, void *buf, size_t buf_len, hb_sock_address *ret_from);
/* 0 or -errno. */
int hb_sock_write(int fd, const void *buf, size_t len, const hb_sock_address *to);
void hb_sock_close(int *fd);

#endif
