/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rig.h - what the helpers of netrig have in common. libc only; netrig compiles all *.c here into one program.
 */
#ifndef RIG_H
#define RIG_H

#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#define NSEC 1000000000LL
#define ECHO_PORT 7077

/* ---- rig.c ---- */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
extern volatile sig_atomic_t stop_flag;         /* TERM, INT or HUP came; after catch_stop() */
void catch_stop(void);
int64_t now_ns(clockid_t c);
double ms(int64_t ns);
void go_realtime(int prio);
void enter_net(const char *pid);

/* Names of nodes, numbered as they are first seen. */
#define MAXNODE 40
int node_index(const char *name);
const char *node_name(int node);

/* What probe asks and echo answers, with the name of its node behind it. */
#define MAGIC 0x52494750u
struct probe_msg {
	uint32_t magic;
	uint32_t vip;
	uint64_t seq;
	int64_t sent;
};

/* ---- commands: their exit code ---- */
int do_init(void);
_Noreturn void do_syslogd(const char *file);
_Noreturn void do_echo(const char *node, int port);
int do_probe(int argc, char **argv);
int do_web(int argc, char **argv);
int do_pump(int argc, char **argv);
int do_pipe(int argc, char **argv);
int do_spawncost(int n);
int do_burn(double secs, int procs, int mb);
int do_schedlat(double secs, int prio);

#endif
