/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every function of clplumbing/ipc.h, GSource.h, Gmain_timeout.h, and those of ha_msg.h that use channels. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include <clplumbing/GSource.h>
#include <clplumbing/Gmain_timeout.h>
#include <ha_msg.h>

#include "util/banned.h"

static guint n_calls, n_ends;

static void
note_end(gpointer unused)
{
	(void)unused;
	n_ends++;
}

static void
iterate_until(const guint *count, guint wanted)
{
	while (*count < wanted)
		(void)g_main_context_iteration(NULL, TRUE);
}

static void
test_both_ends_of_a_pair(void)
{
	IPC_Channel *ch[2];
	IPC_Message *got, *sent;

	g_assert_cmpint(ipc_channel_pair(ch), ==, IPC_OK);
	g_assert_cmpint(ch[0]->ops->get_conntype(ch[0]), ==, IPC_PEER);
	g_assert_cmpint(ch[0]->ops->get_chan_status(ch[0]), ==, IPC_CONNECT);
	g_assert_cmpint(ch[0]->farside_pid, ==, getpid());
	g_assert_false(ch[1]->ops->is_message_pending(ch[1]));
	g_assert_cmpint(ch[1]->ops->recv(ch[1], &got), ==, IPC_FAIL);
	sent = ch[0]->ops->new_ipcmsg(ch[0], "hello", 6, NULL);
	g_assert_cmpint(ch[0]->ops->send(ch[0], sent), ==, IPC_OK);
	g_assert_cmpint(ch[0]->ops->waitout(ch[0]), ==, IPC_OK);
	g_assert_cmpint(ch[1]->ops->waitin(ch[1]), ==, IPC_OK);
	g_assert_true(ch[1]->ops->is_message_pending(ch[1]));
	g_assert_false(ch[1]->ops->is_recvq_full(ch[1]));
	g_assert_cmpint(ch[1]->ops->recv(ch[1], &got), ==, IPC_OK);
	g_assert_cmpstr(got->msg_body, ==, "hello");
	g_assert_cmpuint(got->msg_len, ==, 6);
	got->msg_done(got);

	/* what was sent before the end can still be read */
	sent = ch[0]->ops->new_ipcmsg(ch[0], "bye", 4, NULL);
	g_assert_cmpint(ch[0]->ops->send(ch[0], sent), ==, IPC_OK);
	g_assert_cmpint(ch[0]->ops->disconnect(ch[0]), ==, IPC_OK);
	g_assert_cmpint(ch[0]->ops->get_send_select_fd(ch[0]), ==, -1);
	g_assert_cmpint(ch[1]->ops->recv(ch[1], &got), ==, IPC_OK);
	got->msg_done(got);
	g_assert_cmpint(ch[1]->ops->recv(ch[1], &got), ==, IPC_BROKEN);
	g_assert_cmpint(ch[1]->ops->get_chan_status(ch[1]), ==, IPC_DISCONNECT);
	g_assert_cmpint(ch[1]->ops->resume_io(ch[1]), ==, IPC_BROKEN);
	ch[0]->ops->destroy(ch[0]);
	ch[1]->ops->destroy(ch[1]);
	set_ipc_time_debug_flag(TRUE);
}

static void
test_full_queue_shows(void)
{
	static char big[100000];
	IPC_Channel *ch[2];
	IPC_Message *msg;
	int rc;

	g_assert_cmpint(ipc_channel_pair(ch), ==, IPC_OK);
	ch[0]->ops->set_send_qlen(ch[0], 2);
	ch[0]->ops->set_recv_qlen(ch[0], 2);
	ch[0]->ops->set_high_flow_callback(ch[0], NULL, NULL);
	ch[0]->ops->set_low_flow_callback(ch[0], NULL, NULL);
	do {
		msg = ch[0]->ops->new_ipcmsg(ch[0], big, sizeof big, NULL);
		rc = ch[0]->ops->send(ch[0], msg);
	} while (rc == IPC_OK);
	g_assert_cmpint(rc, ==, IPC_FAIL);
	msg->msg_done(msg);
	g_assert_true(ch[0]->ops->is_sendq_full(ch[0]));
	g_assert_true(ch[0]->ops->is_sending_blocked(ch[0]));
	g_assert_null(ch[0]->ops->new_ipcmsg(ch[0], big, MAXMSG + 1, NULL));
	while (ch[0]->ops->is_sending_blocked(ch[0])) {
		if (ch[1]->ops->recv(ch[1], &msg) == IPC_OK)
			msg->msg_done(msg);
		g_assert_cmpint(ch[0]->ops->resume_io(ch[0]), ==, IPC_OK);
	}
	ch[0]->ops->destroy(ch[0]);
	ch[1]->ops->destroy(ch[1]);
}

