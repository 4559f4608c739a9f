/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apiclient - an API client for the tests: says what it is told to, well formed or not.
 *
 *   apiclient talk ID      signs on ("-": without a name) and prints each message in one line, fields parted by "|".
 *                          Lines of standard input are sent: "t=x|y=z" as it stands, "?numnodes" as a request.
 *                          Ends with "closed" when the daemon closes, or at the end of input.
 *   apiclient deaf ID      signs on and never reads again; sends itself messages until it is thrown out: "closed N"
 *   apiclient crowd N      makes N connections and signs on with each: "N signed on"; holds them until the end of input
 *   apiclient rubbish      each kind of rubbish on a connection of its own
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "ipc/ipc.h"
#include "wire/apimsg.h"

#include "util/banned.h"

#define REGISTER "/run/heartbeat/register"
#define ANSWER_MS 20000
#define DEAF_MAX 100000

static void
say(HbIpc *ipc, const HbMsg *msg)
{
	g_autoptr(GByteArray) payload = hb_apimsg_encode(msg);

	(void)hb_ipc_send(ipc, payload->data, payload->len);
}

static HbMsg *
request_new(const char *reqtype, const char *id)
{
	g_autofree char *pid = g_strdup_printf("%d", (int)getpid());

	return hb_apimsg_request_new(reqtype, "localhost", pid, strcmp(id, "-") == 0 ? pid : id);
}

static void
say_signon(HbIpc *ipc, const char *id)
{
	g_autoptr(HbMsg) msg = request_new(HB_API_SIGNON, id);

	(void)hb_msg_add_dec(msg, "uid", geteuid());
	(void)hb_msg_add_dec(msg, "gid", getegid());
	say(ipc, msg);
}

static HbIpc *
come(void)
{
	int fd = hb_ipc_connect(REGISTER);

	if (fd < 0) {
		printf("cannot connect: %s\n", g_strerror(errno));
		exit(2);
	}
	return hb_ipc_new(fd);
}

static void
print(GBytes *payload)
{
	g_autofree char *text = g_strndup(g_bytes_get_data(payload, NULL), g_bytes_get_size(payload));
	const char *begin = g_str_has_prefix(text, ">>>\n") ? text + 4 : text;
	char *end = strstr(text, "\n<<<\n");

	if (end != NULL)
		*end = '\0';
	g_strdelimit(text, "\n", '|');
	printf("%s\n", begin);
	fflush(stdout);
}

static void
say_line(HbIpc *ipc, const char *id, char *line)
{
	g_autoptr(HbMsg) msg = line[0] == '?' ? NULL : hb_msg_new();
	g_auto(GStrv) fields = g_strsplit(line[0] == '?' ? line + 1 : line, "|", -1);

	if (msg == NULL)
		msg = request_new(fields[0], id);
	for (guint i = line[0] == '?' ? 1 : 0; fields[i] != NULL; i++) {
		g_auto(GStrv) pair = g_strsplit(fields[i], "=", 2);

		if (pair[0] != NULL && pair[1] != NULL)
			(void)hb_msg_add_string(msg, pair[0], pair[1]);
	}
	say(ipc, msg);
}

/* FALSE: the end of input. */
static gboolean
serve_input(HbIpc *ipc, const char *id)
{
	static char buf[4096];
	static gsize used;
	ssize_t len = read(0, buf + used, sizeof buf - 1 - used);
	char *end;

	if (len <= 0)
		return FALSE;
	used += (gsize)len;
	buf[used] = '\0';
	while ((end = strchr(buf, '\n')) != NULL) {
		*end = '\0';
		say_line(ipc, id, buf);
		used -= (gsize)(end + 1 - buf);
		memmove(buf, end + 1, used + 1);
	}
	return TRUE;
}

static int
talk(const char *id)
{
	g_autoptr(HbIpc) ipc = come();

	say_signon(ipc, id);
	for (;;) {
		struct pollfd fds[] = { { .fd = hb_ipc_fd(ipc), .events = POLLIN }, { .events = POLLIN } };
		g_autoptr(GBytes) payload = NULL;
		HbIpcVerdict verdict = hb_ipc_read(ipc, &payload);

		if (verdict == HB_IPC_OK) {
			print(payload);
			continue;
		}
		if (verdict != HB_IPC_AGAIN) {
			printf("closed\n");
			return 0;
		}
		(void)poll(fds, 2, -1);
		if (fds[1].revents != 0 && !serve_input(ipc, id))
			return 0;
	}
}

