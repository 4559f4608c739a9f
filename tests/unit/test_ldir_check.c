/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The checker as such, with checks of type connect (doc/ldirectord.md 3.2). */
#define _GNU_SOURCE     /* unshare() */
#include "ldir_check_fixture.h"
#include "util/banned.h"

#define CONNECT "\tchecktype=connect\n\tchecktimeout=1\n"

static void
test_a_port_that_listens_is_good(void)
{
	check_expect("hang", CONNECT, TRUE, "connected");
	check_expect("reset", CONNECT, TRUE, "connected");
}

static void
test_a_closed_port_is_bad_with_its_reason(void)
{
	check_expect(NULL, CONNECT, FALSE, "Connection refused");
}

static void
test_silence_ends_at_the_deadline(void)
{
	CheckServer server;
	gint64 began_ms = hb_time_now_ms();
	int fill[2];

	/* a full queue of connections that nobody accepts does not answer */
	server_start(&server, NULL);
	g_assert_cmpint(listen(server.fd, 0), ==, 0);
	for (guint i = 0; i < 2; i++) {
		const struct sockaddr_in addr = {
			.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(server.port),
		};

		fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		(void)connect(fill[i], (const struct sockaddr *)&addr, sizeof addr);
	}
	check_expect_port(server.port, CONNECT, FALSE, "timed out");
	g_assert_cmpint(hb_time_now_ms() - began_ms, >=, 1000);
	(void)close(fill[0]);
	(void)close(fill[1]);
	server_stop(&server);
}

static void
test_no_route_is_bad_at_once(void)
{
	CheckFixture f = check_once("virtual=10.0.0.1:80\n\treal=192.0.2.1:80 masq\n" CONNECT);

	g_assert_false(f.is_good);
	g_assert_nonnull(strstr(f.why, "unreachable"));
	check_done(&f);
}

static void
test_without_a_port_nothing_can_be_checked(void)
{
	CheckFixture f = check_once("virtual=7\n\treal=127.0.0.1 gate\n" CONNECT);

	g_assert_false(f.is_good);
	g_assert_nonnull(strstr(f.why, "checkport"));
	check_done(&f);
}

static void
test_service_none_is_good(void)
{
	check_expect(NULL, "\tservice=none\n", TRUE, "nothing");
}

static void
never(guint64 id, gboolean is_good, const char *why, gpointer user)
{
	(void)user;
	g_error("check %" G_GUINT64_FORMAT " was cancelled, and is %d: %s", id, is_good, why);
}

static void
test_a_cancelled_check_says_nothing(void)
{
	g_autoptr(LdirConfig) config = check_config("virtual=10.0.0.1:80\n\treal=127.0.0.1:9 masq\n" CONNECT);
	const LdirVirtual *vs = config->virtuals->pdata[0];
	g_autoptr(LdirChecker) checker = ldir_checker_new(never, NULL);

	for (guint64 id = 1; id <= 100; id++)
		ldir_checker_start(checker, id, config, vs, vs->reals->pdata[0], LDIR_CHECK_CONNECT, NULL);
	for (guint64 id = 0; id <= 101; id++)
		ldir_checker_cancel(checker, id);
	for (guint i = 0; i < 10; i++)
		check_turn(checker);
	g_assert_cmpint(ldir_checker_deadline_ms(checker), ==, G_MAXINT64);
	/* and what runs at the end is no leak */
	ldir_checker_start(checker, 7, config, vs, vs->reals->pdata[0], LDIR_CHECK_CONNECT, NULL);
}

typedef struct {
	LdirChecker *checker;
	const LdirConfig *config;
	guint n_good, n_wanted;
} Again;

/* The next one begins where the last one is told. */
static void
again(guint64 id, gboolean is_good, const char *why, gpointer user)
{
	Again *state = user;
	const LdirVirtual *vs = state->config->virtuals->pdata[0];

	(void)why;
	g_assert_true(is_good);
	if (++state->n_good < state->n_wanted)
		ldir_checker_start(state->checker, id, state->config, vs, vs->reals->pdata[0], LDIR_CHECK_CONNECT, NULL);
}

