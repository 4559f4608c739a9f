/* SPDX-License-Identifier: GPL-2.0-or-later */
#define _GNU_SOURCE     /* memfd_create(), pipe2() */
#include "tests/unit/fake_root.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <netinet/in.h>

#include "util/fd.h"
#include "util/time.h"

#include "util/banned.h"

#define LOG_MAX  65536
#define PING_MS  200
#define TURN_MS  5
#define AUTHKEYS "auth 1\n1 sha1 key-of-the-test\n"

static HbFile *
new_file(HbFileKind kind, const char *path, const char *text)
{
	HbFile *file = g_new0(HbFile, 1);

	file->kind = kind;
	file->path = g_strdup(path);
	file->bytes = g_bytes_new(text, strlen(text));
	return file;
}

/* As root reads it: without a judge. */
static HbConfig *
parse(const FakeRoot *root)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	HbConfInput input = { .files = root->bundle, .node_name = root->name };
	HbConfig *config = hb_config_parse(&input, problems);

	for (guint i = 0; !config && i < problems->len; i++) {
		g_autofree char *text = hb_problem_text(g_ptr_array_index(problems, i));

		g_test_message("%s", text);
	}
	g_assert_nonnull(config);
	return config;
}

/* Packs and unpacks on the way, so that the array frees its own files. */
static HbBundle *
new_bundle(const char *ha_cf, const char *haresources)
{
	GPtrArray *files = g_ptr_array_new();
	HbBundle draft = { .files = files };
	g_autoptr(GBytes) packed = NULL;
	HbBundle *bundle;

	g_ptr_array_add(files, new_file(HB_FILE_HACF, "/etc/ha.d/ha.cf", ha_cf));
	g_ptr_array_add(files, new_file(HB_FILE_HARESOURCES, "/etc/ha.d/haresources", haresources));
	g_ptr_array_add(files, new_file(HB_FILE_AUTHKEYS, "/etc/ha.d/authkeys", AUTHKEYS));
	packed = hb_bundle_pack(&draft);
	for (guint i = 0; i < files->len; i++) {
		HbFile *file = g_ptr_array_index(files, i);

		g_free(file->path);
		g_bytes_unref(file->bytes);
		g_free(file);
	}
	g_ptr_array_unref(files);
	bundle = hb_bundle_unpack(packed);
	g_assert_nonnull(bundle);
	return bundle;
}

static int
listen_at(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_strlcpy(addr.sun_path, path, sizeof addr.sun_path);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&addr, sizeof addr), ==, 0);
	g_assert_cmpint(listen(fd, 16), ==, 0);
	return fd;
}

