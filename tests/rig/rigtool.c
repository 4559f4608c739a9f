/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rigtool - small helpers for netrig, in one file, libc only.
 *
 *   rigtool init                       pid 1 of a node: reap, power off on TERM
 *   rigtool syslogd FILE               receive /dev/log, append with time stamps
 *   rigtool echo NODE [PORT]           UDP responder, answers with NODE
 *   rigtool probe ...                  availability and dual-active prober
 *   rigtool web PID ADDRESS PORT ...   fetch a page again and again, tell who answers and each gap
 *   rigtool pump PTMX1 LINK1 PTMX2 LINK2 BAUD   null-modem between two ptys
 *   rigtool pipe IF1 IF2 MS [JITTER_MS]         frame pipe with delay
 *   rigtool spawncost [N]              cost of fork/exec on this machine
 *   rigtool burn SECONDS THREADS MBYTES         CPU and memory load
 *   rigtool schedlat SECONDS [PRIO]    wake-up lateness of a 1 ms timer
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define NSEC 1000000000LL
#define ECHO_PORT 7077
#define MAGIC 0x52494750u

static volatile sig_atomic_t stop_flag;

static void die(const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	fputs("rigtool: ", stderr);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	if (errno)
		fprintf(stderr, ": %s", strerror(errno));
	fputc('\n', stderr);
	exit(1);
}

static void on_stop(int sig) { (void)sig; stop_flag = 1; }

static void catch_stop(void)
{
	struct sigaction sa;
	memset(&sa, 0, sizeof sa);
	sa.sa_handler = on_stop;
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
}

static int64_t now_ns(clockid_t c)
{
	struct timespec ts;
	clock_gettime(c, &ts);
	return (int64_t)ts.tv_sec * NSEC + ts.tv_nsec;
}

static void go_realtime(int prio)
{
	struct sched_param sp;
	memset(&sp, 0, sizeof sp);
	sp.sched_priority = prio;
	if (sched_setscheduler(0, SCHED_FIFO, &sp) < 0)
		setpriority(PRIO_PROCESS, 0, -20);
	mlockall(MCL_CURRENT | MCL_FUTURE);
}

/* ------------------------------------------------------------------ init */
static int do_init(void)
{
	sigset_t set;
	int sig, i;

	sigfillset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (;;) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		if (sigwait(&set, &sig) != 0)
			continue;
		if (sig == SIGTERM || sig == SIGINT || sig == SIGHUP) {
			kill(-1, SIGTERM);
			for (i = 0; i < 40; i++) {
				while (waitpid(-1, NULL, WNOHANG) > 0)
					;
				usleep(50000);
				if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
					break;
			}
			return 0;	/* the kernel kills the rest */
		}
	}
}

/* --------------------------------------------------------------- syslogd */
static _Noreturn void do_syslogd(const char *file)
{
	struct sockaddr_un sun;
	char buf[8192], line[8400], stamp[64];
	int s, fd;

	s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	memset(&sun, 0, sizeof sun);
	sun.sun_family = AF_UNIX;
	strcpy(sun.sun_path, "/dev/log");
	unlink(sun.sun_path);
	if (bind(s, (struct sockaddr *)&sun, sizeof sun) < 0)
		die("bind /dev/log");
	chmod("/dev/log", 0666);
	fd = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0)
		die("%s", file);
	for (;;) {
		ssize_t n = recv(s, buf, sizeof buf - 1, 0);
		struct timespec ts;
		struct tm tm;
		char *msg = buf, *e;
		int len, pri = -1;

		if (n <= 0)
			continue;
		while (n > 0 && (buf[n - 1] == '\n' || buf[n - 1] == 0))
			n--;
		buf[n] = 0;
		if (buf[0] == '<') {
			pri = (int)strtol(buf + 1, &e, 10);
			if (*e == '>')
				msg = e + 1;
		}
		/* drop the sender's "Mmm dd hh:mm:ss " */
		if (strlen(msg) > 16 && msg[3] == ' ' && msg[6] == ' ' &&
		    msg[9] == ':' && msg[12] == ':' && msg[15] == ' ')
			msg += 16;
		clock_gettime(CLOCK_REALTIME, &ts);
		localtime_r(&ts.tv_sec, &tm);
		strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &tm);
		len = snprintf(line, sizeof line, "%s.%06ld <%d> %s\n", stamp,
			       ts.tv_nsec / 1000, pri, msg);
		if (len > 0 && write(fd, line, (size_t)len) < 0)
			continue;
	}
}

/* ------------------------------------------------------------------ echo */
struct probe_msg {
	uint32_t magic;
	uint32_t vip;
	uint64_t seq;
	int64_t sent;
};

