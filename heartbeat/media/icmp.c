/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* icmp.c - echo requests, and which packets are answers to them. doc/wire-protocol.md 8.4 */
#include "media/icmp.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <linux/filter.h>
#include <linux/icmp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "media/words.h"

#include "util/banned.h"

/* Where the filter for hosts could not be set, the kernel shows each echo reply to every such socket; so many of others
 * are skipped in one call. */
#define SKIPS_MAX 32

#define PACKET_MAX 65535

/* The header of an echo: the same in ICMP and ICMPv6 but for the number of the type. */
typedef struct {
	uint8_t type;
	uint8_t code;
	uint16_t checksum;
	uint16_t id;
	uint16_t seq;
} echo_header;

hb_medium *
hb_icmp_new(int family, const char *name, char err[HB_MEDIUM_ERR_MAX])
{
	hb_medium *medium;

	if (strlen(name) > HB_ICMP_NAME_MAX) {
		hb_media_fail(err, "the name \"%.40s...\" is too long; write at most %d characters", name,
		              HB_ICMP_NAME_MAX);
		return NULL;
	}
	medium = calloc(1, sizeof *medium);
	if (medium == NULL) {
		hb_media_fail(err, "out of memory");
		return NULL;
	}
	memcpy(medium->name, name, strlen(name) + 1);
	medium->family = family;
	medium->fd = -1;
	return medium;
}

int
hb_icmp_add_host(hb_medium *medium, const char *word, char err[HB_MEDIUM_ERR_MAX])
{
	hb_sock_address *host = &medium->host[medium->n_hosts];
	const char *scope = medium->family == AF_INET6 ? hb_words_scope(word) : NULL;

	if (medium->n_hosts == HB_ICMP_HOSTS_MAX)
		return hb_media_fail(err, "\"%.40s\" is one host more than %d", word, HB_ICMP_HOSTS_MAX);
	host->any.sa_family = (sa_family_t)medium->family;
	if (hb_words_host(word, host, err) < 0)
		return -1;
	if (scope == NULL && medium->family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&host->v6.sin6_addr))
		return hb_media_fail(err, "%.60s is on every link; write which, as in %.60s%%eth0", word, word);
	if (scope != NULL && hb_words_device(scope, "fe80::1%eth0", medium->scope[medium->n_hosts], err) < 0)
		return -1;
	medium->n_hosts++;
	return 0;
}

hb_medium *
hb_icmp_parse_host(int family, const char *text, const char *usage, char err[HB_MEDIUM_ERR_MAX])
{
	hb_words words;
	hb_medium *medium;

	if (hb_words_cut(text, 1, 0, usage, &words, err) < 0)
		return NULL;
	medium = hb_icmp_new(family, words.word[0], err);
	if (medium != NULL && hb_icmp_add_host(medium, words.word[0], err) < 0) {
		hb_icmp_close(medium);
		return NULL;
	}
	return medium;
}

const char *
hb_icmp_name(const hb_medium *medium)
{
	return medium->name;
}

void
hb_icmp_wants(const hb_medium *medium, hb_medium_want *want)
{
	want->kind = HB_WANT_ICMP;
	want->family = medium->family;
}

void
hb_icmp_shut(hb_medium *medium)
{
	hb_sock_close(&medium->fd);
}

void
hb_icmp_close(hb_medium *medium)
{
	if (medium == NULL)
		return;
	hb_icmp_shut(medium);
	free(medium);
}

/* The kernel need not wake us for anything but answers. */
static int
hear_replies_alone(int fd, int family)
{
	if (family == AF_INET6) {
		struct icmp6_filter filter;

		ICMP6_FILTER_SETBLOCKALL(&filter);
		ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &filter);
		return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter);
	}

	struct icmp_filter all_but_replies = { .data = ~(1u << ICMP_ECHOREPLY) };

	return setsockopt(fd, SOL_RAW, ICMP_FILTER, &all_but_replies, sizeof all_but_replies);
}

/* Interfaces come and go, and have another number then. */
static int
resolve_scopes(hb_medium *medium, char err[HB_MEDIUM_ERR_MAX])
{
	for (unsigned int i = 0; i < medium->n_hosts; i++) {
		if (medium->scope[i][0] == '\0')
			continue;
		medium->host[i].v6.sin6_scope_id = if_nametoindex(medium->scope[i]);
		if (medium->host[i].v6.sin6_scope_id == 0)
			return hb_media_fail(err, "interface %s does not exist", medium->scope[i]);
	}
	return 0;
}

#define ADDRESS_WORDS(family) ((family) == AF_INET6 ? 4u : 1u)

/* The next 32 bits of the source address are @word, or go on @skip instructions later. */
static unsigned int
compare(struct sock_filter *code, uint32_t at, uint32_t word, unsigned int skip)
{
	code[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, at);
	code[1] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, word, 0, (uint8_t)skip);
	return 2;
}

/*
 * The kernel gives each echo reply to every raw socket: with n ping nodes each answer would wake us n times. A filter lets
 * through what comes from our hosts. Without it all works as well.
 */