FakeRoot *
fake_root_new(const char *name, const char *address, const char *ha_cf, const char *haresources)
{
	FakeRoot *root = g_new0(FakeRoot, 1);
	g_autofree char *fifo = NULL;
	g_autofree char *status = NULL;
	g_autofree char *log = NULL;

	root->name = g_strdup(name);
	root->address = g_strdup(address);
	root->dir = g_dir_make_tmp("hb-node-XXXXXX", NULL);
	root->bundle = new_bundle(ha_cf, haresources);
	root->config = parse(root);
	root->generation = 1000;
	root->channel = -1;
	root->guard = -1;
	root->memory_fd = memfd_create("memory", MFD_CLOEXEC);
	g_assert_cmpint(ftruncate(root->memory_fd, sizeof(HbMemory)), ==, 0);
	fifo = g_build_filename(root->dir, "fifo", NULL);
	g_assert_cmpint(mkfifo(fifo, 0600), ==, 0);
	root->fifo = open(fifo, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	status = g_build_filename(root->dir, "status.sock", NULL);
	root->status_listen = listen_at(status);
	log = g_build_filename(root->dir, "log", NULL);
	root->logfile = open(log, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	return root;
}

static void
remove_dir(const char *dir)
{
	static const char *const names[] = { "fifo", "status.sock", "log" };

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(dir, names[i], NULL);

		(void)g_unlink(path);
	}
	(void)g_rmdir(dir);
}

void
fake_root_free(FakeRoot *root)
{
	int fds[] = { root->channel, root->guard, root->memory_fd, root->fifo, root->status_listen, root->logfile };

	fake_root_kill(root);
	for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
		if (fds[i] >= 0)
			hb_fd_close(fds[i]);
	remove_dir(root->dir);
	hb_config_free(root->config);
	hb_bundle_free(root->bundle);
	g_free(root->name);
	g_free(root->address);
	g_free(root->dir);
	g_free(root);
}

static void G_GNUC_NORETURN
become_node(int channel, int memory, int guard)
{
	const int want[] = { HB_FD_CHANNEL, HB_FD_MEMORY, HB_FD_GUARD };
	int have[] = { channel, memory, guard };
	g_autofree char *program = g_build_filename(g_getenv("HB_BUILDDIR"), "hb-node", NULL);

	for (guint i = 0; i < G_N_ELEMENTS(have); i++)          /* out of each other's way first */
		have[i] = fcntl(have[i], F_DUPFD_CLOEXEC, 20);
	for (guint i = 0; i < G_N_ELEMENTS(have); i++)
		(void)dup2(have[i], want[i]);
	/* A test that fails leaves nothing behind. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	execl(program, "hb-node", NULL);
	_exit(127);
}

void
fake_root_start(FakeRoot *root)
{
	int channel[2], guard[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel), ==, 0);
	g_assert_cmpint(pipe2(guard, O_CLOEXEC | O_NONBLOCK), ==, 0);
	root->pid = fork();
	g_assert_cmpint(root->pid, >=, 0);
	if (root->pid == 0)
		become_node(channel[1], root->memory_fd, guard[1]);
	hb_fd_close(channel[1]);
	hb_fd_close(guard[1]);
	root->channel = channel[0];
	root->guard = guard[0];
	root->is_ready = FALSE;
	root->n_failed = root->n_exits = root->n_runs = root->n_alive = 0;
	root->next_ping_ms = 0;
}

void
fake_root_kill(FakeRoot *root)
{
	if (root->pid <= 0)
		return;
	(void)kill(root->pid, SIGKILL);
	(void)waitpid(root->pid, NULL, 0);
	root->pid = 0;
	hb_fd_close(root->channel);
	hb_fd_close(root->guard);
	root->channel = root->guard = -1;
}

int
fake_root_ended(FakeRoot *root)
{
	int status = 0;

	if (waitpid(root->pid, &status, WNOHANG) != root->pid)
		return -1;
	root->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- answers ---- */

void
fake_root_say(FakeRoot *root, HbChannelType type)
{
	HbChannelMsg msg = { .type = (guint32)type };

	(void)hb_channel_send(root->channel, &msg, NULL, 0);
}

static int
bytes_fd(GBytes *bytes)
{
	gsize len;
	const void *data = g_bytes_get_data(bytes, &len);
	int fd = memfd_create("bundle", MFD_CLOEXEC);

	g_assert_cmpint(write(fd, data, len), ==, (gssize)len);
	return fd;
}

static void
welcome(FakeRoot *root)
{
	g_autoptr(GBytes) packed = hb_bundle_pack(root->bundle);
	g_auto(HbFd) bundle = bytes_fd(packed);
	const int fds[] = { bundle, root->fifo, root->status_listen, root->logfile };
	HbChannelMsg msg = { .type = HB_CH_WELCOME };
	HbMemory memory;

	msg.u.welcome.abi = HB_CHANNEL_ABI;
	msg.u.welcome.generation = root->generation;
	memset(msg.u.welcome.uuid, root->name[0], HB_UUID_LEN);
	memcpy(msg.u.welcome.config_hash, root->config->hash, sizeof root->config->hash);
	if (root->is_wrong_hash)
		msg.u.welcome.config_hash[0] ^= 1;
	msg.u.welcome.resumed = root->is_resumed ? 1 : 0;
	g_strlcpy(msg.u.welcome.node_name, root->name, sizeof msg.u.welcome.node_name);
	if (root->is_resumed && pread(root->memory_fd, &memory, sizeof memory, 0) == (gssize)sizeof memory) {
		msg.u.welcome.n_held = memory.n_groups;
		memcpy(msg.u.welcome.held, memory.group, sizeof msg.u.welcome.held);
	}
	g_assert_true(hb_channel_send(root->channel, &msg, fds, G_N_ELEMENTS(fds)));
}

static void
open_udp(FakeRoot *root, const HbChannelMsg *request)
{
	struct sockaddr_in addr = { .sin_family = AF_INET, .sin_port = htons(request->u.open.port) };
	HbChannelMsg msg = { .type = HB_CH_FD };
	const int yes = 1;
	g_auto(HbFd) fd = -1;

	msg.u.fd.medium = request->u.open.medium;
	msg.u.fd.err = root->open_errno;
	if (root->open_errno != 0) {
		g_strlcpy(msg.u.fd.text, "refused by the test", sizeof msg.u.fd.text);
		(void)hb_channel_send(root->channel, &msg, NULL, 0);
		return;
	}
	/* Two nodes share one loopback: each has an address of its own. */
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	g_assert_cmpint(inet_pton(AF_INET, root->address, &addr.sin_addr), ==, 1);
	g_assert_cmpint(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes), ==, 0);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&addr, sizeof addr), ==, 0);
	(void)hb_channel_send(root->channel, &msg, &fd, 1);
}