static _Noreturn void do_echo(const char *node, int port)
{
	struct sockaddr_in sin;
	int s, one = 1;
	char buf[256], ctl[256];

	go_realtime(40);
	s = socket(AF_INET, SOCK_DGRAM, 0);
	setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	setsockopt(s, IPPROTO_IP, IP_PKTINFO, &one, sizeof one);
	memset(&sin, 0, sizeof sin);
	sin.sin_family = AF_INET;
	sin.sin_port = htons((uint16_t)port);
	if (bind(s, (struct sockaddr *)&sin, sizeof sin) < 0)
		die("bind udp %d", port);
	for (;;) {
		struct sockaddr_in from;
		struct iovec iov = { buf, sizeof(struct probe_msg) };
		struct msghdr m;
		struct cmsghdr *c;
		struct in_pktinfo pi;
		ssize_t n;

		memset(&m, 0, sizeof m);
		m.msg_name = &from;
		m.msg_namelen = sizeof from;
		m.msg_iov = &iov;
		m.msg_iovlen = 1;
		m.msg_control = ctl;
		m.msg_controllen = sizeof ctl;
		n = recvmsg(s, &m, 0);
		if (n != (ssize_t)sizeof(struct probe_msg))
			continue;
		memset(&pi, 0, sizeof pi);
		for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
			if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
				memcpy(&pi, CMSG_DATA(c), sizeof pi);
		/* answer from the address that was asked */
		pi.ipi_spec_dst = pi.ipi_addr;
		pi.ipi_ifindex = 0;
		memset(buf + n, 0, 32);
		snprintf(buf + n, 32, "%s", node);
		iov.iov_len = (size_t)n + 32;
		m.msg_controllen = CMSG_SPACE(sizeof pi);
		c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = IPPROTO_IP;
		c->cmsg_type = IP_PKTINFO;
		c->cmsg_len = CMSG_LEN(sizeof pi);
		memcpy(CMSG_DATA(c), &pi, sizeof pi);
		m.msg_flags = 0;
		sendmsg(s, &m, 0);
	}
}

/* ----------------------------------------------------------------- probe */
#define MAXVIP 32
#define MAXNODE 40
#define MAXGAP 4096
#define MAXIVL 4096

struct gap { int64_t from, to; int before, after; };
struct ivl { int node; int64_t from, to; uint64_t n; };
struct vip {
	char text[INET_ADDRSTRLEN];
	struct in_addr a;
	uint64_t sent, answered, dup;
	uint64_t lost_send;
	uint64_t top_seq;
	int64_t last_rx, longest;
	int last_node;
	struct gap gap[MAXGAP];
	int ngap;
	struct ivl udp[MAXIVL];		/* who answered, in order */
	int nudp;
	struct ivl own[MAXIVL];		/* who claims the address (ARP) */
	int nown;
	int cur[MAXNODE];		/* open interval in own[], +1 */
	uint64_t arp_replies;
};

static struct vip vips[MAXVIP];
static int nvip;
static char nodes[MAXNODE][48];
static int nnode;

static int node_index(const char *name)
{
	int i;
	for (i = 0; i < nnode; i++)
		if (strcmp(nodes[i], name) == 0)
			return i;
	if (nnode == MAXNODE)
		return MAXNODE - 1;
	snprintf(nodes[nnode], sizeof nodes[0], "%s", name);
	return nnode++;
}

static void enter_net(const char *pid)
{
	char p[64];
	int fd;
	snprintf(p, sizeof p, "/proc/%s/ns/net", pid);
	fd = open(p, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET) < 0)
		die("enter %s", p);
	close(fd);
}

struct arp_frame {
	uint8_t dst[6], src[6];
	uint16_t type;
	uint16_t htype, ptype;
	uint8_t hlen, plen;
	uint16_t op;
	uint8_t sha[6], sip[4], tha[6], tip[4];
	uint8_t pad[18];
} __attribute__((packed));

static int64_t rx_stamp(struct msghdr *m)
{
	struct cmsghdr *c;
	struct timespec ts;
	for (c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS) {
			memcpy(&ts, CMSG_DATA(c), sizeof ts);
			return (int64_t)ts.tv_sec * NSEC + ts.tv_nsec;
		}
	return now_ns(CLOCK_REALTIME);
}

static double ms(int64_t ns) { return (double)ns / 1e6; }

static void js_time(FILE *f, int64_t ns)
{
	fprintf(f, "%lld.%06lld", (long long)(ns / NSEC), (long long)(ns % NSEC / 1000));
}

static void js_node(FILE *f, int n)
{
	if (n < 0)
		fputs("null", f);
	else
		fprintf(f, "\"%s\"", nodes[n]);
}

