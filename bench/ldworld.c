/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ldworld.c - what bench/ldirectord puts around the programs that it measures.
 *
 *   ldworld servers A.B.C.D N PORT  N servers, each at an address of its own from A.B.C.D on; they answer a request with a page
 *           and end when the client does. Commands on the standard input, one a line: "down I", "up I" (each answered with
 *           "I MICROSECONDS" of the monotonic clock), "count" (how many connections have come since the beginning, those that
 *           were reset in place of being acknowledged with them), "asked" ("N MICROSECONDS": the same, and when there were as many
 *           as servers for the first time: where each is asked once a second, and it is no longer, all have been asked then)
 *   ldworld bare A.B.C.D N PORT     microseconds of processor time that a bare connection costs (socket, connect, close by RST)
 *   ldworld watch MS    what /proc/net/ip_vs gets and loses, looked at each MS milliseconds: lines "+A.B.C.D", "-A.B.C.D"
 *   ipvsadm ARGUMENTS   as one called so, with the table in the directory $LDWORLD_IPVS (ldirectord/ipvs/ipvs_dry.c)
 */
#define _GNU_SOURCE     /* accept4() */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ldirectord/ipvs/ipvs_text.h"
#include "util/banned.h"

#define EVENTS      256
#define ORDER_ID    G_MAXUINT32          /* in events: the standard input */
#define CLIENT_ID   (G_GUINT64_CONSTANT(1) << 32)        /* and on: a client, its descriptor below */
#define FILES_MAX   65536
#define BARE_ROUNDS 20000
#define LOOK_MS     5            /* at the counters of the kernel, until all have been asked */

static const char page[] = "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html\r\nContent-Length: 20\r\n"
	"Connection: close\r\n\r\nTest Page 1234567890";

/* ---- servers ---- */

typedef struct {
	int epoll_fd;
	guint32 first;          /* address of number 0 */
	guint16 port;
	guint n;
	int *listeners;         /* -1: down */
	guint64 n_served;       /* accepted */
	guint64 n_reset_before; /* in this network, before the first */
	gint64 asked_us;        /* as many have come as there are servers; 0: not yet */
} Servers;

static void
watch_fd(Servers *servers, int fd, guint64 id)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = id };

	if (epoll_ctl(servers->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0)
		g_error("cannot watch: %s", g_strerror(errno));
}

static void
listen_at(Servers *servers, guint i)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = htons(servers->port), .sin_addr.s_addr = htonl(servers->first + i),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	const int on = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(fd, 1024) < 0)
		g_error("cannot listen: %s", g_strerror(errno));
	servers->listeners[i] = fd;
	watch_fd(servers, fd, i);
}

/* Connections that were reset before they were complete, in this network (/proc/net/netstat: names, and in the next line numbers) */
static guint64
n_reset(void)
{
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL, names = NULL, numbers = NULL;

	if (!g_file_get_contents("/proc/self/net/netstat", &text, NULL, NULL))
		g_error("no /proc/self/net/netstat");
	lines = g_strsplit(text, "\n", 3);
	names = g_strsplit(lines[0], " ", -1);
	numbers = g_strsplit(lines[1] != NULL ? lines[1] : "", " ", -1);
	for (guint i = 0; names[i] != NULL && numbers[i] != NULL; i++)
		if (strcmp(names[i], "EmbryonicRsts") == 0)
			return g_ascii_strtoull(numbers[i], NULL, 10);
	g_error("no EmbryonicRsts in /proc/self/net/netstat");
}

static guint64
n_come(const Servers *servers)
{
	return servers->n_served + n_reset() - servers->n_reset_before;
}

static void
look_whether_all_are_asked(Servers *servers)
{
	if (servers->asked_us == 0 && n_come(servers) >= servers->n)
		servers->asked_us = g_get_monotonic_time();
}

