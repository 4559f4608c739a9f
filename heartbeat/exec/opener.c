/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "exec/opener.h"
#include "exec/ttylock.h"
#include "heartbeat/hb_medium.h"
#include "util/fd.h"

#include "util/banned.h"

#define LOCK_DIR "/run/lock"

typedef int OpenFunc(const HbChannelMsg *msg);

/* The address to bind to; FALSE with errno: it is none. */
static gboolean
fill_address(const HbChannelMsg *msg, struct sockaddr_storage *addr, socklen_t *len)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)addr;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)addr;
	const char *text = msg->u.open.address;
	gboolean ok;

	memset(addr, 0, sizeof *addr);
	addr->ss_family = (sa_family_t)msg->u.open.family;
	if (msg->u.open.family == AF_INET) {
		v4->sin_port = g_htons(msg->u.open.port);
		ok = *text == '\0' || inet_pton(AF_INET, text, &v4->sin_addr) == 1;
		*len = sizeof *v4;
	} else {
		v6->sin6_port = g_htons(msg->u.open.port);
		ok = *text == '\0' || inet_pton(AF_INET6, text, &v6->sin6_addr) == 1;
		if (IN6_IS_ADDR_LINKLOCAL(&v6->sin6_addr) || IN6_IS_ADDR_MC_LINKLOCAL(&v6->sin6_addr))
			v6->sin6_scope_id = if_nametoindex(msg->u.open.device);
		*len = sizeof *v6;
	}
	if (!ok)
		errno = EINVAL;
	return ok;
}

static int
open_udp(const HbChannelMsg *msg)
{
	g_auto(HbFd) fd = socket(msg->u.open.family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	const char *device = msg->u.open.device;
	struct sockaddr_storage addr;
	socklen_t len;
	int on = 1;

	if (fd < 0 || !fill_address(msg, &addr, &len))
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0)
		return -1;
	if (msg->u.open.reuse_port && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) < 0)
		return -1;
	if (msg->u.open.family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) < 0)
		return -1;
	if (*device != '\0' && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device) + 1) < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&addr, len) < 0)
		return -1;
	return hb_fd_steal(&fd);
}

static int
open_icmp(const HbChannelMsg *msg)
{
	int protocol = msg->u.open.family == AF_INET6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	g_auto(HbFd) fd = socket(msg->u.open.family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
	const char *device = msg->u.open.device;

	if (fd < 0)
		return -1;
	if (*device != '\0' && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device) + 1) < 0)
		return -1;
	return hb_fd_steal(&fd);
}

static int
open_tty(const HbChannelMsg *msg)
{
	/* Non-blocking also keeps the open itself from waiting for a carrier. */
	g_auto(HbFd) fd = open(msg->u.open.path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (!isatty(fd)) {
		errno = ENOTTY;
		return -1;
	}
	if (!hb_ttylock_take(LOCK_DIR, msg->u.open.path))
		return -1;
	return hb_fd_steal(&fd);
}

static void
describe(const HbChannelMsg *msg, int err, char text[256])
{
	const char *device = msg->u.open.device, *address = msg->u.open.address;

	switch (msg->u.open.kind) {
	case HB_WANT_UDP:
		g_snprintf(text, 256, "cannot bind UDP port %u%s%s%s%s: %s", msg->u.open.port,
		           *address != '\0' ? " to " : "", address, *device != '\0' ? " on " : "", device,
		           g_strerror(err));
		break;
	case HB_WANT_ICMP:
		g_snprintf(text, 256, "cannot open an ICMP socket%s%s: %s", *device != '\0' ? " on " : "", device,
		           g_strerror(err));
		break;
	default:
		g_snprintf(text, 256, "cannot open %.150s: %s%s", msg->u.open.path, g_strerror(err),
		           err == EBUSY ? " (its lock is in " LOCK_DIR ")" : "");
		break;
	}
}

int
hb_opener_open(const HbChannelMsg *msg, char ret_text[256])
{
	static OpenFunc *const kinds[] = {
		[HB_WANT_UDP] = open_udp, [HB_WANT_ICMP] = open_icmp, [HB_WANT_TTY] = open_tty
	};
	int fd, err;

	g_assert(msg->u.open.kind > HB_WANT_NONE && msg->u.open.kind <= HB_WANT_TTY);
	fd = kinds[msg->u.open.kind](msg);
	err = errno;
	ret_text[0] = '\0';
	if (fd < 0)
		describe(msg, err, ret_text);
	errno = err;
	return fd;
}