static int do_probe(int argc, char **argv)
{
	const char *client = NULL, *watch = NULL, *out = "-", *ifn = "eth0";
	double secs = 0;
	int64_t interval = 1000000, arp_interval = 2000000, min_gap = 10000000;
	int64_t t0, t1, mono, next, next_arp, end, late = 0, max_late = 0;
	int us = -1, as = -1, one = 1, port = ECHO_PORT, i, k, arp_slack;
	uint64_t seq = 0, ticks = 0;
	struct sockaddr_ll sll;
	struct ifreq ifr;
	uint8_t mymac[6];
	FILE *f;

	for (i = 1; i < argc; i++) {
		const char *a = argv[i];
		if (a[0] != '-') {
			if (nvip == MAXVIP)
				die("too many addresses");
			snprintf(vips[nvip].text, sizeof vips[0].text, "%s", a);
			if (inet_pton(AF_INET, a, &vips[nvip].a) != 1)
				die("bad address %s", a);
			vips[nvip].last_node = -1;
			nvip++;
			continue;
		}
		if (i + 1 == argc)
			die("%s needs a value", a);
		i++;
		if (!strcmp(a, "--client")) client = argv[i];
		else if (!strcmp(a, "--watch")) watch = argv[i];
		else if (!strcmp(a, "--out")) out = argv[i];
		else if (!strcmp(a, "--if")) ifn = argv[i];
		else if (!strcmp(a, "--time")) secs = atof(argv[i]);
		else if (!strcmp(a, "--port")) port = atoi(argv[i]);
		else if (!strcmp(a, "--interval-us")) interval = atoll(argv[i]) * 1000;
		else if (!strcmp(a, "--arp-us")) arp_interval = atoll(argv[i]) * 1000;
		else if (!strcmp(a, "--min-gap-ms")) min_gap = (int64_t)(atof(argv[i]) * 1e6);
		else die("unknown option %s", a);
	}
	if (!nvip || !client)
		die("probe needs --client PID and an address");
	f = strcmp(out, "-") ? fopen(out, "w") : stdout;
	if (!f)
		die("%s", out);

	catch_stop();
	enter_net(client);
	us = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	setsockopt(us, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
	i = 4 << 20;
	setsockopt(us, SOL_SOCKET, SO_RCVBUF, &i, sizeof i);
	memset(&sll, 0, sizeof sll);
	if (watch && arp_interval > 0) {
		enter_net(watch);
		as = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ARP));
		if (as < 0)
			die("packet socket");
		setsockopt(as, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
		memset(&ifr, 0, sizeof ifr);
		snprintf(ifr.ifr_name, sizeof ifr.ifr_name, "%s", ifn);
		if (ioctl(as, SIOCGIFINDEX, &ifr) < 0)
			die("%s", ifn);
		sll.sll_family = AF_PACKET;
		sll.sll_protocol = htons(ETH_P_ARP);
		sll.sll_ifindex = ifr.ifr_ifindex;
		sll.sll_halen = 6;
		if (ioctl(as, SIOCGIFHWADDR, &ifr) < 0)
			die("%s", ifn);
		memcpy(mymac, ifr.ifr_hwaddr.sa_data, 6);
		if (bind(as, (struct sockaddr *)&sll, sizeof sll) < 0)
			die("bind packet");
		memset(sll.sll_addr, 0xff, 6);
	}
	go_realtime(50);

	t0 = now_ns(CLOCK_REALTIME);
	mono = now_ns(CLOCK_MONOTONIC);
	next = next_arp = mono;
	end = secs > 0 ? mono + (int64_t)(secs * 1e9) : INT64_MAX;
	arp_slack = 10;

	while (!stop_flag) {
		struct pollfd pfd[2];
		struct timespec ts;
		int64_t t = now_ns(CLOCK_MONOTONIC), wait;

		if (t >= end)
			break;
		if (t >= next) {
			late = t - next;
			if (late > max_late)
				max_late = late;
			ticks++;
			for (i = 0; i < nvip; i++) {
				struct sockaddr_in to;
				struct probe_msg pm;
				memset(&to, 0, sizeof to);
				to.sin_family = AF_INET;
				to.sin_port = htons((uint16_t)port);
				to.sin_addr = vips[i].a;
				pm.magic = MAGIC;
				pm.vip = (uint32_t)i;
				pm.seq = seq;
				pm.sent = now_ns(CLOCK_REALTIME);
				vips[i].sent++;
				if (sendto(us, &pm, sizeof pm, 0, (struct sockaddr *)&to, sizeof to) < 0)
					vips[i].lost_send++;
			}
			seq++;
			next += interval;
			if (next < t)
				next = t + interval - (t - next) % interval;
		}
		if (as >= 0 && t >= next_arp) {
			for (i = 0; i < nvip; i++) {
				struct arp_frame af;
				memset(&af, 0, sizeof af);
				memset(af.dst, 0xff, 6);
				memcpy(af.src, mymac, 6);
				af.type = htons(ETH_P_ARP);
				af.htype = htons(1);
				af.ptype = htons(ETH_P_IP);
				af.hlen = 6;
				af.plen = 4;
				af.op = htons(1);
				memcpy(af.sha, mymac, 6);
				memcpy(af.tip, &vips[i].a, 4);
				sendto(as, &af, 60, 0, (struct sockaddr *)&sll, sizeof sll);
			}
			next_arp += arp_interval;
			if (next_arp < t)
				next_arp = t + arp_interval;
		}
		wait = next - now_ns(CLOCK_MONOTONIC);
		if (wait < 0)
			wait = 0;
		ts.tv_sec = wait / NSEC;
		ts.tv_nsec = wait % NSEC;
		pfd[0].fd = us;
		pfd[0].events = POLLIN;
		pfd[1].fd = as;
		pfd[1].events = POLLIN;
		if (ppoll(pfd, as >= 0 ? 2 : 1, &ts, NULL) <= 0)
			continue;
		for (k = 0; k < (as >= 0 ? 2 : 1); k++) {
			if (!(pfd[k].revents & POLLIN))
				continue;
			for (;;) {
				char buf[256], ctl[256], name[48];
				struct iovec iov = { buf, sizeof buf };
				struct msghdr m;
				struct vip *v = NULL;
				int64_t rx;
				ssize_t n;
				int nd;

				memset(&m, 0, sizeof m);
				m.msg_iov = &iov;
				m.msg_iovlen = 1;
				m.msg_control = ctl;
				m.msg_controllen = sizeof ctl;
				n = recvmsg(k ? as : us, &m, MSG_DONTWAIT);
				if (n < 0)
					break;
				rx = rx_stamp(&m);
				if (k == 0) {
					struct probe_msg pm;
					if (n < (ssize_t)sizeof pm + 1)
						continue;
					memcpy(&pm, buf, sizeof pm);
					if (pm.magic != MAGIC || pm.vip >= (uint32_t)nvip)
						continue;
					v = &vips[pm.vip];
					buf[n - 1] = 0;
					nd = node_index(buf + sizeof pm);
					v->answered++;
					if (v->last_rx == 0)
						v->last_rx = t0;
					if (rx - v->last_rx > v->longest)
						v->longest = rx - v->last_rx;
					if ((rx - v->last_rx >= min_gap || nd != v->last_node) && v->ngap < MAXGAP) {
						struct gap *g = &v->gap[v->ngap++];
						g->from = v->last_rx;
						g->to = rx;
						g->before = v->last_node;
						g->after = nd;
					}
					if (nd != v->last_node && v->nudp < MAXIVL) {
						struct ivl *u = &v->udp[v->nudp++];
						u->node = nd;
						u->from = rx;
						u->n = 0;
					}
					if (v->nudp) {
						v->udp[v->nudp - 1].to = rx;
						v->udp[v->nudp - 1].n++;
					}
					v->last_node = nd;
					if (rx > v->last_rx)
						v->last_rx = rx;
				} else {
					struct arp_frame af;
					if (n < 42)
						continue;
					memcpy(&af, buf, 42);
					if (af.op != htons(2))
						continue;
					for (i = 0; i < nvip; i++)
						if (!memcmp(af.sip, &vips[i].a, 4))
							v = &vips[i];
					if (!v || memcmp(af.dst, mymac, 6))
						continue;
					/* rig addresses: 02:77:00:<link>:<hi>:<lo> */
					if (af.sha[0] == 2 && af.sha[1] == 0x77)
						snprintf(name, sizeof name, "node%d", af.sha[4] << 8 | af.sha[5]);
					else
						snprintf(name, sizeof name, "%02x:%02x:%02x:%02x:%02x:%02x",
							 af.sha[0], af.sha[1], af.sha[2],
							 af.sha[3], af.sha[4], af.sha[5]);
					nd = node_index(name);
					v->arp_replies++;
					if (v->cur[nd] && rx - v->own[v->cur[nd] - 1].to > arp_slack * arp_interval)
						v->cur[nd] = 0;
					if (!v->cur[nd]) {
						if (v->nown == MAXIVL)
							continue;
						v->own[v->nown].node = nd;
						v->own[v->nown].from = rx;
						v->cur[nd] = ++v->nown;
					}
					v->own[v->cur[nd] - 1].to = rx;
					v->own[v->cur[nd] - 1].n++;
				}
			}
		}
	}
	t1 = now_ns(CLOCK_REALTIME);

	fputs("{\"start\":", f);
	js_time(f, t0);
	fputs(",\"end\":", f);
	js_time(f, t1);
	fprintf(f, ",\"interval_us\":%lld,\"arp_interval_us\":%lld,\"ticks\":%llu,\"max_tick_late_us\":%lld,\n \"vips\":[",
		(long long)interval / 1000, (long long)(as >= 0 ? arp_interval / 1000 : 0),
		(unsigned long long)ticks, (long long)max_late / 1000);
	for (i = 0; i < nvip; i++) {
		struct vip *v = &vips[i];
		int64_t longest = v->longest, dual = 0, unowned = 0, edge;
		int j, ndual = 0;

		if (v->last_rx == 0)
			v->last_rx = t0;
		if (t1 - v->last_rx >= min_gap && v->ngap < MAXGAP) {
			v->gap[v->ngap].from = v->last_rx;
			v->gap[v->ngap].to = t1;
			v->gap[v->ngap].before = v->last_node;
			v->gap[v->ngap++].after = -1;
		}
		if (t1 - v->last_rx > longest)
			longest = t1 - v->last_rx;
		fprintf(f, "%s\n  {\"vip\":\"%s\",\"sent\":%llu,\"answered\":%llu,\"longest_gap_ms\":%.3f,",
			i ? "," : "", v->text, (unsigned long long)v->sent,
			(unsigned long long)v->answered, ms(longest));
		fputs("\n   \"gaps\":[", f);
		for (j = 0; j < v->ngap; j++) {
			fprintf(f, "%s{\"from\":", j ? "," : "");
			js_time(f, v->gap[j].from);
			fputs(",\"to\":", f);
			js_time(f, v->gap[j].to);
			fprintf(f, ",\"ms\":%.3f,\"before\":", ms(v->gap[j].to - v->gap[j].from));
			js_node(f, v->gap[j].before);
			fputs(",\"after\":", f);
			js_node(f, v->gap[j].after);
			fputc('}', f);
		}
		fputs("],\n   \"answered_by\":[", f);
		for (j = 0; j < v->nudp; j++) {
			fprintf(f, "%s{\"node\":", j ? "," : "");
			js_node(f, v->udp[j].node);
			fputs(",\"from\":", f);
			js_time(f, v->udp[j].from);
			fputs(",\"to\":", f);
			js_time(f, v->udp[j].to);
			fprintf(f, ",\"count\":%llu}", (unsigned long long)v->udp[j].n);
		}
		fputs("],\n   \"owners\":[", f);
		for (j = 0; j < v->nown; j++) {
			fprintf(f, "%s{\"node\":", j ? "," : "");
			js_node(f, v->own[j].node);
			fputs(",\"from\":", f);
			js_time(f, v->own[j].from);
			fputs(",\"to\":", f);
			js_time(f, v->own[j].to);
			fprintf(f, ",\"replies\":%llu}", (unsigned long long)v->own[j].n);
		}
		fputs("],\n   \"dual_active\":[", f);
		for (j = 0; j < v->nown; j++)
			for (k = j + 1; k < v->nown; k++) {
				int64_t a = v->own[j].from > v->own[k].from ? v->own[j].from : v->own[k].from;
				int64_t b = v->own[j].to < v->own[k].to ? v->own[j].to : v->own[k].to;
				if (v->own[j].node == v->own[k].node || b < a)
					continue;
				fprintf(f, "%s{\"from\":", ndual++ ? "," : "");
				js_time(f, a);
				fputs(",\"to\":", f);
				js_time(f, b);
				fprintf(f, ",\"ms\":%.3f,\"nodes\":[", ms(b - a));
				js_node(f, v->own[j].node);
				fputc(',', f);
				js_node(f, v->own[k].node);
				fputs("]}", f);
				dual += b - a;
			}
		/* time in which nobody claimed the address, between owners */
		edge = 0;
		for (j = 0; j < v->nown; j++) {
			if (edge && v->own[j].from > edge)
				unowned += v->own[j].from - edge;
			if (v->own[j].to > edge)
				edge = v->own[j].to;
		}
		fprintf(f, "],\n   \"dual_active_ms\":%.3f,\"dual_active_windows\":%d,\"unowned_ms\":%.3f}",
			ms(dual), ndual, ms(unowned));
	}
	fputs("\n]}\n", f);
	fclose(f);
	return 0;
}

