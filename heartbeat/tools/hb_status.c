/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hb_status - asks the hb-node of this machine what it knows, and prints the answer.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <glib.h>

#include "util/fd.h"

#include "util/banned.h"

#define EXIT_OK         0
#define EXIT_FAULT      1
#define EXIT_USAGE      2
#define EXIT_NOT_UP     3
#define EXIT_PERMISSION 4

#define ANSWER_S 5

/* Prints why, and returns the exit code. */
static int
not_reached(const char *path, int err)
{
	if (err == EACCES || err == EPERM) {
		g_printerr("hb_status: %s: %s (members of group %s may ask)\n", path, g_strerror(err), HB_GROUP);
		return EXIT_PERMISSION;
	}
	if (err == ENOENT || err == ECONNREFUSED) {
		g_printerr("hb_status: heartbeat is not running on this machine (%s: %s)\n", path, g_strerror(err));
		return EXIT_NOT_UP;
	}
	g_printerr("hb_status: %s: %s\n", path, g_strerror(err));
	return EXIT_FAULT;
}

static gboolean
send_request(int fd, const char *request)
{
	g_autofree char *line = g_strdup_printf("%s\n", request);

	return send(fd, line, strlen(line), MSG_NOSIGNAL) == (ssize_t)strlen(line);
}

static int
print_answer(int fd)
{
	gsize n_all = 0;

	for (;;) {
		char buf[65536];
		ssize_t len = recv(fd, buf, sizeof buf, 0);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && errno == EAGAIN) {
			g_printerr("hb_status: no answer within %d s: heartbeat is just starting, or it hangs\n", ANSWER_S);
			return EXIT_FAULT;
		}
		if (len < 0 || (len == 0 && n_all == 0)) {
			g_printerr("hb_status: no answer: %s\n", len < 0 ? g_strerror(errno) : "too many clients");
			return EXIT_FAULT;
		}
		if (len == 0)
			return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAULT;
		n_all += (gsize)len;
		if (fwrite(buf, 1, (gsize)len, stdout) != (gsize)len)
			return EXIT_FAULT;
	}
}

static int
ask(const char *path, const char *request)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = ANSWER_S };
	g_auto(HbFd) fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof addr.sun_path)
		return not_reached(path, ENAMETOOLONG);
	memcpy(addr.sun_path, path, strlen(path));
	if (fd < 0)
		return not_reached(path, errno);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&addr, sizeof addr) < 0 || !send_request(fd, request))
		return not_reached(path, errno);
	return print_answer(fd);
}

int
main(int argc, char **argv)
{
	gboolean json = FALSE, metrics = FALSE, groups = FALSE, recorder = FALSE;
	g_autofree char *path = NULL;
	const GOptionEntry entries[] = {
		{ "json", 0, 0, G_OPTION_ARG_NONE, &json, "Print everything as JSON", NULL },
		{ "metrics", 0, 0, G_OPTION_ARG_NONE, &metrics, "Print numbers, one per line, for Prometheus", NULL },
		{ "groups", 0, 0, G_OPTION_ARG_NONE, &groups, "Print resource groups, one per line, for scripts", NULL },
		{ "recorder", 0, 0, G_OPTION_ARG_NONE, &recorder, "Print the last events and decisions", NULL },
		{ "socket", 0, 0, G_OPTION_ARG_FILENAME, &path, "Ask at this socket", "PATH" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL }
	};
	g_autoptr(GOptionContext) context = g_option_context_new(NULL);
	g_autoptr(GError) error = NULL;

	g_option_context_set_summary(context, "Shows nodes, resource groups and media as this node sees them.");
	g_option_context_add_main_entries(context, entries, NULL);
	if (!g_option_context_parse(context, &argc, &argv, &error)) {
		g_printerr("hb_status: %s\n", error->message);
		return EXIT_USAGE;
	}
	if (argc > 1 || json + metrics + groups + recorder > 1) {
		g_printerr("hb_status: at most one of --json, --metrics, --groups, --recorder; no other words\n");
		return EXIT_USAGE;
	}
	return ask(path ? path : HB_RUN_DIR "/status.sock",
	           json ? "json" : metrics ? "metrics" : groups ? "groups" : recorder ? "recorder" : "text");
}
