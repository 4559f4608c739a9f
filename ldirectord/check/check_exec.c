/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_exec.c - checktype=external and external-perl: checkcommand= says by its exit status how a server is
 * (doc/ldirectord.md 3.5). Perl is run as a program of its own, too.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ldirectord/check/child.h"
#include "util/banned.h"

#define PERL         "/usr/bin/perl"
#define FIRST_WEIGHT 2          /* externalweight=: the exit status of weight 0 */

static void
exec_done(gpointer user, int status, const char *output, gsize len)
{
	LdirTask *task = user;

	(void)output, (void)len;
	task->state = NULL;
	if (!WIFSIGNALED(status) && WEXITSTATUS(status) >= FIRST_WEIGHT && ldir_virtual_external_weight(task->config, task->vs)) {
		task->said = (LdirSaid){ .kind = LDIR_SAID_WEIGHT, .n = (guint32)WEXITSTATUS(status) - FIRST_WEIGHT };
		ldir_task_end(task, TRUE, "exit status %d", WEXITSTATUS(status));
		return;
	}
	if (WIFSIGNALED(status))
		ldir_task_end(task, FALSE, "ended by signal %d", WTERMSIG(status));
	else
		ldir_task_end(task, WEXITSTATUS(status) == 0, "exit status %d", WEXITSTATUS(status));
}

/* Words of the command; one word if there is a file of that name with its blanks (transfer full). */
static GPtrArray *
words_of(const LdirTask *task)
{
	const char *command = task->vs->own.checkcommand != NULL ? task->vs->own.checkcommand : "/bin/true";
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);

	if (task->kind == LDIR_CHECK_EXTERNAL_PERL)
		g_ptr_array_add(words, g_strdup(PERL));
	if (access(command, F_OK) == 0) {
		g_ptr_array_add(words, g_strdup(command));
	} else {
		g_auto(GStrv) parts = g_strsplit_set(command, " \t", -1);

		for (guint i = 0; parts[i] != NULL; i++)
			if (parts[i][0] != '\0')
				g_ptr_array_add(words, g_strdup(parts[i]));
	}
	return words;
}

static char **
environment(const LdirTask *task, const char *vs_addr, const char *rs_addr)
{
	const LdirVirtual *vs = task->vs;
	g_autofree char *id = ldir_virtual_id(vs);
	g_autofree char *vs_text = vs->is_mark ? g_strdup(vs_addr) : g_strdup_printf("%s:%u", vs_addr, vs->port);
	g_autofree char *rs_text = g_strdup_printf("%s:%u", rs_addr, task->real->port);
	char **env = g_get_environ();

	env = g_environ_setenv(env, "LD_VS", vs_text, TRUE);
	env = g_environ_setenv(env, "LD_RS", rs_text, TRUE);
	if (task->known_state != NULL)
		env = g_environ_setenv(env, "LD_STATE", task->known_state, TRUE);
	return g_environ_setenv(env, "LD_SERVICE", id, TRUE);
}

static gboolean
exec_begin(LdirTask *task, gint64 now_ms)
{
	const LdirVirtual *vs = task->vs;
	g_autoptr(GPtrArray) words = words_of(task);
	g_autofree char *vs_addr = vs->is_mark ? g_strdup_printf("%u", vs->mark) : ldir_address_text(&vs->addr);
	g_autofree char *rs_addr = ldir_address_text(&task->real->addr);
	g_auto(GStrv) env = environment(task, vs_addr, rs_addr);
	LdirChildSpec spec;

	(void)now_ms;
	g_ptr_array_add(words, g_strdup(vs_addr));
	g_ptr_array_add(words, g_strdup_printf("%u", vs->is_mark ? 0 : vs->port));
	g_ptr_array_add(words, g_strdup(rs_addr));
	g_ptr_array_add(words, g_strdup_printf("%u", task->real->port));
	g_ptr_array_add(words, NULL);
	spec = (LdirChildSpec){ .argv = (const char *const *)words->pdata, .envp = (const char *const *)env, .pool = ldir_pool_of(task) };
	task->state = ldir_child_start(task->checker, &spec, exec_done, task);
	if (task->state == NULL && ldir_errno_is_ours(errno))
		return FALSE;
	if (task->state == NULL)
		ldir_task_end(task, FALSE, "cannot run %s: %s", (const char *)words->pdata[0], g_strerror(errno));
	return TRUE;
}

static void
exec_finish(LdirTask *task)
{
	if (task->state != NULL)
		ldir_child_abandon(task->state);
	task->state = NULL;
}

const LdirTaskOps ldir_check_exec = { exec_begin, NULL, exec_finish, TRUE };