/* ------------------------------------------------------------ web prober */

#define MAXFETCH 256

struct fetch {
	int fd;                 /* -1: free */
	int64_t started;
	size_t len;
	char text[4096];
};

/* The node that a page names: "node" and a number, after the header. -1: none. */
static int page_node(char *text)
{
	char *p = strstr(text, "\r\n\r\n"), name[16];

	for (p = p ? p : text; (p = strstr(p, "node")) != NULL; p += 4)
		if (p[4] >= '1' && p[4] <= '9') {
			snprintf(name, sizeof name, "node%d", atoi(p + 4));
			return node_index(name);
		}
	return -1;
}

static void fetch_start(struct fetch *f, const struct sockaddr_in *to)
{
	struct linger off = { 1, 0 };

	f->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (f->fd < 0)
		return;
	setsockopt(f->fd, SOL_SOCKET, SO_LINGER, &off, sizeof off);
	f->started = now_ns(CLOCK_MONOTONIC);
	f->len = 0;
	if (connect(f->fd, (const struct sockaddr *)to, sizeof *to) < 0 && errno != EINPROGRESS) {
		close(f->fd);
		f->fd = -1;
	}
}

/* One turn of a fetch: 1 the page is complete, 0 not yet, -1 it failed. */
static int fetch_turn(struct fetch *f, short events)
{
	static const char ask[] = "GET / HTTP/1.0\r\n\r\n";
	ssize_t n;

	if (f->len == 0 && events & POLLOUT) {
		if (send(f->fd, ask, sizeof ask - 1, MSG_NOSIGNAL) < 0)
			return -1;
		f->len = 1;
		f->text[0] = ' ';
	}
	if (!(events & (POLLIN | POLLHUP | POLLERR)))
		return 0;
	n = recv(f->fd, f->text + f->len, sizeof f->text - 1 - f->len, 0);
	if (n < 0)
		return errno == EAGAIN ? 0 : -1;
	f->len += (size_t)n;
	f->text[f->len] = 0;
	return n == 0 ? 1 : 0;
}

