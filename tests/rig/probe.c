/* SPDX-License-Identifier: GPL-2.0-or-later */
/* probe.c - availability of addresses, and who claims them */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "rig.h"

#define MAXVIP 32
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

static void js_time(FILE *f, int64_t ns)
{
	fprintf(f, "%lld.%06lld", (long long)(ns / NSEC), (long long)(ns % NSEC / 1000));
}

static void js_node(FILE *f, int n)
{
	if (n < 0)
		fputs("null", f);
	else
		fprintf(f, "\"%s\"", node_name(n));
}

struct settings {
	int64_t interval, arp_interval, min_gap;        /* ns */
};

static void report(FILE *f, int64_t t0, int64_t t1, const struct settings *set, uint64_t ticks, int64_t max_late)
{
	int i, k;

	fputs("{\"start\":", f);
	js_time(f, t0);
	fputs(",\"end\":", f);
	js_time(f, t1);
	fprintf(f, ",\"interval_us\":%lld,\"arp_interval_us\":%lld,\"ticks\":%llu,\"max_tick_late_us\":%lld,\n \"vips\":[",
		(long long)set->interval / 1000, (long long)set->arp_interval / 1000,
		(unsigned long long)ticks, (long long)max_late / 1000);
	for (i = 0; i < nvip; i++) {
		struct vip *v = &vips[i];
		int64_t longest = v->longest, dual = 0, unowned = 0, edge;
		int j, ndual = 0;

		if (v->last_rx == 0)
			v->last_rx = t0;
		if (t1 - v->last_rx >= set->min_gap && v->ngap < MAXGAP) {
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
}

int do_probe(int argc, char **argv)
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

	report(f, t0, t1, &(struct settings){ interval, as >= 0 ? arp_interval : 0, min_gap }, ticks, max_late);
	fclose(f);
	return 0;
}
