/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * icmp.h - the common part of ping, ping6 and ping_group: echo requests to some hosts over one raw socket, and which
 * of the packets that come in are answers to them. Part of each of these plugins; libc only.
 */
#ifndef HB_MEDIA_ICMP_H
#define HB_MEDIA_ICMP_H

#include <net/if.h>

#include "heartbeat/hb_medium.h"
#include "media/sock.h"

#define HB_ICMP_NAME_MAX  255
#define HB_ICMP_HOSTS_MAX 64

struct hb_medium {
	char name[HB_ICMP_NAME_MAX + 1];        /* of the ping node, as written */
	int family;
	unsigned int n_hosts;
	hb_sock_address host[HB_ICMP_HOSTS_MAX];        /* without port */
	char scope[HB_ICMP_HOSTS_MAX][IFNAMSIZ];        /* interface of a link-local address, else "" */
	int fd;                 /* -1: not open */
	uint16_t id;            /* as it stands in the packet */
	uint16_t seq;           /* of the next round */
	int has_answer;         /* the last round that was answered is .answered */
	uint16_t answered;
};

/* A medium of AF_INET or AF_INET6 without hosts, or NULL with @err. */
hb_medium *hb_icmp_new(int family, const char *name, char err[HB_MEDIUM_ERR_MAX]);
/* 0, or -1 with @err. May wait for the name server. */
int hb_icmp_add_host(hb_medium *medium, const char *word, char err[HB_MEDIUM_ERR_MAX]);
/* parse() of a line of one host, which gives the ping node its name. */
hb_medium *hb_icmp_parse_host(int family, const char *text, const char *usage, char err[HB_MEDIUM_ERR_MAX]);

/* Pure. Where the payload of an echo reply with our @id begins in a packet as the kernel gives it (IPv4: with its IP
 * header), and its round; -1: something else. */
ssize_t hb_icmp_payload(int family, uint16_t id, const uint8_t *pkt, size_t len, uint16_t *ret_seq);

/* Functions of hb_medium_ops as they are. */
const char *hb_icmp_name(const hb_medium *medium);
void hb_icmp_wants(const hb_medium *medium, hb_medium_want *want);
int hb_icmp_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX]);
int hb_icmp_poll_fd(const hb_medium *medium);
ssize_t hb_icmp_read(hb_medium *medium, void *buf, size_t buf_len);
int hb_icmp_write(hb_medium *medium, const void *buf, size_t len);
void hb_icmp_shut(hb_medium *medium);
void hb_icmp_close(hb_medium *medium);

/* The rows that are the same in all of them. */
#define HB_ICMP_OPS \
	.abi = HB_MEDIUM_ABI, \
	.flags = HB_MEDIUM_PING, \
	.link_name = hb_icmp_name, \
	.far_name = hb_icmp_name, \
	.wants = hb_icmp_wants, \
	.open = hb_icmp_open, \
	.poll_fd = hb_icmp_poll_fd, \
	.read = hb_icmp_read, \
	.write = hb_icmp_write, \
	.shut = hb_icmp_shut, \
	.close = hb_icmp_close

#endif
