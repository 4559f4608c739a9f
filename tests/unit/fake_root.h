/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_root.h - plays the root process for a real hb-node: starts it, answers it, keeps what it says.
 */
#ifndef HB_TESTS_FAKE_ROOT_H
#define HB_TESTS_FAKE_ROOT_H

#include <sys/types.h>

#include "channel/channel.h"
#include "conf/load.h"

#define FAKE_RUNS_MAX 64

typedef struct {
	char *name;             /* of the node */
	char *address;          /* its sockets are bound to this one */
	char *dir;
	HbConfig *config;
	HbBundle *bundle;

	pid_t pid;
	int channel, memory_fd, guard, status_listen, fifo, logfile;
	guint64 generation;
	gboolean is_resumed;
	gboolean is_wrong_hash;
	int open_errno;         /* answer to OPEN; 0: open it */
	gboolean keeps_silent;  /* sends no PING */
	gint64 next_ping_ms;

	gboolean is_ready;
	guint n_failed, n_exits;
	int code;               /* of FAILED or EXIT */
	char text[512];
	guint n_alive;
	guint n_runs;
	struct {
		guint32 op, group, resource, verb;
	} run[FAKE_RUNS_MAX];
} FakeRoot;

FakeRoot *fake_root_new(const char *name, const char *address, const char *ha_cf, const char *haresources);
void fake_root_free(FakeRoot *root);

void fake_root_start(FakeRoot *root);
void fake_root_say(FakeRoot *root, HbChannelType type);
void fake_root_kill(FakeRoot *root);
/* Exit status once it has ended; -1 before. */
int fake_root_ended(FakeRoot *root);

/* Serves all @roots for a moment. */
void fake_roots_serve(FakeRoot *const *roots, guint n);

/* What hb_status would print. */
char *fake_root_ask(FakeRoot *root, const char *request);
/* Number of RUN requests with these numbers. */
guint fake_root_n_runs(const FakeRoot *root, guint group, HbVerb verb);
/* As after SIGUSR1; from now on the log is the debug file. */
void fake_root_set_debug(FakeRoot *root, guint level);
gboolean fake_root_has_logged(const FakeRoot *root, const char *text);
void fake_root_print_log(const FakeRoot *root);

#endif