static void
test_many_at_once_all_end(void)
{
	CheckServer server;
	g_autofree char *text = NULL;
	g_autoptr(LdirConfig) config = NULL;
	Again state = { .n_wanted = 2000 };
	gint64 end_ms = hb_time_now_ms() + FIXTURE_LIMIT_MS;

	server_start(&server, "close");
	text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.1:%u masq\n\tchecktype=connect\n\tchecktimeout=60\n", server.port);
	config = check_config(text);
	state.config = config;
	state.checker = ldir_checker_new(again, &state);
	for (guint64 id = 0; id < 50; id++)
		ldir_checker_start(state.checker, id, config, config->virtuals->pdata[0],
		                   ((LdirVirtual *)config->virtuals->pdata[0])->reals->pdata[0], LDIR_CHECK_CONNECT, NULL);
	while (state.n_good < state.n_wanted + 49 && hb_time_now_ms() < end_ms)
		check_turn(state.checker);
	g_assert_cmpuint(state.n_good, ==, state.n_wanted + 49);
	ldir_checker_free(state.checker);
	server_stop(&server);
}

/* Good and bad ones in turn, with the sockets of those before. */
static void
test_sockets_are_used_again_for_any_server(void)
{
	CheckServer good, reset, closed;
	CheckFixture f = { 0 };
	g_autofree char *text = NULL;
	static const gboolean wanted[] = { TRUE, TRUE, FALSE };

	server_start(&good, "hang");
	server_start(&reset, "reset");
	server_start(&closed, NULL);
	text = g_strdup_printf("virtual=10.0.0.1:80\n\treal=127.0.0.1:%u masq\n\treal=127.0.0.1:%u masq\n\treal=127.0.0.1:%u masq\n"
	                       "\tchecktype=connect\n\tchecktimeout=60\n", good.port, reset.port, closed.port);
	f.config = check_config(text);
	f.checker = ldir_checker_new(check_verdict, &f);
	for (guint i = 0; i < 60; i++) {
		const LdirVirtual *vs = f.config->virtuals->pdata[0];

		f.n_verdicts = 0;
		ldir_checker_start(f.checker, 1, f.config, vs, vs->reals->pdata[i * 7 % 3], LDIR_CHECK_CONNECT, NULL);
		while (f.n_verdicts == 0)
			check_turn(f.checker);
		if (f.is_good != wanted[i * 7 % 3])
			g_error("check %u of server %u: %s", i, i * 7 % 3, f.why);
	}
	check_done(&f);
	server_stop(&closed);
	server_stop(&reset);
	server_stop(&good);
}

/* Not one of many: on a machine that stands still for a while the kernel acknowledges before the check has ended. */
static void
test_the_server_has_nothing_to_accept(void)
{
	enum { CHECKS = 50 };
	CheckServer server;
	guint n_accepted = 0;
	int fd;

	server_start(&server, NULL);
	g_assert_cmpint(listen(server.fd, CHECKS), ==, 0);
	for (guint i = 0; i < CHECKS; i++)
		check_expect_port(server.port, CONNECT, TRUE, "connected");
	g_assert_cmpint(fcntl(server.fd, F_SETFL, O_NONBLOCK), ==, 0);
	while ((fd = accept4(server.fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		n_accepted++;
		(void)close(fd);
	}
	g_assert_cmpuint(n_accepted, <, CHECKS);
	server_stop(&server);
}

int
main(int argc, char **argv)
{
	if (!check_network())
		return EXIT_SKIPPED;
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir_check/a_port_that_listens_is_good", test_a_port_that_listens_is_good);
	g_test_add_func("/ldir_check/a_closed_port_is_bad_with_its_reason", test_a_closed_port_is_bad_with_its_reason);
	g_test_add_func("/ldir_check/silence_ends_at_the_deadline", test_silence_ends_at_the_deadline);
	g_test_add_func("/ldir_check/sockets_are_used_again_for_any_server", test_sockets_are_used_again_for_any_server);
	g_test_add_func("/ldir_check/the_server_has_nothing_to_accept", test_the_server_has_nothing_to_accept);
	g_test_add_func("/ldir_check/no_route_is_bad_at_once", test_no_route_is_bad_at_once);
	g_test_add_func("/ldir_check/without_a_port_nothing_can_be_checked", test_without_a_port_nothing_can_be_checked);
	g_test_add_func("/ldir_check/service_none_is_good", test_service_none_is_good);
	g_test_add_func("/ldir_check/a_cancelled_check_says_nothing", test_a_cancelled_check_says_nothing);
	g_test_add_func("/ldir_check/many_at_once_all_end", test_many_at_once_all_end);
	return g_test_run();
}