static void
serve(Servers *servers, guint i)
{
	int client = accept4(servers->listeners[i], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (client < 0)
		return;
	servers->n_served++;
	watch_fd(servers, client, CLIENT_ID | (guint)client);
}

static void
answer(int fd)
{
	char request[4096];
	ssize_t got = recv(fd, request, sizeof request, 0);

	if (got > 0)
		(void)send(fd, page, sizeof page - 1, MSG_NOSIGNAL);
	else if (got == 0 || errno != EAGAIN)
		(void)close(fd);
}

static void
obey(Servers *servers, const char *line)
{
	guint i = 0;

	if (strcmp(line, "count") == 0) {
		printf("%" G_GUINT64_FORMAT "\n", n_come(servers));
	} else if (strcmp(line, "asked") == 0) {
		printf("%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT "\n", n_come(servers), servers->asked_us);
	} else if (sscanf(line, "down %u", &i) == 1 && i < servers->n && servers->listeners[i] >= 0) {
		(void)close(servers->listeners[i]);
		servers->listeners[i] = -1;
		printf("%u %" G_GINT64_FORMAT "\n", i, g_get_monotonic_time());
	} else if (sscanf(line, "up %u", &i) == 1 && i < servers->n && servers->listeners[i] < 0) {
		listen_at(servers, i);
		printf("%u %" G_GINT64_FORMAT "\n", i, g_get_monotonic_time());
	} else {
		printf("what is %s?\n", line);
	}
	(void)fflush(stdout);
}

/* The end of the input is that of the servers. */
static void
read_orders(Servers *servers)
{
	static GString *left;
	char text[4096];
	ssize_t got = read(STDIN_FILENO, text, sizeof text);
	char *end;

	if (got <= 0)
		exit(0);
	if (left == NULL)
		left = g_string_new(NULL);
	g_string_append_len(left, text, got);
	while ((end = strchr(left->str, '\n')) != NULL) {
		*end = '\0';
		obey(servers, left->str);
		g_string_erase(left, 0, end - left->str + 1);
	}
}

static void G_GNUC_NORETURN
run_servers(char **argv)
{
	Servers servers = { .port = (guint16)strtoul(argv[2], NULL, 10) };
	struct rlimit files = { FILES_MAX, FILES_MAX };
	struct epoll_event events[EVENTS];

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)setrlimit(RLIMIT_NOFILE, &files);
	servers.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	servers.first = ntohl(inet_addr(argv[0]));
	servers.n = (guint)strtoul(argv[1], NULL, 10);
	servers.listeners = g_new(int, servers.n);
	servers.n_reset_before = n_reset();
	for (guint i = 0; i < servers.n; i++)
		listen_at(&servers, i);
	watch_fd(&servers, STDIN_FILENO, ORDER_ID);
	puts("ready");
	(void)fflush(stdout);
	for (;;) {
		int n = epoll_wait(servers.epoll_fd, events, EVENTS, servers.asked_us == 0 ? LOOK_MS : -1);

		look_whether_all_are_asked(&servers);
		for (int i = 0; i < n; i++) {
			guint64 id = events[i].data.u64;

			if (id == ORDER_ID)
				read_orders(&servers);
			else if (id >= CLIENT_ID)
				answer((int)(id & G_MAXUINT32));
			else if (servers.listeners[id] >= 0)
				serve(&servers, (guint)id);
		}
	}
}

/* ---- what no checker can be cheaper than ---- */

static double
cpu_us(void)
{
	struct rusage used;

	(void)getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static int
run_bare(char **argv)
{
	const struct linger at_once = { 1, 0 };
	guint32 first = ntohl(inet_addr(argv[0]));
	guint n = (guint)strtoul(argv[1], NULL, 10);
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons((guint16)strtoul(argv[2], NULL, 10)) };
	double before = cpu_us();

	for (guint i = 0; i < BARE_ROUNDS; i++) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		addr.sin_addr.s_addr = htonl(first + i % n);
		(void)connect(fd, (struct sockaddr *)&addr, sizeof addr);
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
		(void)close(fd);
	}
	printf("%.2f\n", (cpu_us() - before) / BARE_ROUNDS);
	return 0;
}

/* ---- the kernel's table, from outside ---- */

/* "  -> 0A420001:0050      Masq    1      0          0": those with weight are in it */
static gboolean
read_dest(const char *line, guint32 *ret_addr)
{
	guint addr, port, weight;
	char method[16];

	if (sscanf(line, " -> %8X:%4X %15s %u", &addr, &port, method, &weight) != 4 || weight == 0)
		return FALSE;
	*ret_addr = addr;
	return TRUE;
}

static void
say(char sign, guint32 addr)
{
	printf("%c%u.%u.%u.%u\n", sign, addr >> 24, addr >> 16 & 255, addr >> 8 & 255, addr & 255);
}

static gboolean
is_stale(gpointer key, gpointer value, gpointer turn)
{
	if (value == turn)
		return FALSE;
	say('-', GPOINTER_TO_UINT(key));
	return TRUE;
}