static void
hear_hosts_alone(const hb_medium *medium)
{
	struct sock_filter code[HB_ICMP_HOSTS_MAX * 9 + 1];
	unsigned int n_words = ADDRESS_WORDS(medium->family);
	uint32_t at = (uint32_t)SKF_NET_OFF + (medium->family == AF_INET6 ? 8 : 12);
	unsigned int n = 0;

	for (unsigned int i = 0; i < medium->n_hosts; i++) {
		const hb_sock_address *host = &medium->host[i];
		const void *address = medium->family == AF_INET6 ? (const void *)&host->v6.sin6_addr
		                                                 : (const void *)&host->v4.sin_addr;

		for (unsigned int w = 0; w < n_words; w++) {
			uint32_t word;

			memcpy(&word, (const char *)address + w * sizeof word, sizeof word);
			/* the rest of the words, and the return */
			n += compare(&code[n], at + w * (uint32_t)sizeof word, ntohl(word), 2 * (n_words - 1 - w) + 1);
		}
		code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, UINT32_MAX);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);

	const struct sock_fprog program = { .len = (unsigned short)n, .filter = code };

	(void)setsockopt(medium->fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

int
hb_icmp_open(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX])
{
	hb_icmp_shut(medium);
	medium->fd = fd;
	medium->has_answer = 0;
	/* In host byte order, as 3.0.6 has it; a new process must not take its predecessor's answers. */
	medium->id = (uint16_t)getpid();
	if (hb_sock_receiver(fd, err) == 0 && resolve_scopes(medium, err) == 0) {
		hb_sock_prefer(fd);
		if (hear_replies_alone(fd, medium->family) == 0) {
			hear_hosts_alone(medium);
			return 0;
		}
		hb_media_fail(err, "cannot set the ICMP filter for %.80s: %s", medium->name, strerror(errno));
	}
	hb_icmp_shut(medium);
	return -1;
}

int
hb_icmp_poll_fd(const hb_medium *medium)
{
	return medium->fd;
}

/* Where the ICMP header begins, or -1. */
static ssize_t
find_icmp(int family, const uint8_t *pkt, size_t len)
{
	size_t ip_len;

	if (family == AF_INET6)
		return 0;
	if (len < sizeof(struct iphdr))
		return -1;
	ip_len = (size_t)(pkt[0] & 0x0f) * 4;
	return ip_len < sizeof(struct iphdr) || len < ip_len ? -1 : (ssize_t)ip_len;
}

ssize_t
hb_icmp_payload(int family, uint16_t id, const uint8_t *pkt, size_t len, uint16_t *ret_seq)
{
	uint8_t reply = family == AF_INET6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY;
	ssize_t at = find_icmp(family, pkt, len);
	echo_header echo;

	if (at < 0 || len - (size_t)at < sizeof echo)
		return -1;
	memcpy(&echo, pkt + at, sizeof echo);
	if (echo.type != reply || echo.code != 0 || echo.id != id)
		return -1;
	*ret_seq = ntohs(echo.seq);
	return at + (ssize_t)sizeof echo;
}

static int
is_same_host(const hb_sock_address *a, const hb_sock_address *b)
{
	if (a->any.sa_family == AF_INET6)
		return memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr) == 0 &&
		       (a->v6.sin6_scope_id == 0 || a->v6.sin6_scope_id == b->v6.sin6_scope_id);
	return a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
}

static int
is_host(const hb_medium *medium, const hb_sock_address *from)
{
	for (unsigned int i = 0; i < medium->n_hosts; i++)
		if (is_same_host(&medium->host[i], from))
			return 1;
	return 0;
}

/* Of a group's answers the first of each round is enough. */
static int
is_news(hb_medium *medium, uint16_t seq)
{
	if (medium->n_hosts > 1 && medium->has_answer && medium->answered == seq)
		return 0;
	medium->has_answer = 1;
	medium->answered = seq;
	return 1;
}

ssize_t
hb_icmp_read(hb_medium *medium, void *buf, size_t buf_len)
{
	static uint8_t pkt[PACKET_MAX];

	for (int i = 0; i < SKIPS_MAX; i++) {
		hb_sock_address from = { .any.sa_family = AF_UNSPEC };
		uint16_t seq;
		ssize_t len = hb_sock_read(medium->fd, pkt, sizeof pkt, &from);
		ssize_t at;

		if (len < 0)
			return len;
		at = hb_icmp_payload(medium->family, medium->id, pkt, (size_t)len, &seq);
		if (at < 0 || !is_host(medium, &from) || !is_news(medium, seq))
			continue;
		len -= at;
		if ((size_t)len > buf_len)
			len = (ssize_t)buf_len;
		memcpy(buf, pkt + at, (size_t)len);
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
send_to(int fd, const hb_sock_address *host, struct iovec part[2])
{
	struct msghdr msg = { .msg_name = (void *)(uintptr_t)host, .msg_namelen = hb_sock_address_len(host),
		              .msg_iov = part, .msg_iovlen = 2 };

	return sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? -errno : 0;
}

/* Of a group one host that can be sent to is enough. */
int
hb_icmp_write(hb_medium *medium, const void *buf, size_t len)
{
	echo_header echo = { .type = medium->family == AF_INET6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO };
	struct iovec part[2] = {
		{ .iov_base = &echo, .iov_len = sizeof echo },
		{ .iov_base = (void *)(uintptr_t)buf, .iov_len = len },
	};
	int result = -EDESTADDRREQ;

	if (medium->fd < 0)
		return -ENOTCONN;
	if (len > PACKET_MAX)   /* and the sum cannot overflow */
		return -EMSGSIZE;
	echo.id = medium->id;
	echo.seq = htons(medium->seq++);
	if (medium->family == AF_INET)  /* the kernel does it for ICMPv6 */
		echo.checksum = checksum(part);
	for (unsigned int i = 0; i < medium->n_hosts; i++) {
		int done = send_to(medium->fd, &medium->host[i], part);

		if (i == 0 || done == 0)
			result = done;
	}
	return result;
}
