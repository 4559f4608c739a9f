/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <glib.h>

#include "log/log.h"
#include "logger/logd.h"
#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define FRAME_MAGIC 0xabcdu
#define TYPE_LINE 2
#define SEND_LIMIT_S 2

/* doc/client-api.md 10 */
typedef struct {
	gint32 len;             /* of what follows .magic */
	guint32 magic;
	gint32 type;
	gint32 facility;        /* as openlog(3) has it */
	gint32 priority;
	gint32 text_len;        /* with its end */
	gint32 shows_priority;  /* "info: " in front of the text */
	gint32 pid;
	char entity[64];
	gint64 when_s;
} Head;

G_STATIC_ASSERT(sizeof(Head) == 104);

#define FRAME_HEAD_LEN (2 * sizeof(guint32))

GByteArray *
hb_logd_frame(const HbLogRecord *record, int facility)
{
	gsize text_len = strlen(record->text) + 1;
	GByteArray *frame = g_byte_array_sized_new((guint)(sizeof(Head) + text_len));
	Head head = {
		.len = (gint32)(sizeof head - FRAME_HEAD_LEN + text_len), .magic = FRAME_MAGIC, .type = TYPE_LINE,
		.facility = facility * 8, .priority = (gint32)record->level, .text_len = (gint32)text_len,
		.shows_priority = 1, .pid = record->pid, .when_s = record->when_s,
	};

	g_strlcpy(head.entity, record->entity, sizeof head.entity);
	g_byte_array_append(frame, (const guint8 *)&head, sizeof head);
	g_byte_array_append(frame, (const guint8 *)record->text, (guint)text_len);
	return frame;
}

/* FALSE with @ret_err. */
static gboolean
reach(HbLogd *logd, int *ret_err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const struct timeval limit = { .tv_sec = SEND_LIMIT_S };
	gint64 now_ms = hb_time_now_ms();

	if (logd->fd >= 0)
		return TRUE;
	if (now_ms < logd->next_try_ms)
		return FALSE;
	logd->next_try_ms = now_ms + logd->retry_ms;
	g_strlcpy(address.sun_path, logd->path, sizeof address.sun_path);
	logd->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (logd->fd >= 0 && setsockopt(logd->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0 &&
	    connect(logd->fd, (const struct sockaddr *)&address, sizeof address) == 0) {
		if (logd->told)
			hb_log(HB_LOG_INFO, "the log daemon answers again");
		logd->told = FALSE;
		return TRUE;
	}
	*ret_err = errno;
	if (logd->fd >= 0)
		hb_fd_close(logd->fd);
	logd->fd = -1;
	return FALSE;
}

gboolean
hb_logd_send(HbLogd *logd, const HbLogRecord *record)
{
	g_autoptr(GByteArray) frame = hb_logd_frame(record, logd->facility);
	int err = ENOTCONN;

	if (reach(logd, &err)) {
		if (send(logd->fd, frame->data, frame->len, MSG_NOSIGNAL) == (gssize)frame->len)
			return TRUE;
		/* Half a frame, or none: what follows on this connection would be read wrongly. */
		err = errno;
		hb_fd_close(logd->fd);
		logd->fd = -1;
	}
	if (!logd->told)
		hb_log(HB_LOG_WARN, "the log daemon at %s does not answer (%s): lines go to the log files or to syslog; "
		       "trying again every %" G_GINT64_FORMAT " ms", logd->path, g_strerror(err), logd->retry_ms);
	logd->told = TRUE;
	return FALSE;
}
