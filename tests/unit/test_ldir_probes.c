/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Schedule and checker together: the checks of one server that has several, against servers (doc/ldirectord.md 3.8). */
#define _GNU_SOURCE     /* unshare() */
#include "ldir_check_fixture.h"
#include "ldirectord/check/probes.h"
#include "util/banned.h"

#define ASKED "<\\r\\n\\r\\n "
#define PAGE(text) ">HTTP/1.1_200_OK\\r\\nConnection:_close\\r\\n\\r\\n" text " close"

typedef struct {
	guint n;
	gboolean is_good;
	char *why;
} Heard;

static void
on_verdict(const LdirScheduleEffect *verdict, gpointer user)
{
	Heard *heard = user;

	heard->n++;
	heard->is_good = verdict->is_good;
	g_free(heard->why);
	heard->why = g_strdup(verdict->why);
}

static const char *
state_of(guint service, guint server, gpointer user)
{
	(void)service, (void)server, (void)user;
	return "up";
}

/* The first verdict of one server, with page @main at its port and page @health at another, which a line check= asks for. */
static void
expect_round(const char *main_script, const char *health_script, gboolean is_good, const char *why)
{
	CheckServer page, health;
	Heard heard = { 0 };
	LdirProbes *probes = ldir_probes_new(on_verdict, state_of, &heard);
	g_autoptr(LdirConfig) config = NULL;
	g_autofree char *text = NULL;
	gint64 end_ms = hb_time_now_ms() + FIXTURE_LIMIT_MS;

	server_start(&page, main_script);
	server_start(&health, health_script);
	text = g_strdup_printf("checkinterval=600\nnegotiatetimeout=120\nvirtual=10.0.0.1:%u\n"
	                       "\treal=127.0.0.1:%u masq 1 \"a\",\"main\"\n\tservice=http\n"
	                       "\tvirtualhost=h\n\tcheck=negotiate checkport=%u request=\"/health\" receive=\"all is well\"\n",
	                       page.port, page.port, health.port);
	config = check_config(text);
	ldir_probes_configure(probes, config);
	ldir_probes_begin(probes, hb_time_now_ms());
	while (heard.n == 0 && hb_time_now_ms() < end_ms) {
		struct pollfd poll_fd = { ldir_probes_fd(probes), POLLIN, 0 };

		(void)poll(&poll_fd, 1, (int)CLAMP(ldir_probes_deadline_ms(probes) - hb_time_now_ms(), 0, 100));
		ldir_probes_run(probes, hb_time_now_ms());
	}
	g_test_message("%s", heard.why);
	g_assert_cmpuint(heard.n, ==, 1);
	g_assert_true(heard.is_good == is_good);
	g_assert_nonnull(strstr(heard.why, why));
	ldir_probes_free(probes);
	server_stop(&page);
	server_stop(&health);
	g_free(heard.why);
}

static void
test_each_check_asks_what_its_line_says(void)
{
	expect_round("<GET_/a_HTTP <Host:_h " ASKED PAGE("main"), "<GET_/health_HTTP <Host:_h " ASKED PAGE("all_is_well"), TRUE,
	             "2 checks are good");
}

/* The page would hang until its limit of time, which is longer than the test waits. */
static void
test_one_that_fails_does_not_wait_for_the_others(void)
{
	expect_round("hang", ASKED PAGE("all_is_bad"), FALSE, " /health: ");
	expect_round(ASKED PAGE("nothing"), "hang", FALSE, " a: ");
	expect_round(ASKED PAGE("main"), NULL, FALSE, " /health: 500 Can't connect");
}

int
main(int argc, char **argv)
{
	if (!check_network())
		return EXIT_SKIPPED;
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ldir/probes/asks", test_each_check_asks_what_its_line_says);
	g_test_add_func("/ldir/probes/fails", test_one_that_fails_does_not_wait_for_the_others);
	return g_test_run();
}
