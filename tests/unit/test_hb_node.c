/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_hb_node.c - the real hb-node between a played root process and the loopback of a network
 * namespace of its own. Needs no rights where users may make namespaces.
 */
#define _GNU_SOURCE     /* unshare() */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include "tests/unit/fake_root.h"
#include "util/fd.h"
#include "util/time.h"
#include "wire/digest.h"
#include "wire/fifo.h"
#include "wire/typedio.h"

#include "util/banned.h"

#define PATIENCE_MS (20 * HB_MS_PER_S)
#define PORT        20694

/* 77: what "make check" takes for skipped */
#define EXIT_SKIPPED 77

static const char ha_cf[] =
	"keepalive 50ms\nwarntime 1500ms\ndeadtime 3\ninitdead 10\nudpport 20694\nauto_failback on\n"
	"logfacility none\nlogfile /dev/null\ncrm no\n"
	"ucast lo 127.0.0.1\nucast lo 127.0.0.2\nnode alpha beta\n";
static const char haresources[] = "alpha mail web\nbeta db\n";

typedef gboolean Condition(FakeRoot *const *roots);

/* Plays root for both until @is_true. */
static void
wait_until(FakeRoot *const *roots, guint n, Condition *is_true, const char *what)
{
	gint64 until_ms = hb_time_now_ms() + PATIENCE_MS;

	while (!is_true(roots)) {
		if (hb_time_now_ms() > until_ms) {
			for (guint i = 0; i < n; i++)
				fake_root_print_log(roots[i]);
			g_error("not within %d ms: %s", PATIENCE_MS, what);
		}
		fake_roots_serve(roots, n);
	}
}

static gboolean
first_is_ready(FakeRoot *const *roots)
{
	return roots[0]->is_ready;
}

static gboolean
first_has_failed(FakeRoot *const *roots)
{
	return roots[0]->n_failed > 0;
}

static gboolean
first_has_ended(FakeRoot *const *roots)
{
	return fake_root_ended(roots[0]) == roots[0]->code;
}

static gboolean
has(FakeRoot *root, const char *metric)
{
	g_autofree char *text = fake_root_ask(root, "metrics\n");

	return strstr(text, metric) != NULL;
}

static gboolean
each_has_its_group(FakeRoot *const *roots)
{
	return roots[0]->is_ready && roots[1]->is_ready
	    && has(roots[0], "hb_group_state{group=\"mail\",state=\"up\"} 1")
	    && has(roots[1], "hb_group_state{group=\"db\",state=\"up\"} 1")
	    && has(roots[0], "hb_node_alive{node=\"beta\"} 1") && has(roots[1], "hb_node_alive{node=\"alpha\"} 1");
}

static gboolean
second_has_all(FakeRoot *const *roots)
{
	return has(roots[1], "hb_group_state{group=\"mail\",state=\"up\"} 1")
	    && has(roots[1], "hb_group_state{group=\"db\",state=\"up\"} 1");
}

static void
start_both(FakeRoot *roots[2])
{
	roots[0] = fake_root_new("alpha", "127.0.0.1", ha_cf, haresources);
	roots[1] = fake_root_new("beta", "127.0.0.2", ha_cf, haresources);
	fake_root_start(roots[0]);
	fake_root_start(roots[1]);
	wait_until(roots, 2, each_has_its_group, "both nodes are up, each with its group");
}

static void
test_two_nodes_find_each_other_and_start_their_groups(void)
{
	FakeRoot *roots[2];

	start_both(roots);
	g_assert_cmpuint(fake_root_n_runs(roots[0], 0, HB_VERB_START), ==, 2);
	g_assert_cmpuint(fake_root_n_runs(roots[0], 1, HB_VERB_START), ==, 0);
	g_assert_cmpuint(fake_root_n_runs(roots[1], 1, HB_VERB_START), ==, 1);
	g_assert_cmpuint(fake_root_n_runs(roots[1], 0, HB_VERB_START), ==, 0);
	for (guint i = 0; i < 2; i++)
		fake_root_free(roots[i]);
}

static void
test_shutdown_stops_groups_hands_over_and_exits(void)
{
	FakeRoot *roots[2];

	start_both(roots);
	fake_root_say(roots[0], HB_CH_SHUTDOWN);
	wait_until(roots, 2, first_has_ended, "alpha exits");
	g_assert_cmpuint(roots[0]->n_exits, ==, 1);
	g_assert_cmpint(roots[0]->code, ==, 0);
	g_assert_cmpuint(fake_root_n_runs(roots[0], 0, HB_VERB_STOP), ==, 2);
	wait_until(roots, 2, second_has_all, "beta has both groups");
	for (guint i = 0; i < 2; i++)
		fake_root_free(roots[i]);
}

