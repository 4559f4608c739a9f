/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <pwd.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "ldirectord/run/alert.h"
#include "ldirectord/run/logfile.h"
#include "util/banned.h"

#define LIMIT_MS     60000
#define HOST_MAX     256
#define SENDMAIL     "/usr/sbin/sendmail"

static const char *
either(const char *own, const char *global)
{
	return own != NULL ? own : global;
}

const char *
ldir_status_word(LdirStatusWord status)
{
	switch (status) {
	case LDIR_STATUS_STARTING: return "starting";
	case LDIR_STATUS_STOPPING: return "stopping";
	case LDIR_STATUS_RELOADING: return "reloading";
	default: return "running";
	}
}

static gboolean
is_wanted(const LdirConfig *config, const LdirVirtual *vs, LdirStatusWord status)
{
	gint64 mask = vs->own.emailalertstatus != LDIR_UNSET ? vs->own.emailalertstatus : config->global.emailalertstatus;

	return mask == LDIR_UNSET || (mask & status) != 0;
}

/* Words, or of "Name <address>" the address; @text, between two commas, is written to. */
static void
add_recipients(GPtrArray *out, char *text)
{
	char *open = strchr(text, '<');
	char *close = open != NULL ? strchr(open, '>') : NULL;
	g_auto(GStrv) words = NULL;

	if (close != NULL) {
		*close = '\0';
		text = open + 1;
	}
	words = g_strsplit_set(text, " \t", -1);
	for (guint i = 0; words[i] != NULL; i++)
		if (words[i][0] != '\0')
			g_ptr_array_add(out, g_strdup(words[i]));
}

GStrv
ldir_alert_recipients(const LdirConfig *config, const LdirVirtual *vs)
{
	const char *list = either(vs->own.emailalert, config->global.emailalert);
	g_autofree char *bare = g_strdelimit(g_strdup(list != NULL ? list : ""), "\"", ' ');
	g_auto(GStrv) parts = g_strsplit_set(bare, ",;", -1);
	g_autoptr(GPtrArray) out = g_ptr_array_new();

	for (guint i = 0; parts[i] != NULL; i++)
		add_recipients(out, parts[i]);
	g_ptr_array_add(out, NULL);
	return (GStrv)g_ptr_array_free(g_steal_pointer(&out), FALSE);
}

char *
ldir_alert_message(const LdirConfig *config, const LdirVirtual *vs, const char *subject, LdirStatusWord status,
                   const LdirAlertSender *sender)
{
	g_auto(GStrv) recipients = ldir_alert_recipients(config, vs);
	g_autofree char *to = g_strjoinv(", ", recipients);
	GString *out;

	if (recipients[0] == NULL || !is_wanted(config, vs, status))
		return NULL;
	out = g_string_new(NULL);
	if (config->global.emailalertfrom != NULL)
		g_string_append_printf(out, "From: %s\n", config->global.emailalertfrom);
	else
		g_string_append_printf(out, "From: %s@%s\n", sender->user, sender->host);
	g_string_append_printf(out, "To: %s\nSubject: ", to);
	if (vs->own.servicename != NULL)
		g_string_append_printf(out, "[%s] ", vs->own.servicename);
	g_string_append_printf(out, "%s\nDate: %s\nMessage-ID: <%s>\n\n", subject, sender->date, sender->message_id);
	g_string_append_printf(out, "ldirectord host: %s\nLog-Message: %s\nDaemon-Status: %s\n\n", sender->host, subject,
	                       ldir_status_word(status));
	if (vs->own.servicename != NULL)
		g_string_append_printf(out, "Service name: %s\n", vs->own.servicename);
	if (vs->own.comment != NULL)
		g_string_append_printf(out, "Comment: %s\n", vs->own.comment);
	return g_string_free(out, FALSE);
}

/* Without the C locale's words a mail's date could not be read: strftime's are translated. (transfer full) */
static char *
date_now(void)
{
	static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	g_autoptr(GDateTime) now = g_date_time_new_now_local();
	g_autofree char *rest = g_date_time_format(now, "%Y %H:%M:%S %z");

	return g_strdup_printf("%s, %02d %s %s", days[g_date_time_get_day_of_week(now) - 1], g_date_time_get_day_of_month(now),
	                       months[g_date_time_get_month(now) - 1], rest);
}

static void
hand_over(LdirJobs *jobs, const char *program, const char *smtp, const char *from, GStrv recipients, const char *message)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();

	if (smtp == NULL) {
		ldir_jobs_add(jobs, LDIR_ALERT_LANE, SENDMAIL, (const char *const[]){ SENDMAIL, "-t", "-i", NULL }, message, LIMIT_MS);
		return;
	}
	g_ptr_array_add(argv, (gpointer)program);
	g_ptr_array_add(argv, (gpointer) "--send-mail");
	g_ptr_array_add(argv, (gpointer)smtp);
	g_ptr_array_add(argv, (gpointer)from);
	for (guint i = 0; recipients[i] != NULL; i++)
		g_ptr_array_add(argv, recipients[i]);
	g_ptr_array_add(argv, NULL);
	ldir_jobs_add(jobs, LDIR_ALERT_LANE, smtp, (const char *const *)argv->pdata, message, LIMIT_MS);
}

void
ldir_alert(LdirJobs *jobs, const char *program, const LdirConfig *config, const LdirVirtual *vs, const char *subject,
           LdirStatusWord status)
{
	char host[HOST_MAX] = "localhost";
	const struct passwd *user;
	g_autofree char *date = NULL;
	g_autofree char *id = NULL;
	g_autofree char *message_id = NULL;
	g_autofree char *from = NULL;
	g_autofree char *message = NULL;
	g_auto(GStrv) recipients = ldir_alert_recipients(config, vs);

	if (recipients[0] == NULL)
		return;
	user = getpwuid(getuid());
	date = date_now();
	id = g_uuid_string_random();
	(void)gethostname(host, sizeof host - 1);
	message_id = g_strdup_printf("%s@%s", id, host);
	from = g_strdup_printf("%s@%s", user != NULL ? user->pw_name : "root", host);
	message = ldir_alert_message(config, vs, subject, status, &(LdirAlertSender){
		.host = host, .user = user != NULL ? user->pw_name : "root", .date = date, .message_id = message_id });
	if (message == NULL)
		return;
	ldir_log("emailalert: %s", subject);
	hand_over(jobs, program, either(vs->own.smtp, config->global.smtp), from, recipients, message);
}
