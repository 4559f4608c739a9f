/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ha.cf: what comes of the lines that are taken: values, defaults, which of two lines counts (doc/config.md 1, 2). */
#include <glib.h>

#include "hacf_fixture.h"
#include "util/banned.h"

static void
test_last_value_and_last_line_win(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = hacf_parse("keepalive 500ms 700ms\ndeadtime 10\ndeadtime 20\n" NODES MEDIUM REST,
	                                   problems);

	g_assert_cmpuint(config->keepalive_ms, ==, 700);
	g_assert_cmpuint(config->deadtime_ms, ==, 20000);
}

static void
test_nice_failback_is_mapped(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) on = hacf_parse(NODES MEDIUM "logfacility local0\nnice_failback on\n", problems);
	g_autoptr(HbConfig) off = hacf_parse(NODES MEDIUM "logfacility local0\nnice_failback off\n", problems);

	g_assert_cmpint(on->failback, ==, HB_FAILBACK_OFF);
	g_assert_cmpint(off->failback, ==, HB_FAILBACK_LEGACY);
}

static void
assert_initdead(const char *deadtime, guint32 expected_ms)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autofree char *hacf = g_strconcat("deadtime ", deadtime, "\n" NODES MEDIUM REST, NULL);
	g_autoptr(HbConfig) config = hacf_parse(hacf, problems);

	g_assert_nonnull(config);
	g_assert_cmpuint(config->initdead_ms, ==, expected_ms);
}

static void
test_initdead_follows_deadtime(void)
{
	assert_initdead("3", 12000);
	assert_initdead("5999ms", 12000);
	assert_initdead("6", 12000);
	assert_initdead("10", 20000);
	assert_initdead("10001ms", 10001);
	assert_initdead("30", 30000);
}

static const char *
recorded(const HbConfig *config, const char *name)
{
	for (guint i = 0; i < config->n_recorded; i++)
		if (g_str_equal(config->recorded[i].name, name))
			return config->recorded[i].value;
	return NULL;
}

static void
test_values_are_recorded_as_written_and_defaults_as_306_prints_them(void)
{
	static const char *const expected[][2] = {
		{ "deadtime", "3" },          { "keepalive", "0.5" },
		{ "deadping", "3000ms" },     { "warntime", "1500ms" },
		{ "initdead", "12000ms" },    { "hopfudge", "1" },
		{ "baud", "19200" },          { "udpport", "694" },
		{ "cluster", "linux-ha" },    { "auto_failback", "on" },
		{ "compression", "zlib" },    { "compression_threshold", "2" },
		{ "traditional_compression", "no" }, { "hbgenmethod", "file" },
		{ "realtime", "true" },       { "debug", "0" },
		{ "msgfmt", "classic" },      { "conn_logd_time", "60" },
		{ "log_badpack", "true" },    { "syslogmsgfmt", "true" },
		{ "coredumps", "true" },      { "autojoin", "none" },
		{ "uuidfrom", "file" },       { "memreserve", "6500" },
		{ "max_rexmit_delay", "250" }, { "record_config_changes", "on" },
		{ "record_pengine_inputs", "on" }, { "enable_config_writes", "on" },
		{ "logfacility", "local0" }, { "quorum_server", "q" },
	};
	static const char *const unset[] = { "node", "bcast", "respawn", "apiauth", "stonith", "rtprio", "env",
		                             "watchdog", "nice_failback", "coreroot",
		                             "logfile", "use_logd" };
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = hacf_parse("keepalive 0.5\ndeadtime 3\nenv A=b\nquorum_server q\n" NODES MEDIUM REST, problems);

	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
		g_assert_cmpstr(recorded(config, expected[i][0]), ==, expected[i][1]);
	for (gsize i = 0; i < G_N_ELEMENTS(unset); i++)
		g_assert_null(recorded(config, unset[i]));
	g_assert_cmpstr(config->env[0], ==, "A=b");
	g_assert_null(config->env[1]);
}

static void
test_a_medium_has_the_port_of_the_line_above_it(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = hacf_parse("bcast a\nudpport 700\nbcast b c\nping 192.0.2.1\n" NODES REST, problems);

	g_assert_cmpuint(config->n_media, ==, 4);
	g_assert_cmpuint(config->media[0].udpport, ==, 694);
	g_assert_cmpuint(config->media[1].udpport, ==, 700);
	g_assert_cmpstr(config->media[2].kind, ==, "bcast");
	g_assert_cmpstr(config->media[2].words, ==, "c");
	g_assert_cmpuint(config->media[2].line, ==, 3);
	g_assert_cmpuint(config->n_ping_nodes, ==, 1);
	g_assert_cmpstr(config->ping_nodes[0], ==, "192.0.2.1");
}

