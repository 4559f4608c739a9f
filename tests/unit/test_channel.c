/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_channel.c - only whole, well-formed messages pass between hb-node and root. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "channel/channel.h"
#include "util/fd.h"

#include "util/banned.h"

typedef struct {
	int end[2];
} Pair;

static void
setup(Pair *pair, gconstpointer data)
{
	(void)data;
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair->end), ==, 0);
}

static void
teardown(Pair *pair, gconstpointer data)
{
	(void)data;
	close(pair->end[0]);
	if (pair->end[1] >= 0)
		close(pair->end[1]);
}

static HbChannelVerdict
receive(Pair *pair, HbChannelMsg *msg, guint *n_fds)
{
	int fds[HB_CHANNEL_FDS_MAX];
	HbChannelVerdict verdict = hb_channel_recv(pair->end[1], msg, fds, n_fds);

	for (guint i = 0; i < *n_fds; i++) {
		g_assert_cmpint(fcntl(fds[i], F_GETFD), ==, FD_CLOEXEC);
		close(fds[i]);
	}
	return verdict;
}

static void
test_a_request_arrives_as_it_was_sent(Pair *pair, gconstpointer data)
{
	HbChannelMsg got, msg = {
		.type = HB_CH_RUN,
		.u.run = { .op = 7, .group = 1, .resource = 2, .verb = HB_VERB_STOP, .limit_ms = 30000, .epoch = 4 },
	};
	guint n_fds;

	(void)data;
	g_assert_true(hb_channel_send(pair->end[0], &msg, NULL, 0));
	g_assert_cmpint(receive(pair, &got, &n_fds), ==, HB_CHANNEL_OK);
	g_assert_cmpmem(&got.u.run, sizeof got.u.run, &msg.u.run, sizeof msg.u.run);
	g_assert_cmpuint(n_fds, ==, 0);
	g_assert_cmpint(receive(pair, &got, &n_fds), ==, HB_CHANNEL_AGAIN);
}

static HbChannelVerdict receive_raw(Pair *pair, const HbChannelMsg *msg, gsize len);

static void
test_a_watchdog_comes_with_a_welcome_alone(Pair *pair, gconstpointer data)
{
	HbChannelMsg got, msg = { .type = HB_CH_WELCOME, .u.welcome = { .flags = HB_CH_HAS_WATCHDOG } };
	int fds[5] = { 0, 1, 2, 0, 1 };
	guint n_fds;

	(void)data;
	g_assert_true(hb_channel_send(pair->end[0], &msg, fds, 5));
	g_assert_cmpint(receive(pair, &got, &n_fds), ==, HB_CHANNEL_OK);
	g_assert_cmpuint(n_fds, ==, 5);
	g_assert_cmpint(receive_raw(pair, &msg, G_STRUCT_OFFSET(HbChannelMsg, u) + sizeof msg.u.welcome), ==,
	                HB_CHANNEL_BROKEN);
}

static void
test_fencing_is_of_known_kinds(Pair *pair, gconstpointer data)
{
	HbChannelMsg ask = { .type = HB_CH_FENCE, .u.fence = { .op = 1, .node = 1, .action = HB_FENCE_N } };
	HbChannelMsg end = { .type = HB_CH_FENCED, .u.fenced = { .op = 1, .verdict = HB_FENCED_N } };
	HbChannelMsg got, good = { .type = HB_CH_FENCED, .u.fenced = { .op = 1, .verdict = HB_FENCED_OK, .took_ms = 9 } };
	guint n_fds;

	(void)data;
	g_assert_cmpint(receive_raw(pair, &ask, G_STRUCT_OFFSET(HbChannelMsg, u) + sizeof ask.u.fence), ==, HB_CHANNEL_BROKEN);
	g_assert_cmpint(receive_raw(pair, &end, G_STRUCT_OFFSET(HbChannelMsg, u) + sizeof end.u.fenced), ==, HB_CHANNEL_BROKEN);
	g_assert_true(hb_channel_send(pair->end[0], &good, NULL, 0));
	g_assert_cmpint(receive(pair, &got, &n_fds), ==, HB_CHANNEL_OK);
	g_assert_cmpmem(&got.u.fenced, sizeof got.u.fenced, &good.u.fenced, sizeof good.u.fenced);
}

static void
test_descriptors_arrive_closed_on_exec(Pair *pair, gconstpointer data)
{
	HbChannelMsg msg = { .type = HB_CH_WELCOME }, got;
	int fds[4] = { 0, 1, 2, 0 };
	guint n_fds;

	(void)data;
	g_assert_true(hb_channel_send(pair->end[0], &msg, fds, 4));
	g_assert_cmpint(receive(pair, &got, &n_fds), ==, HB_CHANNEL_OK);
	g_assert_cmpuint(n_fds, ==, 4);
}

/* Sends @len raw bytes of @msg, past the checks of hb_channel_send(). */
static HbChannelVerdict
receive_raw(Pair *pair, const HbChannelMsg *msg, gsize len)
{
	HbChannelMsg got;
	guint n_fds;

	g_assert_cmpint(send(pair->end[0], msg, len, 0), ==, (gssize)len);
	return receive(pair, &got, &n_fds);
}

