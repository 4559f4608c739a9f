/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rigtool - small helpers for netrig: the list of commands.
 *
 *   rigtool init                       pid 1 of a node: reap, power off on TERM
 *   rigtool syslogd FILE               receive /dev/log, append with time stamps
 *   rigtool echo NODE [PORT]           UDP responder, answers with NODE
 *   rigtool probe ...                  availability and dual-active prober
 *   rigtool web PID ADDRESS PORT ...   fetch a page again and again, tell who answers and each gap
 *   rigtool pump CONTROL PTMX1 LINK1 PTMX2 LINK2 BAUD   null-modem between two ptys
 *   rigtool pipe IF1 IF2 MS [JITTER_MS]         frame pipe with delay
 *   rigtool spawncost [N]              cost of fork/exec on this machine
 *   rigtool burn SECONDS THREADS MBYTES         CPU and memory load
 *   rigtool schedlat SECONDS [PRIO]    wake-up lateness of a 1 ms timer
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rig.h"

int main(int argc, char **argv)
{
	const char *c = argc > 1 ? argv[1] : "";

	if (!strcmp(c, "init")) return do_init();
	if (!strcmp(c, "syslogd") && argc > 2) do_syslogd(argv[2]);
	if (!strcmp(c, "echo") && argc > 2) do_echo(argv[2], argc > 3 ? atoi(argv[3]) : ECHO_PORT);
	if (!strcmp(c, "probe")) return do_probe(argc - 1, argv + 1);
	if (!strcmp(c, "web") && argc > 4) return do_web(argc - 1, argv + 1);
	if (!strcmp(c, "pump") && argc > 7) return do_pump(argc - 2, argv + 2);
	if (!strcmp(c, "pipe") && argc > 4) return do_pipe(argc - 1, argv + 1);
	if (!strcmp(c, "spawncost")) return do_spawncost(argc > 2 ? atoi(argv[2]) : 200);
	if (!strcmp(c, "burn") && argc > 4) return do_burn(atof(argv[2]), atoi(argv[3]), atoi(argv[4]));
	if (!strcmp(c, "schedlat") && argc > 2) return do_schedlat(atof(argv[2]), argc > 3 ? atoi(argv[3]) : 0);
	errno = 0;
	die("see the comment at the top of rigtool.c for the commands");
}
