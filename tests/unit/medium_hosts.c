/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE
#include "medium_hosts.h"

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/banned.h"

#define WAIT_MS 10000

static int hosts[MEDIUM_N_HOSTS] = { -1, -1 };
static gboolean has_hosts;

gboolean
medium_hosts_has_hosts(void)
{
	if (!has_hosts)
		g_test_skip("network namespaces cannot be made here");
	return has_hosts;
}

void
medium_hosts_enter(guint host)
{
	if (hosts[host] < 0)    /* terminals are where they are */
		return;
	g_assert_cmpint(setns(hosts[host], CLONE_NEWNET), ==, 0);
}

static gboolean
run(const char *command)
{
	int status = -1;

	return g_spawn_command_line_sync(command, NULL, NULL, &status, NULL) &&
	       g_spawn_check_wait_status(status, NULL);
}

void
medium_hosts_run(guint host, const char *command)
{
	medium_hosts_enter(host);
	if (!run(command))
		g_error("failed: %s", command);
}

/* Until the kernel has noticed the cable, up to a second after both ends are up, it throws away what is sent. */
static gboolean
await_carrier(const char *name)
{
	g_autofree char *show = g_strdup_printf("ip link show dev %s", name);
	gint64 end_us = g_get_monotonic_time() + (gint64)WAIT_MS * 1000;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq ifr = { 0 };

	g_strlcpy(ifr.ifr_name, name, sizeof ifr.ifr_name);
	while (ioctl(fd, SIOCGIFFLAGS, &ifr) == 0 && (ifr.ifr_flags & IFF_RUNNING) == 0 && g_get_monotonic_time() < end_us)
		g_usleep(5000);
	(void)close(fd);
	/* It sends when the work is over that has set the flag; this waits for its lock. */
	return (ifr.ifr_flags & IFF_RUNNING) != 0 && run(show);
}

/* A veth pair with both ends here: not every kernel has dummy interfaces. */
void
medium_hosts_add_link(guint host, const char *name, const char *address)
{
	g_autofree char *link = g_strdup_printf("ip link add %s type veth peer name %sx", name, name);
	g_autofree char *near_up = g_strdup_printf("ip link set %s up", name);
	g_autofree char *far_up = g_strdup_printf("ip link set %sx up", name);
	g_autofree char *add = g_strdup_printf("ip address add %s dev %s", address != NULL ? address : "", name);

	medium_hosts_run(host, link);
	medium_hosts_run(host, near_up);
	medium_hosts_run(host, far_up);
	if (address != NULL)
		medium_hosts_run(host, add);
	g_assert_true(await_carrier(name));
}

void
medium_hosts_remove_link(guint host, const char *name)
{
	g_autofree char *command = g_strdup_printf("ip link delete %s", name);

	medium_hosts_run(host, command);
}

static gboolean
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	gssize done = fd < 0 ? -1 : write(fd, text, strlen(text));

	if (fd >= 0)
		(void)close(fd);
	return done == (gssize)strlen(text);
}

/* Becomes root of a user namespace of its own, if it is not root already. */
static gboolean
get_rights(void)
{
	g_autofree char *uids = g_strdup_printf("0 %u 1", (guint)geteuid());
	g_autofree char *gids = g_strdup_printf("0 %u 1", (guint)getegid());

	if (geteuid() == 0)
		return TRUE;
	return unshare(CLONE_NEWUSER) == 0 && put("/proc/self/setgroups", "deny") &&
	       put("/proc/self/uid_map", uids) && put("/proc/self/gid_map", gids);
}

static gboolean
make_host(guint host)
{
	if (unshare(CLONE_NEWNET) < 0)
		return FALSE;
	hosts[host] = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	return hosts[host] >= 0 && run("ip link set lo up");
}

/* Unlike those of IPv4 they are lost whenever the interface goes down. */
gboolean
medium_hosts_address_v6(guint host)
{
	g_autofree char *wide = g_strdup_printf("ip address replace fd77::%u/64 nodad dev " MEDIUM_DEVICE, host + 1);
	g_autofree char *link = g_strdup_printf("ip address replace fe80::%u/64 nodad dev " MEDIUM_DEVICE, host + 1);

	medium_hosts_enter(host);
	return run(wide) && run(link);
}

static gboolean
address_host(guint host, const char *address)
{
	g_autofree char *add = g_strdup_printf("ip address add %s/24 dev " MEDIUM_DEVICE, address);

	medium_hosts_enter(host);
	/* Nothing on the cable but what the tests send. */
	(void)run("ip link set " MEDIUM_DEVICE " addrgenmode none");
	return run(add) && run("ip link set " MEDIUM_DEVICE " up") && medium_hosts_address_v6(host);
}

static gboolean
make_all(void)
{
	g_autofree char *cable = NULL;

	if (!get_rights() || !make_host(0) || !make_host(1))
		return FALSE;
	cable = g_strdup_printf("ip link add " MEDIUM_DEVICE " type veth peer name " MEDIUM_DEVICE
	                        " netns /proc/%d/fd/%d", (int)getpid(), hosts[0]);
	if (!run(cable) || !address_host(0, MEDIUM_ADDRESS_0) || !address_host(1, MEDIUM_ADDRESS_1))
		return FALSE;
	for (guint host = 0; host < MEDIUM_N_HOSTS; host++) {
		medium_hosts_enter(host);
		if (!await_carrier(MEDIUM_DEVICE))
			return FALSE;
	}
	return TRUE;
}

void
medium_hosts_make(gboolean has_cable)
{
	has_hosts = !has_cable || make_all();
}