static void
test_messages_through_a_channel(void)
{
	struct ha_msg *msg = ha_msg_new(0), *got;
	IPC_Channel *ch[2];
	IPC_Message *frame;

	(void)ha_msg_add(msg, F_TYPE, "test");
	g_assert_cmpint(ipc_channel_pair(ch), ==, IPC_OK);
	g_assert_cmpint(msg2ipcchan(msg, ch[0]), ==, HA_OK);
	got = msgfromIPC(ch[1], MSG_NEEDAUTH);
	g_assert_cmpstr(cl_get_string(got, F_TYPE), ==, "test");
	ha_msg_del(got);
	frame = hamsg2ipcmsg(msg, ch[0]);
	g_assert_cmpint(ch[0]->ops->send(ch[0], frame), ==, IPC_OK);
	got = msgfromIPC_noauth(ch[1]);
	g_assert_cmpstr(cl_get_string(got, F_TYPE), ==, "test");
	ha_msg_del(got);
	frame = wirefmt2ipcmsg((void *)"raw", 3, ch[0]);
	g_assert_cmpint(ch[0]->ops->send(ch[0], frame), ==, IPC_OK);
	frame = ipcmsgfromIPC(ch[1]);
	g_assert_cmpmem(frame->msg_body, frame->msg_len, "raw", 3);
	frame->msg_done(frame);
	ch[1]->ops->destroy(ch[1]);
	g_assert_null(msgfromIPC_noauth(ch[0]));
	g_assert_cmpint(msg2ipcchan(msg, ch[0]), ==, HA_FAIL);
	ch[0]->ops->destroy(ch[0]);
	ha_msg_del(msg);
}

static gboolean
greet(IPC_Channel *ch, gpointer data)
{
	IPC_Channel **keep = data;

	n_calls++;
	*keep = ch;
	return TRUE;
}

static GHashTable *
attributes(const char *path)
{
	GHashTable *attrs = g_hash_table_new(g_str_hash, g_str_equal);

	g_hash_table_insert(attrs, (gpointer)IPC_PATH_ATTR, (gpointer)path);
	g_hash_table_insert(attrs, (gpointer)IPC_MODE_ATTR, (gpointer)"0700");
	return attrs;
}

