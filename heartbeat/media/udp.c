/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* udp.c - the common half of bcast, mcast, ucast and their IPv6 forms. */
#include "media/udp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "media/sock.h"
#include "media/words.h"

#include "util/banned.h"

/* The limit of mcast in heartbeat 3.0.6. */
#define TTL_MAX 4

hb_medium *
hb_udp_new(int family, uint16_t port, char err[HB_MEDIUM_ERR_MAX])
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
	medium->to.any.sa_family = (sa_family_t)family;
	if (family == AF_INET6)
		medium->to.v6.sin6_port = htons(port);
	else
		medium->to.v4.sin_port = htons(port);
	medium->send_fd = -1;
	medium->receive_fd = -1;
	return medium;
}

hb_medium *
hb_udp_parse_host(int family, const char *text, const char *usage, const hb_medium_defaults *defaults,
                  char err[HB_MEDIUM_ERR_MAX])
{
	hb_words words;
	hb_medium *medium;

	/* More words are ignored, as heartbeat 3.0.6 does: its files must work as they are. */
	if (hb_words_cut(text, 2, 1, usage, &words, err) < 0)
		return NULL;
	medium = hb_udp_new(family, defaults->udpport, err);
	if (medium != NULL && (hb_words_device(words.word[0], usage, medium->device, err) < 0 ||
	                       hb_words_host(words.word[1], &medium->to, err) < 0)) {
		hb_udp_close(medium);
		return NULL;
	}
	return medium;
}

static int
read_group_words(const hb_words *words, const char *usage, hb_udp_group_func *read_group, hb_medium *medium,
                 char err[HB_MEDIUM_ERR_MAX])
{
	const char *ttl_name = medium->to.any.sa_family == AF_INET6 ? "hops" : "ttl";
	unsigned int ttl;
	unsigned int loop;

	if (hb_words_device(words->word[0], usage, medium->device, err) < 0 ||
	    read_group(words->word[1], medium, err) < 0 ||
	    hb_words_number(words->word[3], ttl_name, 0, TTL_MAX, usage, &ttl, err) < 0 ||
	    hb_words_number(words->word[4], "loop", 0, 1, usage, &loop, err) < 0)
		return -1;
	medium->ttl = (int)ttl;
	medium->loop = (int)loop;
	return 0;
}

hb_medium *
hb_udp_parse_group(int family, const char *text, const char *usage, hb_udp_group_func *read_group,
                   char err[HB_MEDIUM_ERR_MAX])
{
	hb_words words;
	hb_medium *medium;
	unsigned int port;

	if (hb_words_cut(text, 5, 0, usage, &words, err) < 0 ||
	    hb_words_number(words.word[2], "port", 1, UINT16_MAX, usage, &port, err) < 0)
		return NULL;
	medium = hb_udp_new(family, (uint16_t)port, err);
	if (medium != NULL && read_group_words(&words, usage, read_group, medium, err) < 0) {
		hb_udp_close(medium);
		return NULL;
	}
	return medium;
}

/* Groups that other sockets of this machine joined are not for this link. */
static int
hear_own_groups_alone(int family, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	if (family == AF_INET6)
		return hb_sock_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0, "IPV6_MULTICAST_ALL", err);
	return hb_sock_option(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0, "IP_MULTICAST_ALL", err);
}

int
hb_udp_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	int family = medium->to.any.sa_family;

	hb_udp_shut(medium);
	medium->receive_fd = fd;
	if (hb_sock_receiver(fd, err) < 0 || hear_own_groups_alone(family, fd, err) < 0)
		return -1;
	medium->send_fd = hb_sock_sender(family, medium->device, err);
	return medium->send_fd < 0 ? -1 : 0;
}

int
hb_udp_scope(hb_medium *medium, char err[HB_MEDIUM_ERR_MAX])
{
	unsigned int index = if_nametoindex(medium->device);

	if (index == 0)
		return hb_media_fail(err, "interface %s: %s", medium->device, strerror(errno));
	medium->to.v6.sin6_scope_id = index;
	return 0;
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
	return medium->send_fd < 0 ? -ENOTCONN : hb_sock_write(medium->send_fd, buf, len, &medium->to);
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