static void
test_killed_node_goes_on_with_its_numbers_and_its_groups(void)
{
	FakeRoot *roots[2];
	HbMemory before, after;

	start_both(roots);
	fake_root_kill(roots[0]);
	g_assert_cmpint(pread(roots[0]->memory_fd, &before, sizeof before, 0), ==, sizeof before);
	g_assert_cmpuint(before.magic, ==, HB_MEMORY_MAGIC);
	g_assert_cmpuint(before.group[0].state, ==, HB_HELD_UP);
	roots[0]->is_resumed = TRUE;
	fake_root_start(roots[0]);
	wait_until(roots, 2, each_has_its_group, "alpha goes on with its group");
	g_assert_cmpint(pread(roots[0]->memory_fd, &after, sizeof after, 0), ==, sizeof after);
	g_assert_cmpuint(after.next_seq, >, before.next_seq);
	g_assert_cmpuint(fake_root_n_runs(roots[0], 0, HB_VERB_START), ==, 0);
	g_assert_cmpuint(fake_root_n_runs(roots[0], 0, HB_VERB_STOP), ==, 0);
	g_assert_cmpuint(fake_root_n_runs(roots[1], 0, HB_VERB_START), ==, 0);
	for (guint i = 0; i < 2; i++)
		fake_root_free(roots[i]);
}

static void
send_to(const char *address, const void *data, gsize len)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	g_auto(HbFd) fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(inet_pton(AF_INET, address, &to.sin_addr), ==, 1);
	g_assert_cmpint(sendto(fd, data, len, 0, (struct sockaddr *)&to, sizeof to), ==, (gssize)len);
}

static gboolean
refusals_are_counted(FakeRoot *const *roots)
{
	g_autofree char *text = fake_root_ask(roots[0], "json\n");

	return strstr(text, "\"rx_malformed\": 1") && strstr(text, "\"rx_badauth\": 1");
}

static void
test_foreign_packets_are_refused_and_counted(void)
{
	static const char unsigned_msg[] = "###\n8:(0)t=abc,%%%\n";
	FakeRoot *root = fake_root_new("alpha", "127.0.0.1", ha_cf, haresources);

	fake_root_start(root);
	wait_until(&root, 1, first_is_ready, "alpha is ready");
	send_to("127.0.0.1", "rubbish", 7);
	send_to("127.0.0.1", unsigned_msg, sizeof unsigned_msg - 1);
	wait_until(&root, 1, refusals_are_counted, "one malformed, one without signature");
	fake_root_free(root);
}

static gboolean
forgery_is_counted(FakeRoot *const *roots)
{
	g_autofree char *text = fake_root_ask(roots[0], "json\n");

	return strstr(text, "\"rx_badauth\": 1") != NULL;
}

/* Beta's good-bye with a right SHA-1 signature, without the one of ours. */
static void
test_who_once_signed_with_hmac_is_not_believed_without_it(void)
{
	static const HbFrameOptions options = { .sign = 1 };
	HbKeyring keys = { .sign = 1 };
	HbTyped bye = { .type = HB_MSG_SHUTDONE, .src = "beta", .seq = 1000 };
	g_autoptr(HbMsg) fields = NULL;
	g_autoptr(GByteArray) packet = NULL;
	HbEnvelope envelope = { .src = "beta", .ts = 1, .ttl = 3 };
	FakeRoot *roots[2];

	start_both(roots);
	keys.key[1] = (HbKey){ hb_digest_sha1, (char *)"key-of-the-test", 15 };
	bye.u.status.st = HB_ST_DEAD;
	envelope.generation = roots[1]->generation;
	fields = hb_typed_build(&bye, &envelope);
	packet = hb_frame_seal(fields, &keys, &options);
	send_to("127.0.0.1", packet->data, packet->len);
	wait_until(roots, 2, forgery_is_counted, "the forgery is refused");
	g_assert_true(has(roots[0], "hb_node_alive{node=\"beta\"} 1"));
	for (guint i = 0; i < 2; i++)
		fake_root_free(roots[i]);
}

static gboolean
fifo_rubbish_is_counted(FakeRoot *const *roots)
{
	return has(roots[0], "hb_fifo_bad 1\n");
}

static gboolean
first_has_stopped(FakeRoot *const *roots)
{
	return fake_root_n_runs(roots[0], 0, HB_VERB_STOP) == 2
	    && has(roots[1], "hb_group_state{group=\"mail\",state=\"up\"} 1");
}

static void
test_standby_through_the_fifo_moves_the_group(void)
{
	static const char rubbish[] = ">>>\nthis is no field\n<<<\n";
	static const char standby[] = ">>>\nt=ask_resources\nrsc_hold=all\ninfo=me\n<<<\n";
	FakeRoot *roots[2];

	start_both(roots);
	g_assert_cmpint(write(roots[0]->fifo, rubbish, sizeof rubbish - 1), ==, sizeof rubbish - 1);
	wait_until(roots, 2, fifo_rubbish_is_counted, "the rubbish is counted");
	g_assert_cmpint(write(roots[0]->fifo, standby, sizeof standby - 1), ==, sizeof standby - 1);
	wait_until(roots, 2, first_has_stopped, "alpha has given its group to beta");
	for (guint i = 0; i < 2; i++)
		fake_root_free(roots[i]);
}

