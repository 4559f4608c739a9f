/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cost.c - what this machine takes for things, and load to put on it */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "rig.h"

/* ---- of a process ---- */

extern char **environ;

static int cmp_i64(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return x < y ? -1 : x > y;
}

int do_spawncost(int n)
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

/* ---- load ---- */

int do_burn(double secs, int procs, int mb)
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

/* ---- lateness of a timer ---- */

int do_schedlat(double secs, int prio)
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