static void
test_what_is_malformed_is_refused(Pair *pair, gconstpointer data)
{
	const gsize head = G_STRUCT_OFFSET(HbChannelMsg, u);
	HbChannelMsg msg = { .type = HB_CH_RUN };

	(void)data;
	msg.u.run.verb = HB_VERB_N;
	g_assert_cmpint(receive_raw(pair, &msg, head + sizeof msg.u.run), ==, HB_CHANNEL_BROKEN);
	msg.u.run.verb = HB_VERB_START;
	g_assert_cmpint(receive_raw(pair, &msg, head + sizeof msg.u.run - 1), ==, HB_CHANNEL_BROKEN);
	g_assert_cmpint(receive_raw(pair, &msg, sizeof msg), ==, HB_CHANNEL_BROKEN);
	g_assert_cmpint(receive_raw(pair, &msg, 2), ==, HB_CHANNEL_BROKEN);
	msg.type = HB_CH_N;
	g_assert_cmpint(receive_raw(pair, &msg, head), ==, HB_CHANNEL_BROKEN);
	msg.type = HB_CH_INVALID;
	g_assert_cmpint(receive_raw(pair, &msg, head), ==, HB_CHANNEL_BROKEN);

	memset(&msg, 'x', sizeof msg);
	msg.type = HB_CH_OPEN;
	g_assert_cmpint(receive_raw(pair, &msg, head + sizeof msg.u.open), ==, HB_CHANNEL_BROKEN);
	msg.type = HB_CH_FAILED;
	msg.u.end.code = 6;
	g_assert_cmpint(receive_raw(pair, &msg, head + sizeof msg.u.end), ==, HB_CHANNEL_BROKEN);

	memset(&msg, 0, sizeof msg);
	msg.type = HB_CH_NOTIFY_RC;
	msg.u.rc.n = HB_RC_VARS_MAX + 1;
	g_assert_cmpint(receive_raw(pair, &msg, head + sizeof msg.u.rc), ==, HB_CHANNEL_BROKEN);
	msg.u.rc.n = 1;
	memset(msg.u.rc.var[0].value, 'x', sizeof msg.u.rc.var[0].value);
	g_assert_cmpint(receive_raw(pair, &msg, head + sizeof msg.u.rc), ==, HB_CHANNEL_BROKEN);
}

static guint
n_open_fds(void)
{
	g_autoptr(GDir) dir = g_dir_open("/proc/self/fd", 0, NULL);
	guint n = 0;

	while (g_dir_read_name(dir) != NULL)
		n++;
	return n;
}

static void
test_descriptors_nobody_asked_for_are_closed(Pair *pair, gconstpointer data)
{
	HbChannelMsg msg = { .type = HB_CH_READY };
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	struct iovec iov = { &msg, G_STRUCT_OFFSET(HbChannelMsg, u) };
	struct msghdr header = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&header);
	guint before = n_open_fds(), n_fds;
	HbChannelMsg got;
	int fd = 0;

	(void)data;
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(cmsg), &fd, sizeof fd);
	g_assert_cmpint(sendmsg(pair->end[0], &header, 0), >, 0);
	g_assert_cmpint(receive(pair, &got, &n_fds), ==, HB_CHANNEL_BROKEN);
	g_assert_cmpuint(n_open_fds(), ==, before);
}

static void
test_a_full_channel_says_again_and_a_closed_one_says_so(Pair *pair, gconstpointer data)
{
	HbChannelMsg msg = { .type = HB_CH_PING };
	HbChannelMsg got;
	guint n_fds, n = 0;

	(void)data;
	while (hb_channel_send(pair->end[0], &msg, NULL, 0))
		g_assert_cmpuint(++n, <, 100000);
	g_assert_cmpint(errno, ==, EAGAIN);
	while (receive(pair, &got, &n_fds) == HB_CHANNEL_OK)
		n--;
	g_assert_cmpuint(n, ==, 0);

	close(pair->end[1]);
	pair->end[1] = -1;
	g_assert_false(hb_channel_send(pair->end[0], &msg, NULL, 0));
	g_assert_cmpint(errno, ==, EPIPE);
	{
		int fds[HB_CHANNEL_FDS_MAX];

		g_assert_cmpint(hb_channel_recv(pair->end[0], &got, fds, &n_fds), ==, HB_CHANNEL_CLOSED);
	}
}

#define ADD(func) g_test_add("/channel/" #func, Pair, NULL, setup, test_##func, teardown)

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	ADD(a_request_arrives_as_it_was_sent);
	ADD(descriptors_arrive_closed_on_exec);
	ADD(a_watchdog_comes_with_a_welcome_alone);
	ADD(fencing_is_of_known_kinds);
	ADD(what_is_malformed_is_refused);
	ADD(descriptors_nobody_asked_for_are_closed);
	ADD(a_full_channel_says_again_and_a_closed_one_says_so);
	return g_test_run();
}
