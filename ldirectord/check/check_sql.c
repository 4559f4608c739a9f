/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check_sql.c - service=mysql, pgsql, oracle: the statement request= gives a row (doc/ldirectord.md 3.4).
 *
 * Asked by the client program of the database: a process that can be killed, whatever its library does.
 * Passwords go by the environment or the input, where no list of processes shows them.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "ldirectord/check/check_sql.h"
#include "ldirectord/check/check_talk.h"
#include "ldirectord/check/child.h"
#include "util/banned.h"

#define WORDS_MAX 16

/* "%H" host, "%P" port, "%L" login, "%D" database, "%S" statement, "%W" password; in .input as well. */
typedef struct {
	LdirService service;
	const char *package;            /* of Debian */
	const char *otherwise;          /* the statement, where there is no request= */
	const char *password_name;      /* in the environment; NULL: not there */
	const char *input;              /* NULL: none */
	const char *words[WORDS_MAX];
} SqlClient;

static const SqlClient clients[] = {
	{ LDIR_SERVICE_MYSQL, "default-mysql-client", "SELECT 1", "MYSQL_PWD", NULL,
	  { "mysql", "--no-defaults", "--batch", "--skip-column-names", "--protocol=TCP", "--host=%H", "--port=%P", "--user=%L",
	    "--database=%D", "--execute=%S" } },
	{ LDIR_SERVICE_PGSQL, "postgresql-client", "SELECT 1", "PGPASSWORD", NULL,
	  { "psql", "--no-psqlrc", "--no-align", "--tuples-only", "--quiet", "--no-password", "--host=%H", "--port=%P",
	    "--username=%L", "--dbname=%D", "--command=%S" } },
	{ LDIR_SERVICE_ORACLE, "Oracle's Instant Client", "SELECT 1 FROM dual", NULL,
	  "whenever sqlerror exit failure\nwhenever oserror exit failure\nconnect %L/\"%W\"@//%H:%P/%D\n"
	  "set heading off feedback off pagesize 0\n%S;\nexit\n",
	  { "sqlplus", "-S", "-L", "/nolog" } },
};

typedef struct {
	const char *login, *passwd, *database, *statement;
	char *host;
	guint16 port;
} Values;

static const SqlClient *
find_client(LdirService service)
{
	for (guint i = 0; i < G_N_ELEMENTS(clients); i++)
		if (clients[i].service == service)
			return &clients[i];
	return NULL;
}

static const SqlClient *
client_of(const LdirVirtual *vs)
{
	const SqlClient *client = find_client(ldir_virtual_service(vs));

	g_assert(client != NULL);
	return client;
}

const char *
ldir_sql_program(LdirService service, const char **ret_package)
{
	const SqlClient *client = find_client(service);

	if (client == NULL)
		return NULL;
	*ret_package = client->package;
	return client->words[0];
}

/* @text with its values (transfer full) */
static char *
fill(const char *text, const Values *values)
{
	GString *out = g_string_new(NULL);

	for (; *text != '\0'; text++) {
		if (*text != '%') {
			g_string_append_c(out, *text);
			continue;
		}
		switch (*++text) {
		case 'H': g_string_append(out, values->host); break;
		case 'P': g_string_append_printf(out, "%u", values->port); break;
		case 'L': g_string_append(out, values->login); break;
		case 'W': g_string_append(out, values->passwd); break;
		case 'D': g_string_append(out, values->database); break;
		case 'S': g_string_append(out, values->statement); break;
		default: g_assert_not_reached();
		}
	}
	return g_string_free(out, FALSE);
}

/* Rows come without a heading: any octet is one. */
static void
sql_done(gpointer user, int status, const char *output, gsize len)
{
	LdirTask *task = user;

	(void)output;
	task->state = NULL;
	if (WIFSIGNALED(status))
		ldir_task_end(task, FALSE, "%s: ended by signal %d", client_of(task->vs)->words[0], WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		ldir_task_end(task, FALSE, "%s: exit status %d", client_of(task->vs)->words[0], WEXITSTATUS(status));
	else
		ldir_task_end(task, len > 0, "%s", len > 0 ? "a row" : "no row");
}

static void
run(LdirTask *task, const SqlClient *client, const Values *values)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) env = g_get_environ();
	g_autofree char *input = client->input != NULL ? fill(client->input, values) : NULL;
	LdirChildSpec spec;

	for (guint i = 0; client->words[i] != NULL; i++)
		g_ptr_array_add(words, fill(client->words[i], values));
	g_ptr_array_add(words, NULL);
	if (client->password_name != NULL)
		env = g_environ_setenv(env, client->password_name, values->passwd, TRUE);
	spec = (LdirChildSpec){
		.argv = (const char *const *)words->pdata, .envp = (const char *const *)env, .input = input, .wants_output = TRUE,
		.pool = ldir_pool_of(task),
	};
	task->state = ldir_child_start(task->checker, &spec, sql_done, task);
}

static const char *
or_nothing(const char *text)
{
	return text != NULL ? text : "";
}

static gboolean
sql_begin(LdirTask *task, gint64 now_ms)
{
	const SqlClient *client = client_of(task->vs);
	LdirAsk ask;
	const char *statement;
	g_autofree char *host = ldir_address_bare(&task->real->addr);

	(void)now_ms;
	ldir_ask_fill(&ask, task, host);
	if (ask.login == NULL) {
		ldir_task_end(task, FALSE, "login= is missing");
		return TRUE;
	}
	statement = ldir_talk_request(&ask);
	run(task, client, &(Values){
		.login = ask.login, .passwd = or_nothing(ask.passwd), .database = or_nothing(ask.database),
		.statement = statement[0] != '\0' ? statement : client->otherwise, .host = host, .port = task->real->check_port,
	});
	if (task->state == NULL && ldir_errno_is_ours(errno))
		return FALSE;
	if (task->state == NULL)
		ldir_task_end(task, FALSE, "cannot run %s: %s; it is in %s", client->words[0], g_strerror(errno), client->package);
	return TRUE;
}

static void
sql_finish(LdirTask *task)
{
	if (task->state != NULL)
		ldir_child_abandon(task->state);
	task->state = NULL;
}

const LdirTaskOps ldir_check_sql = { sql_begin, NULL, sql_finish, TRUE };