/*
 * Fetches a page again and again, many at a time, each given up after a limit. Says at once, a line
 * each: "TIME NODE GAP_MS BEFORE" for the first page, each change of node and each gap.
 */
static int do_web(int argc, char **argv)
{
	int64_t every = 2000000, limit = 300000000, min_gap = 50000000, next, last = 0, end = INT64_MAX;
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(80) };
	static struct fetch fetch[MAXFETCH];
	static struct pollfd pfd[MAXFETCH];
	int i, before = -1;

	for (i = 4; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--interval-ms")) every = (int64_t)(atof(argv[i + 1]) * 1e6);
		else if (!strcmp(argv[i], "--min-gap-ms")) min_gap = (int64_t)(atof(argv[i + 1]) * 1e6);
		else if (!strcmp(argv[i], "--time")) end = now_ns(CLOCK_MONOTONIC) + (int64_t)(atof(argv[i + 1]) * 1e9);
		else die("unknown option %s", argv[i]);
	}
	if (inet_pton(AF_INET, argv[2], &to.sin_addr) != 1)
		die("bad address %s", argv[2]);
	to.sin_port = htons((uint16_t)atoi(argv[3]));
	for (i = 0; i < MAXFETCH; i++)
		fetch[i].fd = -1;
	catch_stop();
	enter_net(argv[1]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	next = now_ns(CLOCK_MONOTONIC);
	while (!stop_flag) {
		int64_t t = now_ns(CLOCK_MONOTONIC), wait;

		if (t >= end)
			break;
		if (t >= next) {
			for (i = 0; i < MAXFETCH && fetch[i].fd >= 0; i++)
				;
			if (i < MAXFETCH)
				fetch_start(&fetch[i], &to);
			next = t + every;
		}
		for (i = 0; i < MAXFETCH; i++) {
			pfd[i].fd = fetch[i].fd;
			pfd[i].events = fetch[i].len ? POLLIN : POLLOUT;
		}
		wait = (next - now_ns(CLOCK_MONOTONIC)) / 1000000;
		if (poll(pfd, MAXFETCH, wait < 0 ? 0 : wait > 100 ? 100 : (int)wait) < 0 && errno != EINTR)
			die("poll");
		t = now_ns(CLOCK_MONOTONIC);
		for (i = 0; i < MAXFETCH; i++) {
			int done, node;

			if (fetch[i].fd < 0)
				continue;
			done = fetch_turn(&fetch[i], pfd[i].revents);
			if (done == 0 && t - fetch[i].started < limit)
				continue;
			close(fetch[i].fd);
			fetch[i].fd = -1;
			if (done != 1 || (node = page_node(fetch[i].text)) < 0)
				continue;
			if (node != before || (last && t - last >= min_gap)) {
				int64_t real = now_ns(CLOCK_REALTIME);

				printf("%lld.%06lld %s %.1f %s\n", (long long)(real / NSEC), (long long)(real % NSEC / 1000),
				       nodes[node], last ? ms(t - last) : 0.0, before < 0 ? "-" : nodes[before]);
			}
			before = node;
			last = t;
		}
	}
	return 0;
}

