/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <glib.h>

#include "exec/notify.h"
#include "exec/options.h"
#include "util/fd.h"

#include "util/banned.h"

/* What passes through the pipe, once. */
typedef struct {
	gint32 code;
	char text[600];
} Verdict;

static int verdict_fd = -1;
static gboolean is_daemon;

static void G_GNUC_NORETURN
wait_for_verdict(int fd)
{
	Verdict verdict = { 0 };
	gssize n;

	do
		n = read(fd, &verdict, sizeof verdict);
	while (n < 0 && errno == EINTR);
	if (n != (gssize)sizeof verdict) {
		verdict.code = HB_EXIT_FAILED;
		g_strlcpy(verdict.text, "the daemon died while it started", sizeof verdict.text);
	}
	verdict.text[sizeof verdict.text - 1] = '\0';
	if (verdict.text[0] != '\0')
		fprintf(stderr, "heartbeat: %s\n", verdict.text);
	/* Nothing of the daemon's is to be undone here. */
	fflush(NULL);
	_exit(verdict.code);
}

gboolean
hb_notify_daemonize(GError **error)
{
	int ends[2], devnull;
	pid_t pid;

	fflush(NULL);
	if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot go into the background: %s",
		            g_strerror(errno));
		return FALSE;
	}
	if (pid > 0) {
		hb_fd_close(ends[1]);
		wait_for_verdict(ends[0]);
	}
	hb_fd_close(ends[0]);
	verdict_fd = ends[1];
	is_daemon = TRUE;
	(void)setsid();
	devnull = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd <= 2; fd++)
		(void)dup2(devnull, fd);
	if (devnull > 2)
		hb_fd_close(devnull);
	return TRUE;
}

static void
give(int code, const char *text)
{
	Verdict verdict = { .code = code };
	gssize n;

	if (verdict_fd < 0)
		return;
	g_strlcpy(verdict.text, text, sizeof verdict.text);
	n = write(verdict_fd, &verdict, sizeof verdict);        /* less than PIPE_BUF: whole or not at all */
	(void)n;
	hb_fd_close(verdict_fd);
	verdict_fd = -1;
}

void
hb_notify_started(void)
{
	char text[64];

	give(HB_EXIT_OK, "");
	g_snprintf(text, sizeof text, "READY=1\nMAINPID=%d", (int)getpid());
	hb_notify_systemd(text);
}

void
hb_notify_failed(int code, const char *text)
{
	if (is_daemon)
		give(code, text);
	else
		fprintf(stderr, "heartbeat: %s\n", text);
}

void
hb_notify_systemd(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	g_auto(HbFd) fd = -1;
	gsize len;

	if (path == NULL || (*path != '/' && *path != '@'))
		return;
	len = strlen(path);
	if (len >= sizeof addr.sun_path)
		return;
	memcpy(addr.sun_path, path, len);
	if (*path == '@')
		addr.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&addr,
	             (socklen_t)(G_STRUCT_OFFSET(struct sockaddr_un, sun_path) + len));
}
