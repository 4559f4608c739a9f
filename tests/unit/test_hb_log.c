/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The real hb-log, with a root and an hb-node that this test plays. */
#include "config.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "log/record.h"
#include "logger/logger.h"
#include "util/fd.h"

#include "util/banned.h"

#define FLOOD 30000

typedef struct {
	char *path;
	int root, node;         /* our ends */
	pid_t pid;
} World;

static void G_GNUC_NORETURN
become(const int fds[HB_LOGGER_FD_N])
{
	g_autofree char *program = g_build_filename(g_getenv("HB_BUILDDIR"), "hb-log", NULL);
	int high[HB_LOGGER_FD_N];

	for (int i = 0; i < HB_LOGGER_FD_N; i++)
		high[i] = fcntl(fds[i], F_DUPFD, 32);
	for (int i = 0; i < HB_LOGGER_FD_N; i++)
		(void)dup2(high[i], i);
	(void)close_range(HB_LOGGER_FD_N, ~0U, 0);
	execl(program, "hb-log", "node1", "ls", (char *)NULL);
	_exit(127);
}

static void
world_up(World *world, gconstpointer data)
{
	int root[2], node[2], null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int log = g_file_open_tmp("hb-log-XXXXXX", &world->path, NULL);

	(void)data;
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, root), ==, 0);
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, node), ==, 0);
	g_assert_cmpint(fcntl(log, F_SETFL, O_APPEND), ==, 0);
	world->pid = fork();
	if (world->pid == 0) {
		const int fds[HB_LOGGER_FD_N] = { null, null, null, root[1], node[1], log, null };

		become(fds);
	}
	world->root = root[0];
	world->node = node[0];
	hb_fd_close(root[1]);
	hb_fd_close(node[1]);
	hb_fd_close(log);
	hb_fd_close(null);
}

static void
world_down(World *world, gconstpointer data)
{
	(void)data;
	g_unlink(world->path);
	g_free(world->path);
}

static void
say(int fd, const char *entity, gboolean is_script, const char *text)
{
	HbLogRecord record = { .level = HB_LOG_INFO, .pid = 7, .when_s = 1796017081, .is_script = is_script };
	guint8 buf[HB_RECORD_MAX];

	g_strlcpy(record.entity, entity, sizeof record.entity);
	g_strlcpy(record.text, text, sizeof record.text);
	g_assert_cmpint(send(fd, buf, hb_record_pack(&record, buf), MSG_NOSIGNAL), >, 0);
}

/* Both have gone: all is written, and it ends. */
static char *
end(World *world)
{
	char *all;
	int status;

	hb_fd_close(world->root);
	hb_fd_close(world->node);
	g_assert_cmpint(waitpid(world->pid, &status, 0), ==, world->pid);
	g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	g_assert_true(g_file_get_contents(world->path, &all, NULL, NULL));
	return all;
}

static guint
count(const char *all, const char *text)
{
	guint n = 0;

	for (const char *p = all; (p = strstr(p, text)) != NULL; p += strlen(text))
		n++;
	return n;
}

static void
test_all_is_written_before_it_ends(World *world, gconstpointer data)
{
	g_autofree char *all = NULL;

	(void)data;
	for (guint i = 0; i < 1000; i++)
		say(world->root, "heartbeat", FALSE, "a line of root");
	say(world->root, "IPaddr(10.0.0.1)", TRUE, "a line of a script");
	all = end(world);
	g_assert_cmpuint(count(all, "node1 heartbeat: [7]: info: a line of root\n"), ==, 1000);
	g_assert_cmpuint(count(all, "  IPaddr(10.0.0.1)[7]:    info: a line of a script\n"), ==, 1);
}

static void
test_a_flood_of_hb_node_is_cut_and_root_is_heard(World *world, gconstpointer data)
{
	g_autofree char *all = NULL;

	(void)data;
	for (guint i = 0; i < FLOOD; i++) {
		say(world->node, "heartbeat", FALSE, "a line of hb-node");
		if (i == FLOOD / 2)
			say(world->root, "heartbeat", FALSE, "a line of root");
	}
	all = end(world);
	g_assert_cmpuint(count(all, "a line of root"), ==, 1);
	g_assert_cmpuint(count(all, "a line of hb-node"), >=, 5000);
	g_assert_cmpuint(count(all, "a line of hb-node"), <, FLOOD);
	g_assert_cmpuint(count(all, "lines of hb-node were dropped"), >=, 1);
}

static void
test_hb_node_speaks_for_itself_alone(World *world, gconstpointer data)
{
	g_autofree char *all = NULL;

	(void)data;
	g_assert_cmpint(send(world->node, "nonsense", 8, MSG_NOSIGNAL), ==, 8);
	say(world->node, "IPaddr(10.0.0.1)", TRUE, "two\nlines \033[1m");
	say(world->node, "heartbeat", FALSE, "goes on");
	all = end(world);
	g_assert_cmpuint(count(all, "IPaddr"), ==, 0);
	g_assert_cmpuint(count(all, "hb-node sent what is no line of a log"), ==, 1);
	g_assert_cmpuint(count(all, "heartbeat: [7]: info: two?lines ?[1m\n"), ==, 1);
	g_assert_cmpuint(count(all, "goes on"), ==, 1);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add("/hb-log/all_is_written_before_it_ends", World, NULL, world_up, test_all_is_written_before_it_ends,
	           world_down);
	g_test_add("/hb-log/a_flood_of_hb_node_is_cut_and_root_is_heard", World, NULL, world_up,
	           test_a_flood_of_hb_node_is_cut_and_root_is_heard, world_down);
	g_test_add("/hb-log/hb_node_speaks_for_itself_alone", World, NULL, world_up, test_hb_node_speaks_for_itself_alone,
	           world_down);
	return g_test_run();
}