static void
test_listening_and_who_may(void)
{
	g_autofree char *dir = g_dir_make_tmp("hb-api-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(dir, "sock", NULL);
	g_autoptr(GHashTable) attrs = attributes(path);
	uid_t me = geteuid(), other = me + 1;
	gid_t no_group = getegid() + 1;
	IPC_WaitConnection *wait_conn = ipc_wait_conn_constructor(IPC_ANYTYPE, attrs);
	IPC_Auth *mine = ipc_set_auth(&me, NULL, 1, 0), *theirs = ipc_set_auth(&other, &no_group, 1, 1);
	IPC_Channel *client, *server = NULL;
	GWCSource *source;

	g_assert_nonnull(wait_conn);
	g_assert_null(ipc_wait_conn_constructor("tcp", attrs));
	g_assert_null(ipc_channel_constructor("tcp", attrs));
	client = ipc_channel_constructor(IPC_DOMAIN_SOCKET, attrs);
	g_assert_cmpint(client->ops->initiate_connection(client), ==, IPC_OK);
	g_assert_cmpint(client->ops->assert_auth(client, NULL), ==, IPC_OK);
	g_assert_cmpint(client->ops->verify_auth(client, mine), ==, IPC_OK);
	g_assert_cmpint(client->ops->verify_auth(client, theirs), ==, IPC_FAIL);
	g_assert_null(wait_conn->ops->accept_connection(wait_conn, theirs));
	client->ops->destroy(client);

	n_calls = n_ends = 0;
	source = G_main_add_IPC_WaitConnection(G_PRIORITY_DEFAULT, wait_conn, mine, FALSE, greet, &server, note_end);
	client = ipc_channel_constructor(IPC_ANYTYPE, attrs);
	g_assert_cmpint(client->ops->initiate_connection(client), ==, IPC_OK);
	iterate_until(&n_calls, 1);
	g_assert_cmpint(server->ops->get_conntype(server), ==, IPC_SERVER);
	g_assert_cmpint(server->farside_uid, ==, me);
	g_assert_true(G_main_del_IPC_WaitConnection(source));
	g_assert_cmpuint(n_ends, ==, 1);
	client->ops->destroy(client);
	client = ipc_channel_constructor(IPC_ANYTYPE, attrs);
	g_assert_cmpint(client->ops->initiate_connection(client), ==, IPC_FAIL);
	client->ops->destroy(client);
	server->ops->destroy(server);
	ipc_destroy_auth(mine);
	ipc_destroy_auth(theirs);
	g_unlink(path);
	g_rmdir(dir);
}

static void
test_lists_of_users(void)
{
	IPC_Auth *auth = ipc_str_to_auth("root,17", 7, "root", 4);

	g_assert_nonnull(auth);
	g_assert_true(g_hash_table_contains(auth->uid, GUINT_TO_POINTER(0)));
	g_assert_true(g_hash_table_contains(auth->uid, GUINT_TO_POINTER(17)));
	g_assert_cmpuint(g_hash_table_size(auth->gid), ==, 1);
	ipc_destroy_auth(auth);
	ipc_destroy_auth(NULL);
	g_assert_null(ipc_str_to_auth("no such user", 12, NULL, 0));
}

static gboolean
take(IPC_Channel *ch, gpointer data)
{
	IPC_Message *msg;
	int rc = ch->ops->recv(ch, &msg);

	(void)data;
	if (rc == IPC_OK) {
		n_calls++;
		msg->msg_done(msg);
	}
	return rc != IPC_BROKEN;
}

static void
test_channels_in_the_main_loop(void)
{
	IPC_Channel *ch[2];
	GCHSource *source;

	g_assert_cmpint(ipc_channel_pair(ch), ==, IPC_OK);
	n_calls = n_ends = 0;
	g_assert_nonnull(G_main_add_IPC_Channel(G_PRIORITY_DEFAULT, ch[0], FALSE, take, NULL, note_end));
	for (int i = 0; i < 3; i++)
		g_assert_cmpint(ch[1]->ops->send(ch[1], ch[1]->ops->new_ipcmsg(ch[1], "x", 1, NULL)), ==, IPC_OK);
	iterate_until(&n_calls, 3);
	ch[1]->ops->destroy(ch[1]);
	iterate_until(&n_ends, 1);      /* the channel went with its source */

	g_assert_cmpint(ipc_channel_pair(ch), ==, IPC_OK);
	source = G_main_add_IPC_Channel(G_PRIORITY_DEFAULT, ch[0], FALSE, take, NULL, note_end);
	g_assert_true(G_main_del_IPC_Channel(source));
	g_assert_cmpuint(n_ends, ==, 2);
	ch[1]->ops->destroy(ch[1]);
}

static gboolean
on_fd(int fd, gpointer data)
{
	char c;

	(void)data;
	g_assert_cmpint(read(fd, &c, 1), ==, 1);
	n_calls++;
	return TRUE;
}

static gboolean
on_signal(int signo, gpointer data)
{
	(void)data;
	g_assert_cmpint(signo, ==, SIGUSR2);
	n_calls++;
	return TRUE;
}

static gboolean
on_trigger(gpointer data)
{
	(void)data;
	n_calls++;
	return TRUE;
}

static gboolean
once(gpointer data)
{
	(void)data;
	n_calls++;
	return FALSE;
}

static void
test_other_sources(void)
{
	GFDSource *fd_source;
	GSIGSource *signal_source;
	GTRIGSource *trigger;
	guint tag;
	int fds[2];

	n_calls = n_ends = 0;
	g_assert_cmpint(pipe(fds), ==, 0);
	fd_source = G_main_add_fd(G_PRIORITY_DEFAULT, fds[0], FALSE, on_fd, NULL, note_end);
	g_assert_cmpint(write(fds[1], "x", 1), ==, 1);
	iterate_until(&n_calls, 1);
	g_assert_true(G_main_del_fd(fd_source));

	signal_source = G_main_add_SignalHandler(G_PRIORITY_DEFAULT, SIGUSR2, on_signal, NULL, note_end);
	g_assert_null(G_main_add_SignalHandler(G_PRIORITY_DEFAULT, SIGKILL, on_signal, NULL, note_end));
	g_assert_cmpint(raise(SIGUSR2), ==, 0);
	iterate_until(&n_calls, 2);
	g_assert_true(G_main_del_SignalHandler(signal_source));

	trigger = G_main_add_TriggerHandler(G_PRIORITY_DEFAULT, on_trigger, NULL, note_end);
	G_main_set_trigger(trigger);
	iterate_until(&n_calls, 3);
	while (g_main_context_iteration(NULL, FALSE))
		;
	g_assert_cmpuint(n_calls, ==, 3);
	g_assert_true(G_main_del_TriggerHandler(trigger));
	g_assert_cmpuint(n_ends, ==, 3);

	(void)Gmain_timeout_add(1, once, NULL);
	iterate_until(&n_calls, 4);
	tag = Gmain_timeout_add_full(G_PRIORITY_HIGH, 1000000, once, NULL, note_end);
	Gmain_timeout_remove(tag);
	g_assert_cmpuint(n_ends, ==, 4);
	close(fds[0]);
	close(fds[1]);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/api_ipc/pair", test_both_ends_of_a_pair);
	g_test_add_func("/api_ipc/full", test_full_queue_shows);
	g_test_add_func("/api_ipc/messages", test_messages_through_a_channel);
	g_test_add_func("/api_ipc/listening", test_listening_and_who_may);
	g_test_add_func("/api_ipc/users", test_lists_of_users);
	g_test_add_func("/api_ipc/channels", test_channels_in_the_main_loop);
	g_test_add_func("/api_ipc/sources", test_other_sources);
	return g_test_run();
}
