/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* syslog_out.c - datagrams to the syslog daemon. */
#include "log/syslog_out.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "util/fd.h"

#include "util/banned.h"

static const struct {
	const char *name;
	int code;
} facilities[] = {
	{ "kern", 0 },    { "user", 1 },    { "mail", 2 },    { "daemon", 3 },  { "auth", 4 }, { "security", 4 },
	{ "syslog", 5 },  { "lpr", 6 },     { "news", 7 },    { "uucp", 8 },    { "cron", 9 },
	{ "authpriv", 10 }, { "ftp", 11 },  { "local0", 16 }, { "local1", 17 }, { "local2", 18 },
	{ "local3", 19 }, { "local4", 20 }, { "local5", 21 }, { "local6", 22 }, { "local7", 23 },
};

static struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
static int sock = -1;

int
hb_syslog_facility(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(facilities); i++)
		if (g_ascii_strcasecmp(name, facilities[i].name) == 0)
			return facilities[i].code;
	return -1;
}

void
hb_syslog_set_path(const char *path)
{
	hb_syslog_shut();
	g_strlcpy(address.sun_path, path, sizeof address.sun_path);
}

void
hb_syslog_shut(void)
{
	if (sock >= 0)
		hb_fd_close(sock);
	sock = -1;
}

static gboolean
reach(void)
{
	if (sock >= 0)
		return TRUE;
	sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (sock < 0)
		return FALSE;
	if (connect(sock, (const struct sockaddr *)&address, sizeof address) == 0)
		return TRUE;
	hb_syslog_shut();
	return FALSE;
}

gboolean
hb_syslog_send(const char *datagram)
{
	/* The second try is for a daemon that was restarted since the last line. */
	for (guint try = 0; try < 2 && reach(); try++) {
		if (send(sock, datagram, strlen(datagram), MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
			return TRUE;
		if (errno == EAGAIN || errno == ENOBUFS || errno == EMSGSIZE)
			return FALSE;
		hb_syslog_shut();
	}
	return FALSE;
}
