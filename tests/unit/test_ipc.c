/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ipc.c - frames of both ends: any cut, wrong headers, a full queue, a closed end. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "ipc/ipc.h"
#include "util/banned.h"

typedef struct {
	HbIpc *near;
	int far;        /* raw */
} Pair;

static void
pair_init(Pair *pair)
{
	int fds[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
	pair->near = hb_ipc_new(fds[0]);
	pair->far = fds[1];
}

static void
pair_done(Pair *pair)
{
	hb_ipc_free(pair->near);
	if (pair->far >= 0)
		close(pair->far);
}

static void
say(int fd, gint32 len, guint32 magic, const char *payload)
{
	g_assert_cmpint(write(fd, &len, 4), ==, 4);
	g_assert_cmpint(write(fd, &magic, 4), ==, 4);
	if (*payload != '\0')
		g_assert_cmpint(write(fd, payload, strlen(payload)), ==, (int)strlen(payload));
}

static void
assert_reads(HbIpc *ipc, const char *wanted)
{
	g_autoptr(GBytes) got = NULL;
	gsize len;

	g_assert_cmpint(hb_ipc_read(ipc, &got), ==, HB_IPC_OK);
	g_bytes_get_data(got, &len);
	g_assert_cmpmem(g_bytes_get_data(got, NULL), len, wanted, strlen(wanted));
}

static void
test_messages_come_whole_however_they_were_cut(void)
{
	static const char bytes[] = "\3\0\0\0\xcd\xab\0\0one\0\0\0\0\xcd\xab\0\0\5\0\0\0\xcd\xab\0\0three";
	Pair pair;
	GBytes *got;

	pair_init(&pair);
	g_assert_cmpint(write(pair.far, bytes, sizeof bytes - 1), ==, sizeof bytes - 1);
	assert_reads(pair.near, "one");
	g_assert_true(hb_ipc_has_message(pair.near));
	assert_reads(pair.near, "");
	assert_reads(pair.near, "three");
	g_assert_false(hb_ipc_has_message(pair.near));
	for (gsize i = 0; i < 11; i++) {
		g_assert_cmpint(hb_ipc_read(pair.near, &got), ==, HB_IPC_AGAIN);
		g_assert_cmpint(write(pair.far, bytes + i, 1), ==, 1);
	}
	assert_reads(pair.near, "one");
	pair_done(&pair);
}

static void
test_what_is_no_header_ends_the_connection(void)
{
	static const struct {
		gint32 len;
		guint32 magic;
		HbIpcVerdict wanted;
	} rows[] = {
		{ 3, 0xabce, HB_IPC_BAD_MAGIC },
		{ 3, 0, HB_IPC_BAD_MAGIC },
		{ -1, HB_IPC_MAGIC, HB_IPC_BAD_LENGTH },
		{ G_MININT32, HB_IPC_MAGIC, HB_IPC_BAD_LENGTH },
		{ HB_IPC_PAYLOAD_MAX + 1, HB_IPC_MAGIC, HB_IPC_BAD_LENGTH },
		{ G_MAXINT32, HB_IPC_MAGIC, HB_IPC_BAD_LENGTH },
		{ HB_IPC_PAYLOAD_MAX, HB_IPC_MAGIC, HB_IPC_AGAIN },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Pair pair;
		GBytes *got;

		pair_init(&pair);
		say(pair.far, rows[i].len, rows[i].magic, "one");
		g_assert_cmpint(hb_ipc_read(pair.near, &got), ==, rows[i].wanted);
		if (rows[i].wanted != HB_IPC_AGAIN)
			g_assert_cmpint(hb_ipc_read(pair.near, &got), ==, rows[i].wanted);
		pair_done(&pair);
	}
}

static void
test_what_was_sent_before_the_end_is_read(void)
{
	Pair pair;
	GBytes *got;

	pair_init(&pair);
	say(pair.far, 4, HB_IPC_MAGIC, "last");
	close(pair.far);
	pair.far = -1;
	g_assert_cmpint(hb_ipc_wait(pair.near, FALSE, 0), ==, HB_IPC_OK);
	assert_reads(pair.near, "last");
	g_assert_cmpint(hb_ipc_read(pair.near, &got), ==, HB_IPC_CLOSED);
	g_assert_cmpint(hb_ipc_send(pair.near, "x", 1), ==, HB_IPC_CLOSED);
	pair_done(&pair);
}

static void
test_a_reader_that_never_reads_fills_the_queue_and_no_more(void)
{
	g_autofree char *large = g_strnfill(HB_IPC_PAYLOAD_MAX, 'x');
	Pair pair;
	guint n = 0;

	pair_init(&pair);
	g_assert_cmpint(hb_ipc_send(pair.near, large, HB_IPC_PAYLOAD_MAX + 1), ==, HB_IPC_TOO_LONG);
	hb_ipc_set_queue_max(pair.near, 5);
	while (hb_ipc_send(pair.near, large, 60000) == HB_IPC_OK)
		g_assert_cmpuint(++n, <, 1000);
	g_assert_cmpint(hb_ipc_send(pair.near, "x", 1), ==, HB_IPC_FULL);
	g_assert_cmpuint(hb_ipc_n_queued(pair.near), ==, 5);
	g_assert_cmpint(hb_ipc_wait(pair.near, TRUE, 0), ==, HB_IPC_AGAIN);
	hb_ipc_set_queue_max(pair.near, 100000);
	for (n = 0; hb_ipc_send(pair.near, large, HB_IPC_PAYLOAD_MAX) == HB_IPC_OK; n++)
		continue;
	g_assert_cmpuint(n, <=, HB_IPC_QUEUE_LEN_MAX / HB_IPC_PAYLOAD_MAX + 1);
	pair_done(&pair);
}

static void
test_all_of_it_arrives_in_order_at_a_slow_reader(void)
{
	Pair pair;
	HbIpc *far;
	guint n_read = 0;

	pair_init(&pair);
	far = hb_ipc_new(pair.far);
	hb_ipc_set_queue_max(pair.near, 1000);
	for (guint i = 0; i < 900; i++) {
		char text[1500];

		memset(text, 'a', sizeof text);
		memcpy(text, &i, sizeof i);
		g_assert_cmpint(hb_ipc_send(pair.near, text, sizeof text), ==, HB_IPC_OK);
	}
	while (n_read < 900) {
		g_autoptr(GBytes) got = NULL;
		guint i;

		if (hb_ipc_read(far, &got) != HB_IPC_OK) {
			(void)hb_ipc_flush(pair.near);
			continue;
		}
		memcpy(&i, g_bytes_get_data(got, NULL), sizeof i);
		g_assert_cmpuint(i, ==, n_read++);
	}
	g_assert_cmpint(hb_ipc_flush(pair.near), ==, HB_IPC_OK);
	hb_ipc_free(far);
	pair.far = -1;
	pair_done(&pair);
}

static void
test_sockets_tell_who_is_there(void)
{
	g_autofree char *dir = g_dir_make_tmp("hb-ipc-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "sock", NULL);
	g_autofree char *long_path = g_strnfill(200, 'x');
	HbIpcPeer peer;
	int listener, near, far;

	g_assert_cmpint(hb_ipc_connect(path), ==, -1);
	g_assert_cmpint(errno, ==, ENOENT);
	g_assert_cmpint(hb_ipc_connect(long_path), ==, -1);
	g_assert_cmpint(errno, ==, ENAMETOOLONG);
	listener = hb_ipc_listen(path, 0700, 5);
	g_assert_cmpint(listener, >=, 0);
	close(listener);
	g_assert_cmpint(hb_ipc_connect(path), ==, -1);
	g_assert_cmpint(errno, ==, ECONNREFUSED);
	listener = hb_ipc_listen(path, 0700, 5);
	g_assert_cmpint(hb_ipc_accept(listener), ==, -1);
	near = hb_ipc_connect(path);
	far = hb_ipc_accept(listener);
	g_assert_true(hb_ipc_peer(far, &peer));
	g_assert_cmpint(peer.pid, ==, getpid());
	g_assert_cmpint((int)peer.uid, ==, (int)geteuid());
	g_assert_cmpint((int)peer.gid, ==, (int)getegid());
	g_assert_false(hb_ipc_peer(-1, &peer));
	close(near);
	close(far);
	close(listener);
	g_unlink(path);
	g_rmdir(dir);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ipc/cut", test_messages_come_whole_however_they_were_cut);
	g_test_add_func("/ipc/header", test_what_is_no_header_ends_the_connection);
	g_test_add_func("/ipc/end", test_what_was_sent_before_the_end_is_read);
	g_test_add_func("/ipc/full", test_a_reader_that_never_reads_fills_the_queue_and_no_more);
	g_test_add_func("/ipc/slow", test_all_of_it_arrives_in_order_at_a_slow_reader);
	g_test_add_func("/ipc/sockets", test_sockets_tell_who_is_there);
	return g_test_run();
}
