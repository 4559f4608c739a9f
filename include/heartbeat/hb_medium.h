/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hb_medium.h - interface of a medium plugin: one way for packets to other nodes.
 *
 * A plugin is one shared object NAME.so in the directory HBcomm; its existence makes NAME a legal
 * word of ha.cf. It exports one symbol, hb_medium_plugin. All calls are non-blocking; the host owns
 * the loop and the descriptors' readiness. A plugin includes this header and libc, nothing else.
 */
#ifndef HB_MEDIUM_H
#define HB_MEDIUM_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HB_MEDIUM_ABI 2
#define HB_MEDIUM_ERR_MAX 256

typedef struct hb_medium hb_medium;     /* one line of ha.cf, parsed; the plugin's own */

/* A privileged descriptor the medium needs; the root process opens it, from these values alone.
 * Every name and number must stand in the medium's own line of ha.cf or be the port or speed given to parse(). */
typedef enum {
	HB_WANT_NONE = 0,
	HB_WANT_UDP = 1,        /* socket family, bound to port [address] [on device] */
	HB_WANT_ICMP = 2,       /* raw ICMP or ICMPv6 socket */
	HB_WANT_TTY = 3
} hb_medium_want_kind;

typedef struct {
	int kind;               /* hb_medium_want_kind */
	int family;             /* AF_INET, AF_INET6 */
	uint16_t port;          /* UDP: port to bind */
	char device[64];        /* interface to bind to; "" none. TTY: unused */
	char address[64];       /* UDP: local address or group to bind; "" any */
	char path[256];         /* TTY */
	uint32_t baud;          /* TTY */
	int reuse_port;         /* UDP: SO_REUSEPORT as well */
} hb_medium_want;

typedef struct {
	uint16_t udpport;       /* in force at that line */
	uint32_t baud;
} hb_medium_defaults;

#define HB_MEDIUM_PING       1u /* answers are about the far end itself (ICMP), carries no heartbeats */
#define HB_MEDIUM_STRING     4u /* string framing only (serial) */

typedef struct {
	uint32_t abi;                   /* HB_MEDIUM_ABI */
	const char *name;               /* as in ha.cf */
	uint32_t flags;
	/* How the words of a line are cut: 1: each word is a medium of its own (bcast eth0 eth1), 0: the line is one. */
	int word_each;

	/* Checks the words (rest of the line), without touching the machine but for name look-ups.
	 * NULL: @err says what is wrong and what to write. Free with close(). */
	hb_medium *(*parse)(const char *words, const hb_medium_defaults *defaults, char err[HB_MEDIUM_ERR_MAX]);
	/* Short name of the link ("eth0") and of the far end for ping media ("10.0.0.254", else NULL). */
	const char *(*link_name)(const hb_medium *medium);
	const char *(*far_name)(const hb_medium *medium);
	/* What to have opened; *want is zeroed before. */
	void (*wants)(const hb_medium *medium, hb_medium_want *want);
	/* Takes over @fd (opened as wanted, or -1 for HB_WANT_NONE) and makes ready. 0, or -1 with @err
	 * (the interface may be missing now; the host tries again), and then @fd is closed. A second open()
	 * after shut() is legal. */
	int (*open)(hb_medium *medium, int fd, char err[HB_MEDIUM_ERR_MAX]);
	/* Descriptor to wait for readability, -1 when not open. */
	int (*poll_fd)(const hb_medium *medium);
	/* One packet into @buf: its length; -1 none is waiting (of a stream, HB_MEDIUM_STRING, one may be incomplete
	 * yet); -2 the medium is broken (host shuts and reopens).
	 * A packet too long for @buf fills it and loses its end: offer one octet more than the longest legal one. */
	ssize_t (*read)(hb_medium *medium, void *buf, size_t buf_len);
	/* Sends one packet. 0, or -errno. Never blocks. For HB_MEDIUM_PING the host passes the payload of the request. */
	int (*write)(hb_medium *medium, const void *buf, size_t len);
	/* NULL where write() sends at once. Else the host calls it after each write(), and again after so many ms as it
	 * returns: it sends what may go now. 0: nothing waits; -errno: it cannot go. */
	int (*flush)(hb_medium *medium);
	void (*shut)(hb_medium *medium);        /* closes descriptors; parse() results stay */
	void (*close)(hb_medium *medium);       /* frees all; NULL is allowed */
} hb_medium_ops;

/* the one exported symbol: extern const hb_medium_ops hb_medium_plugin; */

#ifdef __cplusplus
}
#endif
#endif