static void
note_run(FakeRoot *root, const HbChannelMsg *request)
{
	HbChannelMsg msg = { .type = HB_CH_DONE };

	g_assert_cmpuint(root->n_runs, <, FAKE_RUNS_MAX);
	root->run[root->n_runs].op = request->u.run.op;
	root->run[root->n_runs].group = request->u.run.group;
	root->run[root->n_runs].resource = request->u.run.resource;
	root->run[root->n_runs].verb = request->u.run.verb;
	root->n_runs++;
	msg.u.done.op = request->u.run.op;
	msg.u.done.took_ms = 1;
	msg.u.done.result = request->u.run.verb == HB_VERB_STATUS ? HB_CHILD_NOT_RUNNING : HB_CHILD_OK;
	(void)hb_channel_send(root->channel, &msg, NULL, 0);
}

static void
note_end(FakeRoot *root, const HbChannelMsg *msg)
{
	root->code = msg->u.end.code;
	g_strlcpy(root->text, msg->u.end.text, sizeof root->text);
}

static void
serve_one(FakeRoot *root, const HbChannelMsg *msg)
{
	switch (msg->type) {
	case HB_CH_HELLO:
		welcome(root);
		break;
	case HB_CH_OPEN:
		open_udp(root, msg);
		break;
	case HB_CH_RUN:
		note_run(root, msg);
		break;
	case HB_CH_READY:
		root->is_ready = TRUE;
		break;
	case HB_CH_FAILED:
		root->n_failed++;
		note_end(root, msg);
		break;
	case HB_CH_EXIT:
		root->n_exits++;
		note_end(root, msg);
		break;
	case HB_CH_FAREWELL:
		fake_root_say(root, HB_CH_LET_GO);
		break;
	case HB_CH_ALIVE:
		root->n_alive++;
		break;
	default:
		break;
	}
}

static void
serve(FakeRoot *root)
{
	int fds[HB_CHANNEL_FDS_MAX];
	HbChannelMsg msg;
	guint n_fds;
	gint64 now_ms = hb_time_now_ms();

	if (root->channel < 0)
		return;
	while (hb_channel_recv(root->channel, &msg, fds, &n_fds) == HB_CHANNEL_OK)
		serve_one(root, &msg);
	if (root->is_ready && !root->keeps_silent && now_ms >= root->next_ping_ms) {
		fake_root_say(root, HB_CH_PING);
		root->next_ping_ms = now_ms + PING_MS;
	}
}

void
fake_roots_serve(FakeRoot *const *roots, guint n)
{
	struct pollfd pfd[8];

	g_assert_cmpuint(n, <=, G_N_ELEMENTS(pfd));
	for (guint i = 0; i < n; i++)
		pfd[i] = (struct pollfd){ .fd = roots[i]->channel, .events = POLLIN };
	(void)poll(pfd, n, TURN_MS);
	for (guint i = 0; i < n; i++)
		serve(roots[i]);
}

/* ---- questions ---- */

char *
fake_root_ask(FakeRoot *root, const char *request)
{
	g_autofree char *path = g_build_filename(root->dir, "status.sock", NULL);
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = 5 };
	g_auto(HbFd) fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	GString *answer = g_string_new(NULL);
	char buf[4096];
	ssize_t len;

	g_strlcpy(addr.sun_path, path, sizeof addr.sun_path);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	g_assert_cmpint(connect(fd, (struct sockaddr *)&addr, sizeof addr), ==, 0);
	g_assert_cmpint(send(fd, request, strlen(request), MSG_NOSIGNAL), ==, (gssize)strlen(request));
	while ((len = recv(fd, buf, sizeof buf, 0)) > 0)
		g_string_append_len(answer, buf, len);
	return g_string_free(answer, FALSE);
}

guint
fake_root_n_runs(const FakeRoot *root, guint group, HbVerb verb)
{
	guint n = 0;

	for (guint i = 0; i < root->n_runs; i++)
		n += root->run[i].group == group && root->run[i].verb == (guint32)verb;
	return n;
}

void
fake_root_set_debug(FakeRoot *root, guint level)
{
	const HbChannelMsg msg = { .type = HB_CH_DEBUG, .u.debug = { level } };

	g_assert_true(hb_channel_send(root->channel, &msg, NULL, 0));
}

/* The records of hb-node (log/record.h), one behind the other, as text. */
static char *
read_log(const FakeRoot *root)
{
	char *all = g_malloc0(LOG_MAX + 1);
	gssize len = pread(root->logfile, all, LOG_MAX, 0);

	for (gssize i = 0; i < len; i++)
		if (all[i] == '\0')
			all[i] = '\n';
	return all;
}

gboolean
fake_root_has_logged(const FakeRoot *root, const char *text)
{
	g_autofree char *all = read_log(root);

	return strstr(all, text) != NULL;
}

void
fake_root_print_log(const FakeRoot *root)
{
	g_autofree char *all = read_log(root);

	g_test_message("log of %s:\n%s", root->name, all);
}
