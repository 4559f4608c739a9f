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
/* A UDP socket that sends through @device alone, or -1 with @err. */
int hb_sock_sender(const char *device, char err[HB_MEDIUM_ERR_MAX]);
/* An option with an int. 0, or -1 with @err that calls it @name. */
int hb_sock_option(int fd, int level, int option, int value, const char *name, char err[HB_MEDIUM_ERR_MAX]);
/* Ahead of other traffic in the queues of this machine; whether it works is not important. */
void hb_sock_prefer(int fd);

/* One datagram: its length, at most @buf_len; -1 none is waiting, -2 the socket is useless.
 * @ret_from may be NULL. */
ssize_t hb_sock_read(int fd, void *buf, size_t buf_len, struct sockaddr_in *ret_from);
/* 0 or -errno. */
int hb_sock_write(int fd, const void *buf, size_t len, const struct sockaddr_in *to);
void hb_sock_close(int *fd);

#endif
