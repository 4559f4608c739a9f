/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ping.c - ICMP echo to a machine that is no node: "ping 10.0.0.254". doc/wire-protocol.md 8.4 */
#include <errno.h>
#include <net/if.h>             /* before linux/, which then leaves its own out */
#include <netinet/in.h>
#include <netinet/ip.h>
#include <linux/icmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "heartbeat/hb_medium.h"
#include "media/sock.h"
#include "media/words.h"

#include "util/banned.h"

#define USAGE    "ping 10.0.0.254"
#define HOST_MAX 255

/* The kernel shows each echo reply to every such socket; so many of others are skipped in one call. */
#define SKIPS_MAX 32

#define PACKET_MAX 65535

struct hb_medium {
	char host[HOST_MAX + 1];        /* as written: it is the name of the ping node */
	struct in_addr address;
	int fd;
	uint16_t id;                    /* as it stands in the packet */
	uint16_t seq;
};

static hb_medium *
ping_parse(const char *text, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX])
{
	hb_words words;
	struct in_addr address;
	hb_medium *medium;

	(void)defaults;
	if (hb_words_cut(text, 1, 0, USAGE, &words, err) < 0)
		return NULL;
	if (strlen(words.word[0]) > HOST_MAX) {
		hb_media_fail(err, "the host's name is too long; write its IPv4 address");
		return NULL;
	}
	if (hb_words_host(words.word[0], &address, err) < 0)
		return NULL;
	medium = calloc(1, sizeof *medium);
	if (medium == NULL) {
		hb_media_fail(err, "out of memory");
		return NULL;
	}
	memcpy(medium->host, words.word[0], strlen(words.word[0]));
	medium->address = address;
	medium->fd = -1;
	return medium;
}

static const char *
ping_name(const hb_medium *medium)
{
	return medium->host;
}

static void
ping_wants(const hb_medium *medium, hb_medium_want *want)
{
	(void)medium;
	want->kind = HB_WANT_ICMP;
	want->family = AF_INET;
}

static void
ping_shut(hb_medium *medium)
{
	hb_sock_close(&medium->fd);
}

static int
ping_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	struct icmp_filter all_but_replies = { .data = ~(1u << ICMP_ECHOREPLY) };

	ping_shut(medium);
	medium->fd = fd;
	/* In host byte order, as 3.0.6 has it; a new process must not take its predecessor's answers. */
	medium->id = (uint16_t)getpid();
	if (hb_sock_receiver(fd, err) == 0) {
		hb_sock_prefer(fd);
		if (setsockopt(fd, SOL_RAW, ICMP_FILTER, &all_but_replies, sizeof all_but_replies) == 0)
			return 0;
		hb_media_fail(err, "cannot set ICMP_FILTER for %.80s: %s", medium->host, strerror(errno));
	}
	ping_shut(medium);
	return -1;
}

static int
ping_poll_fd(const hb_medium *medium)
{
	return medium->fd;
}

/* The payload of a packet with its IP header, or -1 when it is not an answer to us. */
static ssize_t
find_payload(const hb_medium *medium, const uint8_t *pkt, size_t len, const uint8_t **ret_payload)
{
	struct icmphdr icmp;
	size_t ip_len;

	if (len < sizeof(struct iphdr))
		return -1;
	ip_len = (size_t)(pkt[0] & 0x0f) * 4;
	if (ip_len < sizeof(struct iphdr) || len < ip_len + sizeof icmp)
		return -1;
	memcpy(&icmp, pkt + ip_len, sizeof icmp);
	if (icmp.type != ICMP_ECHOREPLY || icmp.code != 0 || icmp.un.echo.id != medium->id)
		return -1;
	*ret_payload = pkt + ip_len + sizeof icmp;
	return (ssize_t)(len - ip_len - sizeof icmp);
}

static ssize_t
ping_read(hb_medium *medium, void *buf, size_t buf_len)
{
	static uint8_t pkt[PACKET_MAX];

	for (int i = 0; i < SKIPS_MAX; i++) {
		struct sockaddr_in from;
		const uint8_t *payload;
		ssize_t len = hb_sock_read(medium->fd, pkt, sizeof pkt, &from);

		if (len < 0)
			return len;
		if (from.sin_addr.s_addr != medium->address.s_addr)
			continue;
		len = find_payload(medium, pkt, (size_t)len, &payload);
		if (len < 0)
			continue;
		if ((size_t)len > buf_len)
			len = (ssize_t)buf_len;
		memcpy(buf, payload, (size_t)len);
		return len;
	}
	return -1;
}

/* RFC 1071 over two parts, the first of even length. */
static uint16_t
checksum(const struct iovec part[2])
{
	uint32_t sum = 0;

	for (int i = 0; i < 2; i++) {
		const uint8_t *p = part[i].iov_base;
		size_t len = part[i].iov_len;

		for (size_t at = 0; at + 1 < len; at += 2)
			sum += (uint32_t)p[at] << 8 | p[at + 1];
		if (len % 2 != 0)
			sum += (uint32_t)p[len - 1] << 8;
	}
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

static int
ping_write(hb_medium *medium, const void *buf, size_t len)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr = medium->address };
	struct icmphdr icmp = { .type = ICMP_ECHO };
	struct iovec part[2] = {
		{ .iov_base = &icmp, .iov_len = sizeof icmp },
		{ .iov_base = (void *)(uintptr_t)buf, .iov_len = len },
	};
	struct msghdr msg = { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = part, .msg_iovlen = 2 };

	if (medium->fd < 0)
		return -ENOTCONN;
	if (len > PACKET_MAX)   /* and the sum cannot overflow */
		return -EMSGSIZE;
	icmp.un.echo.id = medium->id;
	icmp.un.echo.sequence = htons(medium->seq++);
	icmp.checksum = checksum(part);
	return sendmsg(medium->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static void
ping_close(hb_medium *medium)
{
	if (medium == NULL)
		return;
	ping_shut(medium);
	free(medium);
}

extern const hb_medium_ops hb_medium_plugin;
__attribute__((visibility("default"))) const hb_medium_ops hb_medium_plugin = {
	.abi = HB_MEDIUM_ABI,
	.name = "ping",
	.flags = HB_MEDIUM_PING,
	.word_each = 1,
	.parse = ping_parse,
	.link_name = ping_name,
	.far_name = ping_name,
	.wants = ping_wants,
	.open = ping_open,
	.poll_fd = ping_poll_fd,
	.read = ping_read,
	.write = ping_write,
	.shut = ping_shut,
	.close = ping_close,
};