static void
test_another_configuration_than_roots_is_refused(void)
{
	FakeRoot *root = fake_root_new("alpha", "127.0.0.1", ha_cf, haresources);

	root->is_wrong_hash = TRUE;
	fake_root_start(root);
	wait_until(&root, 1, first_has_failed, "alpha gives up");
	g_assert_cmpint(root->code, ==, 1);
	g_assert_false(root->is_ready);
	wait_until(&root, 1, first_has_ended, "alpha ends");
	fake_root_free(root);
}

static void
test_no_medium_at_all_is_refused(void)
{
	FakeRoot *root = fake_root_new("alpha", "127.0.0.1", ha_cf, haresources);

	root->open_errno = ENODEV;
	fake_root_start(root);
	wait_until(&root, 1, first_has_failed, "alpha gives up");
	g_assert_cmpint(root->code, ==, 1);
	g_assert_nonnull(strstr(root->text, "medium"));
	fake_root_free(root);
}

static gboolean
guard_was_told(FakeRoot *const *roots)
{
	char byte;

	return read(roots[0]->guard, &byte, 1) == 1;
}

static void
test_silence_of_root_is_told_to_the_guard(void)
{
	FakeRoot *root = fake_root_new("alpha", "127.0.0.1", ha_cf, haresources);
	gint64 begin_ms;

	fake_root_start(root);
	wait_until(&root, 1, first_is_ready, "alpha is ready");
	root->keeps_silent = TRUE;
	begin_ms = hb_time_now_ms();
	wait_until(&root, 1, guard_was_told, "one byte for the guard");
	g_assert_cmpint(hb_time_now_ms() - begin_ms, >=, 2500);
	fake_root_free(root);
}

static gboolean
first_tells_what_it_sends(FakeRoot *const *roots)
{
	return fake_root_has_logged(roots[0], "sends status");
}

static void
test_debug_lines_begin_when_root_raises_the_level(void)
{
	FakeRoot *root = fake_root_new("alpha", "127.0.0.1", ha_cf, haresources);

	fake_root_start(root);
	wait_until(&root, 1, first_is_ready, "alpha is ready");
	g_assert_false(first_tells_what_it_sends(&root));
	fake_root_set_debug(root, 1);
	wait_until(&root, 1, first_tells_what_it_sends, "debug lines in the log");
	fake_root_free(root);
}

/* A medium is lost with its interface, and found again when that comes back. */
static void
set_loopback(gboolean is_up)
{
	struct ifreq request = { .ifr_name = "lo" };
	g_auto(HbFd) fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(ioctl(fd, SIOCGIFFLAGS, &request), ==, 0);
	if (is_up)
		request.ifr_flags |= IFF_UP;
	else
		request.ifr_flags &= (short)~IFF_UP;
	g_assert_cmpint(ioctl(fd, SIOCSIFFLAGS, &request), ==, 0);
}

static gboolean
media_are_down(FakeRoot *const *roots)
{
	return has(roots[0], "hb_medium_up{kind=\"ucast\",medium=\"lo\"} 0");
}

static gboolean
media_are_up(FakeRoot *const *roots)
{
	return has(roots[0], "hb_medium_up{kind=\"ucast\",medium=\"lo\"} 1");
}

static void
test_interface_down_and_up_again_is_noticed_at_once(void)
{
	FakeRoot *root = fake_root_new("alpha", "127.0.0.1", ha_cf, haresources);

	fake_root_start(root);
	wait_until(&root, 1, first_is_ready, "alpha is ready");
	g_assert_true(media_are_up(&root));
	set_loopback(FALSE);
	wait_until(&root, 1, media_are_down, "the media are down");
	set_loopback(TRUE);
	wait_until(&root, 1, media_are_up, "the media are up again");
	fake_root_free(root);
}

static gboolean
make_world(void)
{
	if (unshare(CLONE_NEWNET) < 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return FALSE;
	set_loopback(TRUE);
	return TRUE;
}

int
main(int argc, char **argv)
{
	if (!make_world())
		return EXIT_SKIPPED;
	(void)signal(SIGPIPE, SIG_IGN);
	g_setenv("HB_PLUGIN_PATH", g_getenv("HB_BUILDDIR"), TRUE);
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hb-node/two-nodes", test_two_nodes_find_each_other_and_start_their_groups);
	g_test_add_func("/hb-node/shutdown", test_shutdown_stops_groups_hands_over_and_exits);
	g_test_add_func("/hb-node/killed", test_killed_node_goes_on_with_its_numbers_and_its_groups);
	g_test_add_func("/hb-node/refused-packets", test_foreign_packets_are_refused_and_counted);
	g_test_add_func("/hb-node/left-out-hmac", test_who_once_signed_with_hmac_is_not_believed_without_it);
	g_test_add_func("/hb-node/fifo", test_standby_through_the_fifo_moves_the_group);
	g_test_add_func("/hb-node/wrong-hash", test_another_configuration_than_roots_is_refused);
	g_test_add_func("/hb-node/no-medium", test_no_medium_at_all_is_refused);
	g_test_add_func("/hb-node/guard", test_silence_of_root_is_told_to_the_guard);
	g_test_add_func("/hb-node/debug", test_debug_lines_begin_when_root_raises_the_level);
	g_test_add_func("/hb-node/interface", test_interface_down_and_up_again_is_noticed_at_once);
	return g_test_run();
}