/* ------------------------------------------------------------------ pump */
static int open_pty(const char *ptmx, char *name, size_t len)
{
	struct termios tio;
	int zero = 0, n = -1, fd = open(ptmx, O_RDWR | O_NOCTTY | O_NONBLOCK);

	if (fd < 0 || ioctl(fd, TIOCSPTLCK, &zero) < 0 || ioctl(fd, TIOCGPTN, &n) < 0)
		die("%s", ptmx);
	if (tcgetattr(fd, &tio) == 0) {
		cfmakeraw(&tio);
		tcsetattr(fd, TCSANOW, &tio);
	}
	snprintf(name, len, "%d", n);
	return fd;
}

static int do_pump(char **a)
{
	int fd[2], keep[2], i, baud = atoi(a[4]);
	char n0[16], n1[16], path[512];
	const char *num[2];
	double budget[2] = { 0, 0 };
	int64_t last;

	fd[0] = open_pty(a[0], n0, sizeof n0);
	fd[1] = open_pty(a[2], n1, sizeof n1);
	num[0] = n0;
	num[1] = n1;
	catch_stop();
	for (i = 0; i < 2; i++) {
		const char *ptmx = a[2 * i], *link = a[2 * i + 1];
		char *slash;
		struct termios tio;

		snprintf(path, sizeof path, "%s", ptmx);
		slash = strrchr(path, '/');
		snprintf(slash + 1, sizeof path - (size_t)(slash + 1 - path), "%s", num[i]);
		/* keep the far side open so that a close there is not a hang-up */
		keep[i] = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
		if (keep[i] < 0)
			die("%s", path);
		if (tcgetattr(keep[i], &tio) == 0) {
			cfmakeraw(&tio);
			tcsetattr(keep[i], TCSANOW, &tio);
		}
		snprintf(path, sizeof path, "pts/%s", num[i]);
		unlink(link);
		if (symlink(path, link) < 0)
			die("%s", link);
	}
	last = now_ns(CLOCK_MONOTONIC);
	while (!stop_flag) {
		struct pollfd p[2];
		int64_t t;
		double rate = baud > 0 ? baud / 10.0 : 1e9;

		for (i = 0; i < 2; i++) {
			p[i].fd = budget[i] >= 1 ? fd[i] : -1;
			p[i].events = POLLIN;
			p[i].revents = 0;
		}
		if (poll(p, 2, (p[0].fd < 0 || p[1].fd < 0) ? 5 : 1000) < 0)
			continue;
		t = now_ns(CLOCK_MONOTONIC);
		for (i = 0; i < 2; i++) {
			char buf[4096];
			size_t want;
			ssize_t n;

			budget[i] += rate * (double)(t - last) / 1e9;
			if (budget[i] > rate / 50 + 16)
				budget[i] = rate / 50 + 16;
			if (!(p[i].revents & POLLIN))
				continue;
			want = budget[i] < sizeof buf ? (size_t)budget[i] : sizeof buf;
			n = want ? read(fd[i], buf, want) : 0;
			if (n > 0) {
				budget[i] -= (double)n;
				/* a real line drops what nobody takes */
				if (write(fd[!i], buf, (size_t)n) < 0)
					continue;
			}
		}
		last = t;
	}
	unlink(a[1]);
	unlink(a[3]);
	return 0;
}

