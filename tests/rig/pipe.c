/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pipe.c - passes frames between two interfaces, with a delay */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rig.h"

struct frame { struct frame *next; int64_t due; int len; unsigned char d[]; };

int do_pipe(int argc, char **argv)
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
