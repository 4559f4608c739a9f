/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * commands_ask.c - what is asked of a daemon that runs, and told to it, by the one socket.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/run/commands_parts.h"
#include "ldirectord/run/control.h"
#include "ldirectord/run/logfile.h"
#include "util/banned.h"

int
ldir_command_leave(int code, const char *why)
{
	if (code != LDIR_EXIT_FINE)
		ldir_log("Exiting with exit_status %d: %s", code, why);
	return code;
}

void
ldir_command_follow(LdirContext *context)
{
	LdirInstance *instance = context->instance;
	g_autofree char *lock_file = instance->config != NULL ? ldir_instance_lock_of(instance, context->pid) : NULL;
	g_autofree char *socket_file = NULL;
	g_autofree char *config = NULL;

	if (lock_file == NULL || strcmp(lock_file, instance->lock_file) == 0)
		return;
	socket_file = ldir_instance_socket_of(lock_file);
	config = ldir_control_ask(socket_file, "config", LDIR_FOLLOW_MS, NULL);
	if (config != NULL && strcmp(g_strchomp(config), instance->config) == 0)
		ldir_instance_follow(instance, lock_file);
}

gboolean
ldir_command_tell(const LdirContext *context, const char *line, guint limit_ms, char **ret_why)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = ldir_control_ask(context->instance->socket_file, line, limit_ms, &error);

	*ret_why = NULL;
	if (text == NULL)
		*ret_why = g_strdup(error->message);
	else if (g_str_has_prefix(text, "error: "))
		*ret_why = g_strdup(g_strchomp(text) + strlen("error: "));
	return *ret_why == NULL;
}

/* Other instances answer for themselves. */
static void
status_of_executed(const LdirContext *context)
{
	const GPtrArray *files = context->config != NULL ? context->config->global.execute : NULL;
	g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);

	for (guint i = 0; files != NULL && i < files->len && program != NULL; i++) {
		const char *const argv[] = { program, files->pdata[i], "status", NULL };

		(void)g_spawn_sync(NULL, (char **)(gsize)argv, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, NULL, NULL);
	}
}

/* What the daemon says of itself. */
static int
ask_status(const LdirContext *context)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = ldir_control_ask(context->instance->socket_file, context->call->form, LDIR_ANSWER_MS, &error);

	if (text == NULL) {
		fprintf(stderr, "ldirectord: %s\n", error->message);
		return LDIR_EXIT_FAILED;
	}
	fputs(text, stdout);
	return LDIR_EXIT_FINE;
}

/* To heartbeat and others: stopped. */
static int
status_standby(const LdirContext *context)
{
	printf("ldirectord for %s stands by with pid: %d\n", context->shown, (int)context->pid);
	return LDIR_EXIT_STOPPED;
}

int
ldir_command_status(LdirContext *context)
{
	g_autofree char *text = NULL;

	if (context->state == LDIR_INSTANCE_RUNNING && context->call->form != NULL && context->instance->config != NULL)
		return ask_status(context);
	if (context->state == LDIR_INSTANCE_RUNNING && ldir_instance_is_standing_by(context->instance))
		return status_standby(context);
	if (context->state == LDIR_INSTANCE_RUNNING) {
		text = g_strdup_printf("ldirectord for %s is running with pid: %d", context->shown, (int)context->pid);
		ldir_log_line(text);
		/* to heartbeat, which reads the one, and to all that have always read the other */
		fprintf(stderr, "%s\n", text);
		printf("%s\n", text);
		(void)fflush(stdout);
		status_of_executed(context);
		ldir_log_line("Exiting from ldirectord status");
		return LDIR_EXIT_FINE;
	}
	if (context->state == LDIR_INSTANCE_STALE) {
		text = g_strdup_printf("ldirectord stale pid file %s for %s", context->instance->pid_file, context->shown);
		ldir_log_line(text);
		fprintf(stderr, "%s\n", text);
	}
	printf("ldirectord is stopped for %s\n", context->shown);
	return ldir_command_leave(context->state == LDIR_INSTANCE_STALE ? LDIR_EXIT_FAILED : LDIR_EXIT_STOPPED,
	                          "Exiting from ldirectord status");
}

/* @word, which calls a server by its name, by its address (transfer full), NULL: it has none of @family. The daemon asks for no names: it
 * has more to do than to wait. */
static char *
by_address(const char *word, int family)
{
	const char *colon = strrchr(word, ':');
	g_autofree char *host = colon != NULL ? g_strndup(word, (gsize)(colon - word)) : g_strdup(word);
	g_autofree char *text = NULL;
	LdirAddress addr;

	if (!ldir_lookup_system.host(host, family, &addr))
		return NULL;
	text = ldir_address_text(&addr);
	return g_strconcat(text, colon, NULL);
}

/* FALSE: as ldir_command_tell(). A name may have an address of each family, and the daemon knows servers of one or of both. */
static gboolean
tell_order(const LdirContext *context, const char *server, char **ret_why)
{
	static const int families[] = { AF_INET, AF_INET6 };
	g_autofree char *rest = g_strjoinv(" ", (char **)(gsize)context->call->words + 1);
	gboolean is_done = FALSE;

	*ret_why = g_strdup_printf("there is no server %s: it is no address, and the resolver does not know it", server);
	for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
		g_autofree char *place = by_address(server, families[i]);
		g_autofree char *line = NULL;

		if (place == NULL)
			continue;
		g_free(*ret_why);
		line = g_strdup_printf("%s %s%s%s", context->call->command, place, rest[0] != '\0' ? " " : "", rest);
		is_done |= ldir_command_tell(context, line, LDIR_ANSWER_MS, ret_why);
	}
	return is_done;
}

static gboolean
is_address(const char *word)
{
	LdirAddress addr;
	int port;

	return ldir_address_parse_place(word, &addr, &port) || ldir_address_parse(word, AF_INET6, &addr);
}

/* What the daemon is told while it runs. */
int
ldir_command_order(LdirContext *context)
{
	const char *server = context->call->words[0];
	g_autofree char *words = g_strjoinv(" ", (char **)(gsize)context->call->words);
	g_autofree char *line = g_strdup_printf("%s%s%s", context->call->command, words[0] != '\0' ? " " : "", words);
	g_autofree char *why = NULL;
	gboolean is_done;

	if (context->state != LDIR_INSTANCE_RUNNING || context->instance->config == NULL) {
		fprintf(stderr, "ldirectord is stopped for %s\n", context->shown);
		return ldir_command_leave(LDIR_EXIT_FAILED, "Exiting from ldirectord");
	}
	is_done = server != NULL && !is_address(server) ? tell_order(context, server, &why)
	                                                : ldir_command_tell(context, line, LDIR_ANSWER_MS, &why);
	if (is_done)
		return LDIR_EXIT_FINE;
	fprintf(stderr, "ldirectord: %s\n", why);
	return LDIR_EXIT_FAILED;
}
