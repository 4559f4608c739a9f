/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* line.c - the formats of log lines, resource-manager.md 8. */
#include "log/line.h"

#include <string.h>

#include "util/banned.h"

/* As 3.0.6 writes them: tools look for "ERROR:" and "info:". */
static const char *const level_words[] = {
	[HB_LOG_EMERG] = "EMERG", [HB_LOG_ALERT] = "ALERT",   [HB_LOG_CRIT] = "CRIT",
	[HB_LOG_ERR] = "ERROR",   [HB_LOG_WARN] = "WARN",     [HB_LOG_NOTICE] = "notice",
	[HB_LOG_INFO] = "info",   [HB_LOG_DEBUG] = "debug",
};

/* Not strftime's %b: that follows the locale. */
static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
};

static gsize
text_end(const char *raw)
{
	gsize len = strlen(raw);

	while (len > 0 && (raw[len - 1] == '\n' || raw[len - 1] == '\r'))
		len--;
	return len;
}

char *
hb_line_clean(const char *raw)
{
	gsize len = text_end(raw);
	gsize shown = MIN(len, HB_LINE_TEXT_MAX);
	const char *end = raw + shown;
	GString *clean = g_string_sized_new(shown + 1);

	while (raw < end) {
		gunichar c = g_utf8_get_char_validated(raw, end - raw);

		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append_c(clean, '?');
			raw++;
			continue;
		}
		if (c == '\t')
			g_string_append_c(clean, ' ');
		else if (g_unichar_iscntrl(c))
			g_string_append_c(clean, '?');
		else
			g_string_append_unichar(clean, c);
		raw = g_utf8_next_char(raw);
	}
	if (shown < len)
		g_string_append_printf(clean, " [cut, was %" G_GSIZE_FORMAT " octets]", len);
	return g_string_free(clean, FALSE);
}

/* "Nov 21 07:46:37" */
static void
stamp_syslog(const struct tm *when, char *ret, gsize size)
{
	g_snprintf(ret, size, "%s %2d %02d:%02d:%02d", months[when->tm_mon % 12], when->tm_mday,
	           when->tm_hour, when->tm_min, when->tm_sec);
}

/* "2026/11/21_07:49:59" */
static void
stamp_classic(const struct tm *when, char *ret, gsize size)
{
	g_snprintf(ret, size, "%04d/%02d/%02d_%02d:%02d:%02d", when->tm_year + 1900,
	           when->tm_mon + 1, when->tm_mday, when->tm_hour, when->tm_min, when->tm_sec);
}

char *
hb_line_like_syslog(const HbLine *line)
{
	char stamp[64];

	stamp_syslog(&line->when, stamp, sizeof stamp);
	return g_strdup_printf("%s %s %s: [%d]: %s: %s", stamp, line->node, line->entity, line->pid,
	                       level_words[line->level], line->text);
}

char *
hb_line_classic(const HbLine *line)
{
	char stamp[64];

	stamp_classic(&line->when, stamp, sizeof stamp);
	return g_strdup_printf("%s[%d]: %s %s: %s", line->entity, line->pid, stamp,
	                       level_words[line->level], line->text);
}

char *
hb_line_datagram(const HbLine *line, int facility)
{
	char stamp[64];

	stamp_syslog(&line->when, stamp, sizeof stamp);
	return g_strdup_printf("<%d>%s %s: [%d]: %s: %s", facility * 8 + (int)line->level, stamp,
	                       line->entity, line->pid, level_words[line->level], line->text);
}

char *
hb_line_script_log(const HbLine *line)
{
	char stamp[64];

	stamp_classic(&line->when, stamp, sizeof stamp);
	return g_strdup_printf("%s  %s[%d]:    %s: %s", stamp, line->entity, line->pid,
	                       level_words[line->level], line->text);
}

char *
hb_line_script_debug(const HbLine *line)
{
	char stamp[64];

	stamp_classic(&line->when, stamp, sizeof stamp);
	return g_strdup_printf("%s[%d]:\t%s %s: %s", line->entity, line->pid, stamp,
	                       level_words[line->level], line->text);
}
