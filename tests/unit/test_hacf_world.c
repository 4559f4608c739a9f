/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ha.cf: what this machine and the plugins say of a line (doc/config.md 2). */
#include <glib.h>

#include "hacf_fixture.h"
#include "util/banned.h"

static void
test_users_and_programs_of_this_machine_are_checked(void)
{
	static const Case with_system[] = {
		{ GOOD, "respawn root /bin/sh\n", "" },
		{ REFUSED, "respawn no-such-user-here /bin/sh\n", "there is no such user" },
		{ REFUSED, "respawn root /no/such/program\n", "there is no such program" },
		{ WARNED, "respawn no-such-user-here /usr/lib/heartbeat/ipfail\n", "is taken for" },
		{ REFUSED, "apiauth x uid=no-such-user-here\n", "there is no such user" },
		{ REFUSED, "apiauth x gid=no-such-group-here\n", "there is no such group" },
		{ GOOD, "apiauth x uid=4711 gid=root\n", "" },
		{ WARNED, "bcast no-such-card\n", "it joins when it appears" },
		{ WARNED, "serial relative\n", "with its full path" },
		{ WARNED, "serial /no/such/tty\n", "no such terminal" },
		{ WARNED, "serial /etc/passwd\n", "is not a terminal" },
		{ WARNED, "debugfile ha-debug\n", "with its full path" },
		{ WARNED, "debugfile /no/such/dir/log\n", "the directory is not there" },
		{ WARNED, "debugfile /etc\n", "is a directory" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(with_system); i++) {
		const Case *c = &with_system[i];
		g_autofree char *hacf = g_strconcat(c->lines, NODES MEDIUM REST, NULL);
		g_autoptr(GPtrArray) problems = hb_problems_new();
		g_autoptr(HbBundle) bundle = fixture_bundle(hacf, "", KEYS);
		const HbConfInput input = { .files = bundle, .node_name = "n1", .with_system = TRUE };
		g_autoptr(HbConfig) config = hb_config_parse(&input, problems);
		g_autofree char *texts = fixture_texts(problems);

		if ((config == NULL) != (c->verdict == REFUSED) || strstr(texts, c->says) == NULL) {
			g_test_message("%s-- says --\n%s", c->lines, texts);
			g_test_fail();
		}
	}
}

static HbConfig *
parse_on_machine(const char *media, gboolean strict, GPtrArray *problems)
{
	g_autofree char *hacf = g_strconcat(media, NODES REST, NULL);
	g_autoptr(HbBundle) bundle = fixture_bundle(hacf, "", KEYS);
	const HbConfInput input = { .files = bundle, .node_name = "n1", .with_system = TRUE,
		                    .strict_media = strict };

	return hb_config_parse(&input, problems);
}

static void
test_a_missing_card_is_an_error_for_a_check_and_the_last_one_for_a_start(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) one_left = parse_on_machine("bcast lo no-such-card\n", FALSE, problems);
	g_autoptr(HbConfig) strict = parse_on_machine("bcast lo no-such-card\n", TRUE, problems);
	g_autoptr(HbConfig) none_left = parse_on_machine("bcast no-such-card\n", FALSE, problems);

	g_assert_nonnull(one_left);
	g_assert_null(strict);
	g_assert_null(none_left);
}

/* A plugin host that knows bcast, and "vendor", which takes one word per medium. */
static gboolean
fake_known(const char *kind)
{
	return g_str_equal(kind, "bcast") || g_str_equal(kind, "vendor");
}

static gboolean
fake_each(const char *kind)
{
	(void)kind;
	return TRUE;
}

static gboolean
fake_check(const char *kind, const char *words, guint32 udpport, guint32 baud, char **ret_far_name, char **ret_err)
{
	(void)kind, (void)udpport, (void)baud, (void)ret_far_name;
	if (!g_str_equal(words, "bad"))
		return TRUE;
	*ret_err = g_strdup("bad is not a link; write good");
	return FALSE;
}

static gboolean
fake_auth(const char *method)
{
	return g_str_equal(method, "sha1");
}

static char **
fake_stonith(const char *type, char **ret_err)
{
	if (g_str_equal(type, "external/switch"))
		return g_strsplit("hostlist ip secret", " ", -1);
	*ret_err = g_strdup("there is no such type");
	return NULL;
}

static const HbPluginJudge fake = { fake_known, fake_each, fake_check, fake_auth, fake_auth, fake_stonith };

static void
test_plugins_decide_about_their_words(void)
{
	static const Case judged[] = {
		{ GOOD, "vendor a b\n", NULL },
		{ REFUSED, "vendor a bad\n", "ha.cf:1: error: vendor bad: bad is not a link; write good" },
		{ REFUSED, "bcast bad\n", "write good" },
		{ REFUSED, "ping 192.0.2.1\n", "the plugin ping.so is not installed" },
		{ GOOD, "stonith_host * external/switch n1,n2 192.0.2.1 a long secret\n", NULL },
		{ REFUSED, "stonith_host n1 external/switch n2 192.0.2.1\n",
		  "has not all settings of external/switch; write after it values for: hostlist ip secret" },
		{ REFUSED, "stonith_host * external/swich n2 x y\n", "stonith_host external/swich: there is no such type" },
		{ GOOD, "stonith_host n2 external/swich\n", NULL },    /* of another node: skipped */
		{ REFUSED, "ping_group r 192.0.2.1\n", "the plugin ping_group.so is not installed" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(judged); i++) {
		const Case *c = &judged[i];
		g_autofree char *hacf = g_strconcat(c->lines, NODES MEDIUM REST, NULL);
		g_autoptr(GPtrArray) problems = hb_problems_new();
		g_autoptr(HbBundle) bundle = fixture_bundle(hacf, "", KEYS);
		const HbConfInput input = { .files = bundle, .node_name = "n1", .judge = &fake };
		g_autoptr(HbConfig) config = hb_config_parse(&input, problems);
		g_autofree char *texts = fixture_texts(problems);

		g_assert_true((config == NULL) == (c->verdict == REFUSED));
		g_assert_true(c->says == NULL || strstr(texts, c->says) != NULL);
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hacf-world/users-and-programs-are-checked", test_users_and_programs_of_this_machine_are_checked);
	g_test_add_func("/hacf-world/missing-card",
	                test_a_missing_card_is_an_error_for_a_check_and_the_last_one_for_a_start);
	g_test_add_func("/hacf-world/plugins-decide", test_plugins_decide_about_their_words);
	return g_test_run();
}