static void
look(GHashTable *there, guint turn)
{
	FILE *file = fopen("/proc/net/ip_vs", "re");
	char line[256];
	guint32 addr;

	while (file != NULL && fgets(line, sizeof line, file) != NULL) {
		if (!read_dest(line, &addr))
			continue;
		if (!g_hash_table_contains(there, GUINT_TO_POINTER(addr)))
			say('+', addr);
		g_hash_table_insert(there, GUINT_TO_POINTER(addr), GUINT_TO_POINTER(turn));
	}
	if (file != NULL)
		(void)fclose(file);
	(void)g_hash_table_foreach_remove(there, is_stale, GUINT_TO_POINTER(turn));
	(void)fflush(stdout);
}

static void G_GNUC_NORETURN
run_watch(char **argv)
{
	g_autoptr(GHashTable) there = g_hash_table_new(NULL, NULL);
	gulong interval_us = strtoul(argv[0], NULL, 10) * 1000;

	for (guint turn = 1;; turn++) {
		look(there, turn);
		g_usleep(interval_us);
	}
}

/* ---- as ipvsadm ---- */

static void
list_service(const LdirIpvsService *service, gboolean is_thresholds)
{
	g_autofree char *name = ldir_ipvs_key_text(&service->vs.key);

	printf("%s  %s %s\n", service->vs.key.is_mark ? "FWM" : service->vs.key.is_udp ? "UDP" : "TCP", name, service->vs.scheduler);
	for (guint i = 0; i < service->dests->len; i++) {
		const LdirIpvsDest *dest = service->dests->pdata[i];
		g_autofree char *place = ldir_ipvs_dest_text(dest);
		static const char *const methods[] = {
			[LDIR_FORWARD_GATE] = "Route", [LDIR_FORWARD_MASQ] = "Masq", [LDIR_FORWARD_IPIP] = "Tunnel",
		};

		if (is_thresholds)
			printf("  -> %-28s %-10u %-10u %-10u %-10u\n", place, dest->upper, dest->lower, 0, 0);
		else
			printf("  -> %-28s %-7s %-6u %-10u %-10u\n", place, methods[dest->forward], dest->weight, 0, 0);
	}
}

static void
list_table(LdirIpvs *ipvs, gboolean is_thresholds)
{
	g_autoptr(LdirIpvsTable) table = ldir_ipvs_dump(ipvs, NULL);

	puts("IP Virtual Server version 1.2.1 (size=4096)");
	if (is_thresholds)
		puts("Prot LocalAddress:Port            Uthreshold Lthreshold ActiveConn InActConn\n  -> RemoteAddress:Port");
	else
		puts("Prot LocalAddress:Port Scheduler Flags\n  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn");
	for (guint i = 0; table != NULL && i < table->services->len; i++)
		list_service(table->services->pdata[i], is_thresholds);
}

static int
run_ipvsadm(char **argv)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(LdirIpvs) ipvs = ldir_ipvs_dry_new(g_getenv("LDWORLD_IPVS"), &error);
	g_autoptr(GArray) ops = ldir_ipvs_ops_new();
	g_autofree char *line = g_strjoinv(" ", argv);
	LdirIpvsOp op;

	if (ipvs == NULL)
		g_error("%s", error->message);
	if (argv[0] != NULL && strncmp(argv[0], "-L", 2) == 0) {
		list_table(ipvs, strstr(line, "--thresholds") != NULL);
		return 0;
	}
	if (!ldir_ipvs_op_parse(line, &op, &error)) {
		fprintf(stderr, "%s\n", error->message);
		return 2;
	}
	g_array_append_val(ops, op);
	ipvs->back_end->apply(ipvs, ops);
	return g_array_index(ops, LdirIpvsOp, 0).error == 0 ? 0 : 255;
}

int
main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/') != NULL ? strrchr(argv[0], '/') + 1 : argv[0];

	if (strcmp(name, "ipvsadm") == 0)
		return run_ipvsadm(argv + 1);
	if (argc == 5 && strcmp(argv[1], "servers") == 0)
		run_servers(argv + 2);
	if (argc == 5 && strcmp(argv[1], "bare") == 0)
		return run_bare(argv + 2);
	if (argc == 3 && strcmp(argv[1], "watch") == 0)
		run_watch(argv + 2);
	fputs("usage: ldworld servers ADDRESS N PORT, ldworld bare ADDRESS N PORT, ldworld watch MS\n", stderr);
	return 2;
}