/* ------------------------------------------------------------------ pipe */
struct frame { struct frame *next; int64_t due; int len; unsigned char d[]; };

static int do_pipe(int argc, char **argv)
{
	int s[2], i;
	int64_t delay = (int64_t)(atof(argv[3]) * 1e6);
	int64_t jitter = argc > 4 ? (int64_t)(atof(argv[4]) * 1e6) : 0;
	struct frame *head[2] = { NULL, NULL };

	catch_stop();
	for (i = 0; i < 2; i++) {
		struct sockaddr_ll sll;
		struct packet_mreq mr;
		int v = 1;
		s[i] = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, htons(ETH_P_ALL));
		memset(&sll, 0, sizeof sll);
		sll.sll_family = AF_PACKET;
		sll.sll_protocol = htons(ETH_P_ALL);
		sll.sll_ifindex = (int)if_nametoindex(argv[1 + i]);
		if (s[i] < 0 || !sll.sll_ifindex || bind(s[i], (struct sockaddr *)&sll, sizeof sll) < 0)
			die("%s", argv[1 + i]);
		memset(&mr, 0, sizeof mr);
		mr.mr_ifindex = sll.sll_ifindex;
		mr.mr_type = PACKET_MR_PROMISC;
		setsockopt(s[i], SOL_PACKET, PACKET_ADD_MEMBERSHIP, &mr, sizeof mr);
		setsockopt(s[i], SOL_PACKET, PACKET_IGNORE_OUTGOING, &v, sizeof v);
	}
	go_realtime(60);
	srandom((unsigned)getpid());
	while (!stop_flag) {
		struct pollfd p[2];
		struct timespec ts = { 1, 0 };
		int64_t t = now_ns(CLOCK_MONOTONIC), wait = NSEC;

		for (i = 0; i < 2; i++) {
			while (head[i] && head[i]->due <= t) {
				struct frame *f = head[i];
				head[i] = f->next;
				if (send(s[!i], f->d, (size_t)f->len, 0) < 0)
					errno = 0;
				free(f);
			}
			if (head[i] && head[i]->due - t < wait)
				wait = head[i]->due - t;
			p[i].fd = s[i];
			p[i].events = POLLIN;
		}
		ts.tv_sec = wait / NSEC;
		ts.tv_nsec = wait % NSEC;
		if (ppoll(p, 2, &ts, NULL) <= 0)
			continue;
		for (i = 0; i < 2; i++)
			for (;;) {
				unsigned char buf[65600];
				ssize_t n = recv(s[i], buf, sizeof buf, MSG_DONTWAIT);
				struct frame *f, **q;
				if (n <= 0)
					break;
				f = malloc(sizeof *f + (size_t)n);
				if (!f)
					break;
				f->len = (int)n;
				memcpy(f->d, buf, (size_t)n);
				f->due = now_ns(CLOCK_MONOTONIC) + delay +
					(jitter ? (int64_t)((double)random() / RAND_MAX * (double)jitter) : 0);
				/* jitter reorders, as a bad network does */
				for (q = &head[i]; *q && (*q)->due <= f->due; q = &(*q)->next)
					;
				f->next = *q;
				*q = f;
			}
	}
	return 0;
}

/* ------------------------------------------------------------- spawncost */
extern char **environ;

