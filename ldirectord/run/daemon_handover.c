/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon_handover.c - a restart: what is known goes through a file beside the lock, from one process to the next.
 */
#include <sys/stat.h>
#include <unistd.h>

#include "ldirectord/director/handover.h"
#include "ldirectord/run/daemon_parts.h"
#include "util/banned.h"
#include "util/textfile.h"
#include "util/time.h"

void
ldir_daemon_hand_over(LdirDaemon *d)
{
	g_autofree char *text = ldir_handover_write(d->director, hb_time_now_ms());
	g_autoptr(GError) error = NULL;

	if (!g_file_set_contents_full(d->input->instance->state_file, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
		ldir_log("what is known is not handed over: %s", error->message);
}

/* Nobody else may have written there: it says who gets connections. */
static LdirHandover *
read_file(const char *path, const struct stat *st, char **ret_why)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;

	if (!S_ISREG(st->st_mode) || st->st_uid != geteuid() || (st->st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		*ret_why = g_strdup("it is no file that only we can write");
		return NULL;
	}
	text = hb_text_file_read(path, LDIR_HANDOVER_MAX, &error);
	if (text == NULL) {
		*ret_why = g_strdup(error->message);
		return NULL;
	}
	return ldir_handover_parse(text, hb_time_now_ms(), ret_why);
}

void
ldir_daemon_inherit(LdirDaemon *d)
{
	const char *path = d->input->instance->state_file;
	g_autofree char *why = NULL;
	LdirHandover *handover;
	struct stat st;

	if (lstat(path, &st) < 0)
		return;
	handover = read_file(path, &st, &why);
	if (handover != NULL)
		ldir_director_inherit(d->director, handover);
	else
		ldir_log("%s: %s: what the process before knew is not used", path, why);
}

void
ldir_daemon_has_inherited(const LdirDaemon *d)
{
	(void)unlink(d->input->instance->state_file);
}
