/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ldchecks.c - what the checks of ldirectord cost, and how soon they see a death: schedule and checker as the
 * daemon runs them, against servers on the loopback of a network of its own. As root.
 *
 *   ldchecks [connect|http [TARGETS [SILENT [SECONDS]]]]
 *
 * TARGETS are checked each second, SILENT more never answer. Meanwhile VICTIMS servers are killed, one after the other. Beside it
 * stands what the bare system calls of a connection cost, done in a loop: no checker that makes one and throws it away can be
 * cheaper.
 */
#define _GNU_SOURCE     /* unshare(), accept4() */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ldirectord/check/checker.h"
#include "ldirectord/conf/conf.h"
#include "ldirectord/check/schedule.h"
#include "util/banned.h"
#include "util/time.h"

#define PORT         8080
#define VICTIM_PORT  8081
#define VICTIMS      20
#define EVENTS       256
#define BARE_ROUNDS  20000
#define US_PER_S     1e6

static const char page[] = "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/html\r\nContent-Length: 20\r\n"
	"Connection: close\r\n\r\nTest Page 1234567890";

/* ---- the servers: a process of their own ---- */

static struct sockaddr_in
address(guint32 host, guint16 port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(host) };
}

static int
listener(guint32 host, guint16 port)
{
	struct sockaddr_in addr = address(host, port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	const int on = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (bind(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || listen(fd, 65535) < 0)
		g_error("cannot listen: %s", g_strerror(errno));
	return fd;
}

static guint32
victim_host(guint i)
{
	return 0x7fc80001 + i;  /* 127.200.0.1 and on */
}

static void
watch(int epoll_fd, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	(void)epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static void
serve(int epoll_fd, int fd, gboolean is_http)
{
	const struct linger at_once = { 1, 0 };

	for (guint i = 0; i < EVENTS; i++) {
		int client = accept4(fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (client < 0)
			return;
		if (is_http) {
			watch(epoll_fd, client);
			continue;
		}
		(void)setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
		(void)close(client);
	}
}

static void
answer(int fd)
{
	char request[4096];
	ssize_t n = recv(fd, request, sizeof request, 0);

	if (n > 0)
		(void)send(fd, page, sizeof page - 1, MSG_NOSIGNAL);
	else if (n == 0 || errno != EAGAIN)
		(void)close(fd);
}

/* An octet on @order kills the victim of that number. */
static void
servers(int order, gboolean is_http)
{
	int victims[VICTIMS];
	int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	int main_fd = listener(INADDR_ANY, PORT);
	struct epoll_event events[EVENTS];

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	watch(epoll_fd, order);
	watch(epoll_fd, main_fd);
	for (guint i = 0; i < VICTIMS; i++) {
		victims[i] = listener(victim_host(i), VICTIM_PORT);
		watch(epoll_fd, victims[i]);
	}
	for (;;) {
		int n = epoll_wait(epoll_fd, events, EVENTS, -1);

		for (int i = 0; i < n; i++) {
			int fd = events[i].data.fd;
			guint8 number;

			if (fd == order) {
				if (read(order, &number, 1) != 1)
					_exit(0);
				/* not closed: its number would go to a client */
				(void)epoll_ctl(epoll_fd, EPOLL_CTL_DEL, victims[number], NULL);
				(void)shutdown(victims[number], SHUT_RDWR);
			} else if (fd == main_fd || (fd >= victims[0] && fd <= victims[VICTIMS - 1])) {
				serve(epoll_fd, fd, is_http);
			} else {
				answer(fd);
			}
		}
	}
}

/* ---- what is measured ---- */

typedef struct {
	LdirConfig *config;
	LdirSchedule *schedule;
	LdirChecker *checker;
	GArray *effects;
	guint n_targets;        /* the victims are the last servers of the first service */
	guint64 n_checks, n_good, n_bad;
	gint64 killed_ms[VICTIMS], seen_ms[VICTIMS];
	guint n_left;           /* without a first verdict */
	gboolean *has_verdict;
	gint64 all_ms;          /* when the last first verdict of those that answer had come */
} Bench;

static LdirConfig *
configuration(gboolean is_http, guint n_targets, guint n_silent)
{
	g_autoptr(GString) text = g_string_new("checkinterval=1\nchecktimeout=3\nvirtual=10.0.0.1:80\n");
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(GBytes) bytes = NULL;
	LdirConfig *config;

	g_string_append(text, is_http ? "\tservice=http\n\treceive=\"Test Page\"\n" : "\tchecktype=connect\n");
	for (guint i = 0; i < n_targets + n_silent + VICTIMS; i++) {
		gboolean is_silent = i >= n_targets && i < n_targets + n_silent;
		guint32 host = i < n_targets ? 0x7f010001 + i : is_silent ? 0x0a630101 + i - n_targets : victim_host(i - n_targets - n_silent);

		g_string_append_printf(text, "\treal=%u.%u.%u.%u:%u masq\n", host >> 24, host >> 16 & 255, host >> 8 & 255, host & 255,
		                       i < n_targets + n_silent ? PORT : VICTIM_PORT);
	}
	bytes = g_bytes_new(text->str, text->len);
	config = ldir_conf_parse(&(LdirConfInput){ .bytes = bytes, .lookup = &ldir_lookup_system }, problems);
	g_assert(config != NULL);
	return config;
}

static void
carry_out(Bench *bench)
{
	guint first_victim = ((LdirVirtual *)bench->config->virtuals->pdata[0])->reals->len - VICTIMS;

	for (guint i = 0; i < bench->effects->len; i++) {
		const LdirScheduleEffect *fx = &g_array_index(bench->effects, LdirScheduleEffect, i);

		if (fx->kind == LDIR_SCHEDULE_START) {
			ldir_checker_start(bench->checker, fx->id, bench->config, fx->vs, fx->real, fx->check, NULL);
			continue;
		}
		bench->n_checks++;
		if (fx->is_good)
			bench->n_good++;
		else
			bench->n_bad++;
		if (fx->is_good && !bench->has_verdict[fx->server]) {
			bench->has_verdict[fx->server] = TRUE;
			if (--bench->n_left == 0)
				bench->all_ms = hb_time_now_ms();
		}
		if (!fx->is_good && fx->server >= first_victim && bench->seen_ms[fx->server - first_victim] == 0)
			bench->seen_ms[fx->server - first_victim] = hb_time_now_ms();
	}
	g_array_set_size(bench->effects, 0);
}

static void
on_verdict(guint64 id, gboolean is_good, const char *why, gpointer user)
{
	Bench *bench = user;
	const LdirSaid said = ldir_checker_said(bench->checker);

	ldir_schedule_done(bench->schedule, id, is_good, why, &said, hb_time_now_ms(), bench->effects);
	carry_out(bench);
}

static void
turn(Bench *bench)
{
	struct pollfd poll_fd = { ldir_checker_fd(bench->checker), POLLIN, 0 };
	gint64 due_ms = MIN(ldir_checker_deadline_ms(bench->checker), ldir_schedule_wake_ms(bench->schedule));

	(void)poll(&poll_fd, 1, (int)CLAMP(due_ms - hb_time_now_ms(), 0, 50));
	ldir_checker_run(bench->checker, hb_time_now_ms());
	ldir_schedule_time(bench->schedule, hb_time_now_ms(), bench->effects);
	carry_out(bench);
}

static double
cpu_us(void)
{
	struct rusage used;

	(void)getrusage(RUSAGE_SELF, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * US_PER_S + (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static double
rss_kib(void)
{
	g_autofree char *text = NULL;
	const char *line;

	if (!g_file_get_contents("/proc/self/status", &text, NULL, NULL) || (line = strstr(text, "VmRSS:")) == NULL)
		return 0;
	return g_ascii_strtod(line + 6, NULL);
}

/* Connections as short as they can be: socket, connect, close by RST. */
static double
bare_us(void)
{
	const struct linger at_once = { 1, 0 };
	double before = cpu_us();

	for (guint i = 0; i < BARE_ROUNDS; i++) {
		struct sockaddr_in addr = address(0x7f010001 + i % 250, PORT);
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		(void)connect(fd, (struct sockaddr *)&addr, sizeof addr);
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
		(void)close(fd);
	}
	return (cpu_us() - before) / BARE_ROUNDS;
}

static int
by_size(gconstpointer a, gconstpointer b)
{
	const gint64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
report_deaths(const Bench *bench)
{
	gint64 delays[VICTIMS];
	guint n = 0;

	for (guint i = 0; i < VICTIMS; i++)
		if (bench->killed_ms[i] > 0 && bench->seen_ms[i] > 0)
			delays[n++] = bench->seen_ms[i] - bench->killed_ms[i];
	qsort(delays, n, sizeof delays[0], by_size);
	if (n > 0)
		printf("  death to verdict, interval 1 s: %" G_GINT64_FORMAT " / %" G_GINT64_FORMAT " / %" G_GINT64_FORMAT
		       " ms (min, median, max of %u)\n", delays[0], delays[n / 2], delays[n - 1], n);
}

static void
measure(const char *kind, guint n_targets, guint n_silent, guint seconds, int order)
{
	gboolean is_http = strcmp(kind, "http") == 0;
	Bench bench = { .n_targets = n_targets, .effects = ldir_schedule_effects_new() };
	double rss = rss_kib(), before, spent;
	double bare = bare_us();
	gint64 start_ms, steady_ms = 0, end_ms;
	guint64 checks_before = 0;
	guint n_killed = 0;

	bench.config = configuration(is_http, n_targets, n_silent);
	bench.has_verdict = g_new0(gboolean, n_targets + n_silent + VICTIMS);
	bench.n_left = n_targets + VICTIMS;
	bench.checker = ldir_checker_new(on_verdict, &bench);
	bench.schedule = ldir_schedule_new(bench.config, NULL);
	start_ms = hb_time_now_ms();
	ldir_schedule_start(bench.schedule, start_ms, bench.effects);
	carry_out(&bench);
	before = cpu_us();
	end_ms = start_ms + (gint64)seconds * HB_MS_PER_S;
	while (hb_time_now_ms() < end_ms) {
		turn(&bench);
		if (steady_ms == 0 && bench.all_ms > 0 && hb_time_now_ms() > start_ms + HB_MS_PER_S) {
			steady_ms = hb_time_now_ms();
			before = cpu_us();
			checks_before = bench.n_checks;
		}
		/* at moments that meet each place in the interval */
		if (steady_ms > 0 && n_killed < VICTIMS &&
		    hb_time_now_ms() > steady_ms + (end_ms - steady_ms - 2 * HB_MS_PER_S) * n_killed / VICTIMS) {
			guint8 number = (guint8)n_killed;

			bench.killed_ms[n_killed++] = hb_time_now_ms();
			if (write(order, &number, 1) != 1)
				g_error("no servers");
		}
	}
	spent = cpu_us() - before;
	printf("%s, %u targets and %u silent ones, each second:\n", kind, n_targets, n_silent);
	printf("  all first verdicts after %" G_GINT64_FORMAT " ms\n", bench.all_ms - start_ms);
	if (steady_ms > 0 && bench.n_checks > checks_before) {
		double n = (double)(bench.n_checks - checks_before);
		double elapsed = (double)(end_ms - steady_ms) / HB_MS_PER_S;

		printf("  %.0f checks a second, %.1f us of processor time each (bare connections: %.1f us), %.0f %% of a core\n",
		       n / elapsed, spent / n, bare, spent / elapsed / US_PER_S * 100);
		printf("  that is %.0f %% of a core for %u a second, where bare connections would take %.0f %%\n",
		       spent / n * n_targets / US_PER_S * 100, n_targets, bare * n_targets / US_PER_S * 100);
	}
	report_deaths(&bench);
	printf("  %.2f KiB of memory for each server\n", (rss_kib() - rss) / (n_targets + n_silent));
	ldir_checker_free(bench.checker);
	ldir_schedule_free(bench.schedule);
	ldir_config_free(bench.config);
	g_array_unref(bench.effects);
	g_free(bench.has_verdict);
}

/* In a network with a loopback, and a cable on which nobody answers. */
static gboolean
make_world(void)
{
	static const char *const commands[] = {
		"ip link set lo up", "ip link add silent0 type veth peer name silent1", "ip link set silent0 arp off up",
		"ip link set silent1 up", "ip address add 10.99.0.1/16 dev silent0",
	};

	if (unshare(CLONE_NEWNET) < 0)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(commands); i++) {
		int status = -1;

		if (!g_spawn_command_line_sync(commands[i], NULL, NULL, &status, NULL) || status != 0)
			return FALSE;
	}
	return TRUE;
}

static void
run(const char *kind, guint n_targets, guint n_silent, guint seconds)
{
	int ends[2];
	pid_t pid;

	fflush(stdout);
	if (pipe(ends) < 0)
		g_error("no pipe");
	pid = fork();
	if (pid == 0) {
		(void)close(ends[1]);
		servers(ends[0], strcmp(kind, "http") == 0);
	}
	(void)close(ends[0]);
	g_usleep(200000);       /* they listen by then, or the first verdicts come a second later */
	measure(kind, n_targets, n_silent, seconds, ends[1]);
	(void)close(ends[1]);
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);    /* the next ones need its ports */
}

int
main(int argc, char **argv)
{
	if (!make_world()) {
		fputs("ldchecks: needs root, and a network of its own\n", stderr);
		return 1;
	}
	(void)signal(SIGCHLD, SIG_IGN);
	if (argc > 1) {
		run(argv[1], argc > 2 ? (guint)strtoul(argv[2], NULL, 10) : 1000, argc > 3 ? (guint)strtoul(argv[3], NULL, 10) : 0,
		    argc > 4 ? (guint)strtoul(argv[4], NULL, 10) : 20);
		return 0;
	}
	run("connect", 1000, 0, 20);
	run("connect", 5000, 500, 20);
	run("connect", 30000, 0, 20);
	run("http", 1000, 100, 20);
	run("http", 5000, 0, 20);
	return 0;
}