static int cmp_i64(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

static int do_spawncost(int n)
{
	static char *sh[] = { "/bin/sh", "-c", ":", NULL };
	static char *bash[] = { "/bin/bash", "-c", ":", NULL };
	static char *tr[] = { "/bin/true", NULL };
	struct { const char *name; char **argv; int how; } k[] = {
		{ "fork+wait, no exec", NULL, 0 },
		{ "fork+exec /bin/true", tr, 0 },
		{ "posix_spawn /bin/true", tr, 1 },
		{ "fork+exec /bin/sh -c :", sh, 0 },
		{ "posix_spawn /bin/sh -c :", sh, 1 },
		{ "fork+exec /bin/bash -c :", bash, 0 },
	};
	size_t j;
	int i;
	int64_t *t = calloc((size_t)n, sizeof *t);

	for (j = 0; j < sizeof k / sizeof k[0]; j++) {
		for (i = 0; i < n; i++) {
			int64_t a = now_ns(CLOCK_MONOTONIC);
			pid_t p;
			if (k[j].how == 1) {
				if (posix_spawn(&p, k[j].argv[0], NULL, NULL, k[j].argv, environ))
					die("spawn");
			} else {
				p = fork();
				if (p == 0) {
					if (k[j].argv)
						execv(k[j].argv[0], k[j].argv);
					_exit(0);
				}
			}
			waitpid(p, NULL, 0);
			t[i] = now_ns(CLOCK_MONOTONIC) - a;
		}
		qsort(t, (size_t)n, sizeof *t, cmp_i64);
		printf("%-26s min %.3f  median %.3f  p95 %.3f  max %.3f ms\n", k[j].name,
		       ms(t[0]), ms(t[n / 2]), ms(t[n * 95 / 100]), ms(t[n - 1]));
	}
	free(t);
	return 0;
}

/* ------------------------------------------------------------------ burn */
static int do_burn(double secs, int procs, int mb)
{
	int64_t end = now_ns(CLOCK_MONOTONIC) + (int64_t)(secs * 1e9);
	int i;

	for (i = 0; i < procs + (mb > 0); i++) {
		if (fork() == 0) {
			if (i == procs) {	/* the memory hog */
				size_t len = (size_t)mb << 20, o;
				while (now_ns(CLOCK_MONOTONIC) < end) {
					char *m = mmap(NULL, len, PROT_READ | PROT_WRITE,
						       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
					if (m == MAP_FAILED)
						break;
					for (o = 0; o < len && now_ns(CLOCK_MONOTONIC) < end; o += 4096)
						m[o] = (char)o;
					munmap(m, len);
				}
				_exit(0);
			}
			volatile uint64_t x = 0;
			while (x % 65536 || now_ns(CLOCK_MONOTONIC) < end)
				x++;
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	return 0;
}

/* -------------------------------------------------------------- schedlat */
static int do_schedlat(double secs, int prio)
{
	int n = (int)(secs * 1000), i;
	int64_t *t = calloc((size_t)n, sizeof *t), next;
	struct timespec ts;

	if (prio > 0)
		go_realtime(prio);
	next = now_ns(CLOCK_MONOTONIC);
	for (i = 0; i < n; i++) {
		next += 1000000;
		ts.tv_sec = next / NSEC;
		ts.tv_nsec = next % NSEC;
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
		t[i] = now_ns(CLOCK_MONOTONIC) - next;
		if (t[i] > 1000000)
			next += t[i] / 1000000 * 1000000;
	}
	qsort(t, (size_t)n, sizeof *t, cmp_i64);
	printf("1 ms timer, prio %d: median %.3f  p99 %.3f  p99.9 %.3f  max %.3f ms late\n", prio,
	       ms(t[n / 2]), ms(t[n * 99LL / 100]), ms(t[n * 999LL / 1000]), ms(t[n - 1]));
	free(t);
	return 0;
}

int main(int argc, char **argv)
{
	const char *c = argc > 1 ? argv[1] : "";

	if (!strcmp(c, "init")) return do_init();
	if (!strcmp(c, "syslogd") && argc > 2) do_syslogd(argv[2]);
	if (!strcmp(c, "echo") && argc > 2) do_echo(argv[2], argc > 3 ? atoi(argv[3]) : ECHO_PORT);
	if (!strcmp(c, "probe")) return do_probe(argc - 1, argv + 1);
	if (!strcmp(c, "web") && argc > 4) return do_web(argc - 1, argv + 1);
	if (!strcmp(c, "pump") && argc > 6) return do_pump(argv + 2);
	if (!strcmp(c, "pipe") && argc > 4) return do_pipe(argc - 1, argv + 1);
	if (!strcmp(c, "spawncost")) return do_spawncost(argc > 2 ? atoi(argv[2]) : 200);
	if (!strcmp(c, "burn") && argc > 4) return do_burn(atof(argv[2]), atoi(argv[3]), atoi(argv[4]));
	if (!strcmp(c, "schedlat") && argc > 2) return do_schedlat(atof(argv[2]), argc > 3 ? atoi(argv[3]) : 0);
	errno = 0;
	die("see the comment at the top of rigtool.c for the commands");
	return 1;
}
