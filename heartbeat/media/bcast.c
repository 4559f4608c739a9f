/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bcast.c - UDP broadcasts on one interface: "bcast eth0". doc/wire-protocol.md 8.1 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "heartbeat/hb_medium.h"
#include "media/sock.h"
#include "media/udp.h"
#include "media/words.h"

#include "util/banned.h"

#define USAGE "bcast eth0"

static hb_medium *
bcast_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	hb_words words;
	hb_medium *medium;

	if (hb_words_cut(text, 1, 0, USAGE, &words, err) < 0)
		return NULL;
	medium = hb_udp_new(AF_INET, defaults->udpport, err);
	if (medium != NULL && hb_words_device(words.word[0], USAGE, medium->device, err) < 0) {
		hb_udp_close(medium);
		return NULL;
	}
	return medium;
}

static void
bcast_wants(const hb_medium *medium, hb_medium_want *want)
{
	want->kind = HB_WANT_UDP;
	want->family = AF_INET;
	want->port = medium->port;
	memcpy(want->device, medium->device, sizeof medium->device);
}

/* One IPv4 property of the interface. */
static int
ask(int fd, const char *device, unsigned long request, struct in_addr *ret_address)
{
	struct ifreq ifr = { .ifr_addr.sa_family = AF_INET };
	struct sockaddr_in address;

	memcpy(ifr.ifr_name, device, IFNAMSIZ);
	if (ioctl(fd, request, &ifr) < 0)
		return -1;
	memcpy(&address, &ifr.ifr_addr, sizeof address);
	*ret_address = address.sin_addr;
	return 0;
}

/* The kernel knows the highest address of the network as a broadcast address even where none was
 * configured ("ip address add" without brd; the loopback interface). */
static int
find_broadcast(int fd, const char *device, struct in_addr *ret_address, char err[HB_MEDIUM_ERR_MAX])
{
	struct in_addr address;
	struct in_addr mask;
	struct in_addr broadcast = { .s_addr = INADDR_ANY };

	if (ask(fd, device, SIOCGIFADDR, &address) < 0 || ask(fd, device, SIOCGIFNETMASK, &mask) < 0)
		return hb_media_fail(err,
		                     errno == ENODEV ? "interface %s does not exist"
		                                     : "interface %s has no IPv4 address to broadcast from",
		                     device);
	(void)ask(fd, device, SIOCGIFBRDADDR, &broadcast);
	if (broadcast.s_addr == INADDR_ANY) {
		if (ntohl(~mask.s_addr) < 3)
			return hb_media_fail(err, "interface %s has no broadcast address; use ucast or mcast there",
			                     device);
		broadcast.s_addr = address.s_addr | ~mask.s_addr;
	}
	*ret_address = broadcast;
	return 0;
}

/*
 * The kernel hands own broadcasts back. They say nothing about the cable, and waking up for each would be half of
 * what this process has to read: a filter drops them by source address and port. Without it all works as well.
 */
static void
drop_own(const hb_medium *medium)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	struct in_addr address;
	socklen_t len = sizeof own;

	if (bind(medium->send_fd, (struct sockaddr *)&own, sizeof own) < 0 ||
	    getsockname(medium->send_fd, (struct sockaddr *)&own, &len) < 0 ||
	    ask(medium->send_fd, medium->device, SIOCGIFADDR, &address) < 0)
		return;

	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0),                  /* UDP source port */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohs(own.sin_port), 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, SKF_NET_OFF + 12),   /* IPv4 source address */
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ntohl(address.s_addr), 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
	};
	const struct sock_fprog program = { .len = sizeof code / sizeof code[0], .filter = code };

	(void)setsockopt(medium->receive_fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

static int
bcast_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	if (hb_udp_open(medium, fd, err) == 0 &&
	    hb_sock_option(medium->send_fd, SOL_SOCKET, SO_BROADCAST, 1, "SO_BROADCAST", err) == 0 &&
	    hb_sock_option(medium->send_fd, SOL_SOCKET, SO_DONTROUTE, 1, "SO_DONTROUTE", err) == 0 &&
	    find_broadcast(medium->send_fd, medium->device, &medium->to.v4.sin_addr, err) == 0) {
		drop_own(medium);
		return 0;
	}
	hb_udp_shut(medium);
	return -1;
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	HB_UDP_OPS,
	.name = "bcast",
	.word_each = 1,
	.parse = bcast_parse,
	.wants = bcast_wants,
	.open = bcast_open,
};
