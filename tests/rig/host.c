/* SPDX-License-Identifier: GPL-2.0-or-later */
/* host.c - what runs in each node: pid 1, the receiver of its log, the responder */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"

/* ---- pid 1 of a node ---- */

int do_init(void)
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

/* ---- /dev/log ---- */

_Noreturn void do_syslogd(const char *file)
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

/* ---- the responder ---- */

_Noreturn void do_echo(const char *node, int port)
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
