/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * udp.h - the common half of bcast, mcast and ucast: one socket to send on, one to receive on, one
 * address to send to. Part of each of these plugins; libc only.
 */
#ifndef HB_MEDIA_UDP_H
#define HB_MEDIA_UDP_H

#include <net/if.h>
#include <netinet/in.h>

#include "heartbeat/hb_medium.h"

struct hb_medium {
	char device[IFNAMSIZ];
	uint16_t port;          /* to send to and to receive on */
	struct in_addr to;      /* bcast: found at open() */
	int ttl;                /* these two: mcast */
	int loop;
	int send_fd;            /* -1: not open */
	int receive_fd;
};

/* A medium that is not open, or NULL with @err. */
hb_medium *hb_udp_new(uint16_t port, char err[HB_MEDIUM_ERR_MAX]);
/* The first half of open(): takes over @fd and makes the socket to send on. 0, or -1 with @err. */
int hb_udp_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX]);

/* Functions of hb_medium_ops as they are. */
const char *hb_udp_link_name(const hb_medium *medium);
const char *hb_udp_far_name(const hb_medium *medium);
int hb_udp_poll_fd(const hb_medium *medium);
ssize_t hb_udp_read(hb_medium *medium, void *buf, size_t buf_len);
int hb_udp_write(hb_medium *medium, const void *buf, size_t len);
void hb_udp_shut(hb_medium *medium);
void hb_udp_close(hb_medium *medium);

#endif
