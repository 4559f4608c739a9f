/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <config.h>
#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "ldirectord/run/control.h"
#include "util/banned.h"
#include "util/fd.h"

#define CALLERS_MAX 16
#define LINE_BYTES  512
#define CALLER_MS   10000       /* for a caller to ask and to read */

struct LdirControl {
	char *path;
	int fd;
	guint source;
	char *(*answer)(const char *line, gpointer user);
	gpointer user;
	GList *callers;
};

typedef struct {
	LdirControl *control;
	int fd;
	guint source, limit;
	char line[LINE_BYTES];
	gsize len;
	char *text;             /* NULL: it has not asked yet */
	gsize done;
} Caller;

static gboolean
address_of(const char *path, struct sockaddr_un *ret)
{
	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	return g_strlcpy(ret->sun_path, path, sizeof ret->sun_path) < sizeof ret->sun_path;
}

static void
caller_free(Caller *caller)
{
	caller->control->callers = g_list_remove(caller->control->callers, caller);
	if (caller->source != 0)
		g_source_remove(caller->source);
	if (caller->limit != 0)
		g_source_remove(caller->limit);
	(void)close(caller->fd);
	g_free(caller->text);
	g_free(caller);
}

static gboolean
on_limit(gpointer data)
{
	Caller *caller = data;

	caller->limit = 0;
	caller_free(caller);
	return G_SOURCE_REMOVE;
}

static gboolean
on_writable(gint fd, GIOCondition condition, gpointer data)
{
	Caller *caller = data;
	gsize left = strlen(caller->text + caller->done);
	gssize sent = send(fd, caller->text + caller->done, left, MSG_NOSIGNAL);

	(void)condition;
	if (sent < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (sent > 0)
		caller->done += (gsize)sent;
	if (sent > 0 && (gsize)sent < left)
		return G_SOURCE_CONTINUE;
	caller->source = 0;
	caller_free(caller);
	return G_SOURCE_REMOVE;
}

static gboolean
on_readable(gint fd, GIOCondition condition, gpointer data)
{
	Caller *caller = data;
	gssize got = recv(fd, caller->line + caller->len, sizeof caller->line - 1 - caller->len, 0);
	char *end;

	(void)condition;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	caller->source = 0;
	if (got > 0)
		caller->len += (gsize)got;
	end = memchr(caller->line, '\n', caller->len);
	if (end != NULL) {
		*end = '\0';
		caller->text = caller->control->answer(caller->line, caller->control->user);
		caller->source = g_unix_fd_add(fd, G_IO_OUT, on_writable, caller);
	} else if (got > 0 && caller->len < sizeof caller->line - 1) {
		caller->source = g_unix_fd_add(fd, G_IO_IN, on_readable, caller);
	} else {
		caller_free(caller);
	}
	return G_SOURCE_REMOVE;
}

static gboolean
on_caller(gint fd, GIOCondition condition, gpointer data)
{
	LdirControl *control = data;
	int caller_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	Caller *caller;

	(void)condition;
	if (caller_fd < 0)
		return G_SOURCE_CONTINUE;
	if (g_list_length(control->callers) >= CALLERS_MAX) {
		(void)close(caller_fd);
		return G_SOURCE_CONTINUE;
	}
	caller = g_new0(Caller, 1);
	caller->control = control;
	caller->fd = caller_fd;
	caller->source = g_unix_fd_add(caller_fd, G_IO_IN, on_readable, caller);
	caller->limit = g_timeout_add(CALLER_MS, on_limit, caller);
	control->callers = g_list_prepend(control->callers, caller);
	return G_SOURCE_CONTINUE;
}

LdirControl *
ldir_control_new(const char *path, char *(*answer)(const char *line, gpointer user), gpointer user, GError **error)
{
	struct sockaddr_un addr;
	g_auto(HbFd) fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t mask = umask(0177);
	gboolean is_bound;
	LdirControl *control;

	(void)unlink(path);     /* the lock says that nobody else is there */
	is_bound = fd >= 0 && address_of(path, &addr) && bind(fd, (struct sockaddr *)&addr, sizeof addr) == 0 && listen(fd, CALLERS_MAX) == 0;
	(void)umask(mask);
	if (!is_bound) {
		g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "cannot listen at %s: %s", path, g_strerror(errno));
		return NULL;
	}
	control = g_new0(LdirControl, 1);
	control->path = g_strdup(path);
	control->fd = hb_fd_steal(&fd);
	control->answer = answer;
	control->user = user;
	control->source = g_unix_fd_add(control->fd, G_IO_IN, on_caller, control);
	return control;
}

void
ldir_control_free(LdirControl *control)
{
	if (control == NULL)
		return;
	while (control->callers != NULL)
		caller_free(control->callers->data);
	g_source_remove(control->source);
	(void)unlink(control->path);
	(void)close(control->fd);
	g_free(control->path);
	g_free(control);
}

char *
ldir_control_ask(const char *path, const char *line, guint limit_ms, GError **error)
{
	struct sockaddr_un addr;
	struct timeval limit = { .tv_sec = limit_ms / 1000, .tv_usec = (limit_ms % 1000) * 1000 };
	g_auto(HbFd) fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	g_autofree char *request = g_strdup_printf("%s\n", line);
	GString *out = g_string_new(NULL);
	char buffer[4096];
	gssize got = -1;

	/* the limit for sending is that of connect() too: who hangs takes no callers, and soon the kernel has no more room for them */
	if (fd >= 0 && address_of(path, &addr) && setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) == 0 && connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0 &&
	    send(fd, request, strlen(request), MSG_NOSIGNAL) == (gssize)strlen(request))
		while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0)
			g_string_append_len(out, buffer, got);
	if (got == 0)
		return g_string_free(out, FALSE);
	g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "no answer of the daemon at %s: %s", path, g_strerror(errno));
	(void)g_string_free(out, TRUE);
	return NULL;
}