static void
test_an_old_client_path_is_mapped(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = hacf_parse("respawn hacluster /usr/lib64/heartbeat/ipfail -v\n" NODES MEDIUM REST,
	                                   problems);

	g_assert_cmpstr(config->respawn[0].command, ==, HB_BIN_DIR "/ipfail -v");
	g_assert_cmpstr(config->respawn[0].user, ==, "hacluster");
}

static void
test_the_last_line_for_this_node_is_its_device(void)
{
	static const char stonith[] = "stonith first /etc/a\nstonith_host n2 second x\nstonith_host N1 third a  b c\n";
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = fixture_bundle(NODES MEDIUM REST, "", KEYS);
	const HbConfInput input = { .files = bundle, .node_name = "n1" };
	g_autoptr(HbConfig) config = NULL;
	g_autoptr(HbConfig) none = hb_config_parse(&input, problems);

	g_assert_null(none->fence.type);
	fixture_add(bundle, HB_FILE_HACF, "ha.cf.d/a.cf", stonith, strlen(stonith));
	config = hb_config_parse(&input, problems);
	g_assert_cmpstr(config->fence.type, ==, "third");
	g_assert_cmpstr(config->fence.words, ==, "a  b c");
	g_assert_null(config->fence.file);
	for (guint i = 0; i < config->n_nodes; i++)
		g_assert_true(config->nodes[i].can_fence == (i != config->self));
}

static void
test_drop_ins_may_hold_our_words_without_a_warning(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = fixture_bundle(NODES MEDIUM REST, "", KEYS);
	const HbConfInput input = { .files = bundle, .node_name = "n1" };
	g_autoptr(HbConfig) config = NULL;
	static const char extra[] = "resource_timeout 5\nkeepalive 100ms\n";

	fixture_add(bundle, HB_FILE_HACF, "ha.cf.d/ours.cf", extra, sizeof extra - 1);
	config = hb_config_parse(&input, problems);
	g_assert_nonnull(config);
	g_assert_cmpuint(problems->len, ==, 0);
	g_assert_cmpuint(config->resource_timeout_ms, ==, 5000);
	g_assert_cmpuint(config->keepalive_ms, ==, 100);
}

static void
test_what_is_lost_on_purpose_is_read_as_by_306(void)
{
	static const char text[] = "xmitloss=0.5\nrcvloss=1\nallownodes=N1; n2;\nrcvloss=2\nnonsense\n";
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = fixture_bundle(NODES MEDIUM REST, "", KEYS);
	const HbConfInput input = { .files = bundle, .node_name = "n1" };
	g_autoptr(HbConfig) config = NULL;

	fixture_add(bundle, HB_FILE_TESTING, "OnlyForTesting", text, sizeof text - 1);
	config = hb_config_parse(&input, problems);
	g_assert_nonnull(config);
	g_assert_cmpfloat(config->testing.send_loss, ==, 0.5);
	g_assert_cmpfloat(config->testing.receive_loss, ==, 1.0);
	g_assert_cmpuint(g_strv_length(config->testing.allowed), ==, 2);
	g_assert_cmpstr(config->testing.allowed[0], ==, "n1");
	/* two lines without effect, and that the file is there at all */
	g_assert_cmpuint(problems->len, ==, 3);
	g_assert_false(hb_problems_have_error(problems));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hacf-values/last-value-and-line-win", test_last_value_and_last_line_win);
	g_test_add_func("/hacf-values/nice-failback-is-mapped", test_nice_failback_is_mapped);
	g_test_add_func("/hacf-values/initdead-follows-deadtime", test_initdead_follows_deadtime);
	g_test_add_func("/hacf-values/values-are-recorded",
	                test_values_are_recorded_as_written_and_defaults_as_306_prints_them);
	g_test_add_func("/hacf-values/port-of-the-line-above", test_a_medium_has_the_port_of_the_line_above_it);
	g_test_add_func("/hacf-values/old-client-path-is-mapped", test_an_old_client_path_is_mapped);
	g_test_add_func("/hacf-values/drop-ins-may-hold-our-words", test_drop_ins_may_hold_our_words_without_a_warning);
	g_test_add_func("/hacf-values/only-for-testing", test_what_is_lost_on_purpose_is_read_as_by_306);
	g_test_add_func("/hacf-values/last-stonith-line-is-the-device", test_the_last_line_for_this_node_is_its_device);
	return g_test_run();
}
