/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* udp.c - the common half of bcast, mcast and ucast. */
#include "media/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "media/sock.h"
#include "media/words.h"

#include "util/banned.h"

hb_medium *
hb_udp_new(uint16_t port, char err[HB_MEDIUM_ERR_MAX])
{
	hb_medium *medium;

	if (port == 0) {
		hb_media_fail(err, "port 0 cannot be used; write udpport 694 above this line");
		return NULL;
	}
	medium = calloc(1, sizeof *medium);
	if (medium == NULL) {
		hb_media_fail(err, "out of memory");
		return NULL;
	}
	medium->port = port;
	medium->send_fd = -1;
	medium->receive_fd = -1;
	return medium;
}

int
hb_udp_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	hb_udp_shut(medium);
	medium->receive_fd = fd;
	/* Groups that other sockets of this machine joined are not for this link. */
	if (hb_sock_receiver(fd, err) < 0 ||
	    hb_sock_option(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0, "IP_MULTICAST_ALL", err) < 0)
		return -1;
	medium->send_fd = hb_sock_sender(medium->device, err);
	return medium->send_fd < 0 ? -1 : 0;
}

const char *
hb_udp_link_name(const hb_medium *medium)
{
	return medium->device;
}

const char *
hb_udp_far_name(const hb_medium *medium)
{
	(void)medium;
	return NULL;
}

int
hb_udp_poll_fd(const hb_medium *medium)
{
	return medium->receive_fd;
}

ssize_t
hb_udp_read(hb_medium *medium, void *buf, size_t buf_len)
{
	return hb_sock_read(medium->receive_fd, buf, buf_len, NULL);
}

int
hb_udp_write(hb_medium *medium, const void *buf, size_t len)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(medium->port), .sin_addr = medium->to };

	return medium->send_fd < 0 ? -ENOTCONN : hb_sock_write(medium->send_fd, buf, len, &to);
}

void
hb_udp_shut(hb_medium *medium)
{
	hb_sock_close(&medium->send_fd);
	hb_sock_close(&medium->receive_fd);
}

void
hb_udp_close(hb_medium *medium)
{
	if (medium == NULL)
		return;
	hb_udp_shut(medium);
	free(medium);
}