/* Until the daemon has had enough. */
static int
deaf(const char *id)
{
	g_autoptr(HbIpc) ipc = come();
	g_autofree char *text = g_strnfill(1000, 'x');
	guint n = 0;

	say_signon(ipc, id);
	while (n < DEAF_MAX) {
		g_autoptr(HbMsg) msg = hb_msg_new();
		g_autoptr(GByteArray) payload = NULL;

		(void)hb_msg_add_string(msg, "t", "noise");
		(void)hb_msg_add_string(msg, "d", text);
		payload = hb_apimsg_encode(msg);
		if (hb_ipc_wait(ipc, TRUE, ANSWER_MS) != HB_IPC_OK ||
		    hb_ipc_send(ipc, payload->data, payload->len) == HB_IPC_CLOSED)
			break;
		n++;
	}
	printf("closed %u\n", n);
	return n < DEAF_MAX ? 0 : 1;
}

/* The daemon says yes, or closes. */
static gboolean
is_signed_on(HbIpc *ipc)
{
	g_autoptr(GBytes) payload = NULL;

	say_signon(ipc, "-");
	return hb_ipc_wait(ipc, FALSE, ANSWER_MS) == HB_IPC_OK && hb_ipc_read(ipc, &payload) == HB_IPC_OK;
}

/* Each under the number of a process of its own, as they must be. */
static int
crowd(guint n)
{
	struct rlimit limit = { 65536, 65536 };
	g_autofree pid_t *pids = g_new0(pid_t, n);
	guint n_on = 0;
	char c;
	int back[2];

	(void)setrlimit(RLIMIT_NOFILE, &limit);
	if (pipe(back) < 0)
		return 2;
	for (guint i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			int fd = hb_ipc_connect(REGISTER);

			c = fd >= 0 && is_signed_on(hb_ipc_new(fd)) ? '+' : '-';
			(void)!write(back[1], &c, 1);
			pause();
			_exit(0);
		}
	}
	for (guint i = 0; i < n; i++)
		if (pids[i] > 0 && read(back[0], &c, 1) == 1)
			n_on += c == '+';
	printf("%u signed on\n", n_on);
	fflush(stdout);
	while (read(0, &c, 1) > 0)
		continue;
	for (guint i = 0; i < n; i++)
		if (pids[i] > 0)
			(void)kill(pids[i], SIGKILL);
	return 0;
}

static void
throw(const void *data, gsize len)
{
	g_autoptr(HbIpc) ipc = come();

	(void)!send(hb_ipc_fd(ipc), data, len, MSG_NOSIGNAL);
}

static int
rubbish(void)
{
	static const char huge[] = "\377\377\377\177\315\253\0\0>>>\n", negative[] = "\377\377\377\377\315\253\0\0x";
	static const char magic[] = "\4\0\0\0abcd>>>\n", part[] = "\0\1\0\0\315\253\0\0>>>\nt=hbapi", empty[8] = "\0\0\0\0\315\253";
	static const char unnamed[] = "\11\0\0\0\315\253\0\0>>>\n<<<\n", no_end[] = "\6\0\0\0\315\253\0\0>>>\nt=";
	g_autofree char *random = g_malloc(65536);

	for (gsize i = 0; i < 65536; i++)
		random[i] = (char)g_random_int();
	throw(huge, sizeof huge - 1);
	throw(negative, sizeof negative - 1);
	throw(magic, sizeof magic - 1);
	throw(part, sizeof part - 1);
	throw(empty, sizeof empty);
	throw(unnamed, sizeof unnamed);
	throw(no_end, sizeof no_end - 1);
	throw(random, 65536);
	printf("thrown\n");
	return 0;
}

int
main(int argc, char **argv)
{
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGUSR1, SIG_IGN);
	if (argc == 3 && strcmp(argv[1], "talk") == 0)
		return talk(argv[2]);
	if (argc == 3 && strcmp(argv[1], "deaf") == 0)
		return deaf(argv[2]);
	if (argc == 3 && strcmp(argv[1], "crowd") == 0)
		return crowd((guint)g_ascii_strtoull(argv[2], NULL, 10));
	if (argc == 2 && strcmp(argv[1], "rubbish") == 0)
		return rubbish();
	fprintf(stderr, "usage: apiclient talk ID | deaf ID | crowd N | rubbish\n");
	return 2;
}
