/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <fcntl.h>
#include <string.h>

#include "ldirectord/run/logfile.h"
#include "ldirectord/run/monitor.h"
#include "util/banned.h"
#include "util/fd.h"

#define OR_EMPTY(text) ((text) != NULL ? (text) : "")

/* The parts of the name, with ':' between; runs of ':' become one blank, a backslash nothing. */
static void
append_name(GString *out, const char *joined)
{
	for (const char *p = joined; *p != '\0'; p++)
		if (*p == ':' && (p == joined || p[-1] != ':'))
			g_string_append_c(out, ' ');
		else if (*p != ':' && *p != '\\')
			g_string_append_c(out, *p);
}

static void
append_message(GString *out, const char *message)
{
	for (const char *p = message; *p != '\0'; p++)
		if (strchr("%|\r\n", *p) != NULL)
			g_string_append_printf(out, "%%%02x", (guint)(guchar)*p);
		else
			g_string_append_c(out, *p);
}

static char *
check_word(const LdirVirtual *vs)
{
	LdirCheck check = ldir_virtual_check(vs);

	switch (check) {
	case LDIR_CHECK_NEGOTIATE:
		return g_strdup_printf("negotiate:%s", ldir_service_name(ldir_virtual_service(vs)));
	case LDIR_CHECK_COMBINED:
		return g_strdup_printf("combined:%s", ldir_service_name(ldir_virtual_service(vs)));
	case LDIR_CHECK_EXTERNAL:
	case LDIR_CHECK_EXTERNAL_PERL:
		return g_strdup_printf("%s:%s", ldir_check_name(check), vs->own.checkcommand != NULL ? vs->own.checkcommand : "/bin/true");
	default:
		return g_strdup(ldir_check_name(check));
	}
}

char *
ldir_monitor_name(const LdirVirtual *vs, const LdirReal *real)
{
	g_autofree char *word = check_word(vs);
	g_autofree char *addr = ldir_address_text(&real->addr);
	g_autofree char *checkport = vs->own.checkport != LDIR_UNSET ? g_strdup_printf("%d", (int)vs->own.checkport) : g_strdup("");
	const char *request = real->request != NULL ? real->request : vs->own.request != NULL ? vs->own.request : "/";
	const char *receive = real->receive != NULL ? real->receive : vs->own.receive;

	return g_strdup_printf("%s:%s:%s:%u:%s:%s:%u:%s:%s%s:%s", word, ldir_protocol_name(ldir_virtual_protocol(vs)), addr, real->port,
	                       OR_EMPTY(vs->own.virtualhost), checkport, real->weight, ldir_forward_name(real->forward),
	                       request[0] == '/' ? "" : "/", request, OR_EMPTY(receive));
}

char *
ldir_monitor_text(const LdirScheduleEffect *verdict)
{
	g_autofree char *name = ldir_monitor_name(verdict->vs, verdict->real);
	GString *out = g_string_new(NULL);

	append_name(out, name);
	g_string_append(out, verdict->is_good ? " [up] " : " [down] ");
	append_message(out, verdict->why[0] != '\0' ? verdict->why : "-");
	return g_string_free(out, FALSE);
}

void
ldir_monitor_note(const LdirScheduleEffect *verdict)
{
	const char *path = verdict->vs->own.monitorfile;
	g_autofree char *text = NULL;
	g_autofree char *time_text = NULL;
	g_autofree char *line = NULL;
	g_auto(HbFd) fd = -1;

	if (path == NULL)
		return;
	text = ldir_monitor_text(verdict);
	time_text = ldir_log_time();
	line = g_strdup_printf("[%s] [%d] %s\n", time_text, (int)getpid(), text);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644);
	if (fd >= 0)
		(void)!write(fd, line, strlen(line));
}
