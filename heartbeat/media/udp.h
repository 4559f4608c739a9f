/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * udp.h - the common half of bcast, mcast, ucast and their IPv6 forms: one socket to send on, one to receive on, one
 * address to send to. Part of each of these plugins; libc only.
 */
#ifndef HB_MEDIA_UDP_H
#define HB_MEDIA_UDP_H

#include <net/if.h>
#include <netinet/in.h>

#include "heartbeat/hb_medium.h"
#include "media/sock.h"

struct hb_medium {
	char device[IFNAMSIZ];
	uint16_t port;          /* to send to and to receive on */
	hb_sock_address to;     /* with the port; bcast: the address is found at open() */
	int ttl;                /* these two: mcast, mcast6 */
	int loop;
	int send_fd;            /* -1: not open */
	int receive_fd;
};

/* A medium of AF_INET or AF_INET6 that is not open, or NULL with @err. */
hb_medium *hb_udp_new(int family, uint16_t port, char err[HB_MEDIUM_ERR_MAX]);
/* parse() of what has its port from udpport and names a host: ucast, ucast6. */
hb_medium *hb_udp_parse_host(int family, const char *text, const char *usage, const hb_medium_defaults *defaults,
                             char err[HB_MEDIUM_ERR_MAX]);
/* parse() of "eth0 GROUP 694 1 0"; @read_group reads the second word. 0, or -1 with @err. */
typedef int hb_udp_group_func(const char *word, hb_medium *medium, char err[HB_MEDIUM_ERR_MAX]);
hb_medium *hb_udp_parse_group(int family, const char *text, const char *usage, hb_udp_group_func *read_group,
                              char err[HB_MEDIUM_ERR_MAX]);
/* The first half of open(): takes over @fd and makes the socket to send on. 0, or -1 with @err. */
int hb_udp_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX]);

/* AF_INET6, after hb_udp_open(): addresses that mean something on one link only are those of the device. 0, or -1
 * with @err. */
int hb_udp_scope(hb_medium *medium, char err[HB_MEDIUM_ERR_MAX]);

/* Functions of hb_medium_ops as they are. */
const char *hb_udp_link_name(const hb_medium *medium);
const char *hb_udp_far_name(const hb_medium *medium);
int hb_udp_poll_fd(const hb_medium *medium);
ssize_t hb_udp_read(hb_medium *medium, void *buf, size_t buf_len);
int hb_udp_write(hb_medium *medium, const void *buf, size_t len);
void hb_udp_shut(hb_medium *medium);
void hb_udp_close(hb_medium *medium);

/* The rows that are the same in all of them. */
#define HB_UDP_OPS \
	.abi = HB_MEDIUM_ABI, \
	.link_name = hb_udp_link_name, \
	.far_name = hb_udp_far_name, \
	.poll_fd = hb_udp_poll_fd, \
	.read = hb_udp_read, \
	.write = hb_udp_write, \
	.shut = hb_udp_shut, \
	.close = hb_udp_close

#endif
