/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The normal form shows every value and reads again to the same configuration. */
#include <glib.h>

#include "conf_fixture.h"
#include "util/banned.h"

#define KEYS "auth 1\n1 sha1 secret\n"

static const char *const hacfs[] = {
	"node n1 n2\nbcast lo\n",
	"node N2,N1\nbcast a b\nudpport 700\nbaud 9600\nucast c 192.0.2.2\nmcast d\t225.0.0.1  694 1 0\nudpport 0701\n",
	"node n1\nudp lo\nping h1,h2\nenv A=1 B= C A=2\nrespawn root /usr/lib/heartbeat/ipfail  -x  y\n"
	"failfast root /bin/true\napiauth a uid=root\nstonith x /y\nstonith_host * z\nwatchdog /dev/watchdog\n",
	"node n1 x\nbcast lo\nkeepalive 0.2\ndeadtime 1\ninitdead 5\nwarntime 500000us\ndeadping 2\nrtprio 7\n"
	"crm off\nnice_failback on\nmsgfmt netstring\nhbgenmethod time\nlogfile /a\ndebugfile /b\nlogfacility none\n"
	"resource_timeout 90\nhopfudge 0\ndebug +3\ncompression bz2\ncompression_threshold 9\nuse_logd on\n"
	"cluster \"q\"\ncoredumps no\nrealtime n\nsyslogmsgfmt 0\nautojoin OTHER\ntraditional_compression y\n",
	"node n1.example.com\nbcast lo\nbcast lo\nhopfudge abc\n",
};

static const char *const haresources[] = {
	"",
	"n1 a b::c::::d 10.0.0.1/24 IPv6addr::[fe80::1]/64 IPv6addr::fe80::2 \\\n more\n",
	"N1 x\\ \n",
};

static void
test_the_normal_form_reads_again_to_the_same(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(hacfs) * G_N_ELEMENTS(haresources); i++) {
		const char *hacf = hacfs[i / G_N_ELEMENTS(haresources)];
		const char *groups = haresources[i % G_N_ELEMENTS(haresources)];
		g_autoptr(GPtrArray) problems = hb_problems_new();
		gboolean has_domain = strstr(hacf, "n1.example") != NULL;
		g_autoptr(HbBundle) bundle = fixture_bundle(hacf, has_domain ? "" : groups, KEYS);
		g_autoptr(GBytes) keys = g_bytes_new_static(KEYS, sizeof KEYS - 1);
		const HbConfInput input = { .files = bundle, .node_name = "n1" };
		g_autoptr(HbConfig) config = hb_config_parse(&input, problems);
		g_autoptr(HbConfig) again = NULL;

		if (config == NULL) {
			g_autofree char *texts = fixture_texts(problems);

			g_error("%s", texts);
		}
		again = fixture_read_again(config, keys, "n1", problems);
		g_assert_nonnull(again);
		g_assert_true(fixture_same(config, again));
	}
}

static void
test_the_normal_form_shows_defaults_and_no_keys(void)
{
	static const char *const expected[] = {
		"# ha.cf\n",           "keepalive 1000ms\n", "deadtime 30000ms\n", "initdead 30000ms\n",
		"warntime 15000ms\n",  "auto_failback legacy\n", "use_logd yes\n", "udpport 694\n",
		"node n1\nnode n2\n",  "bcast lo\n",         "resource_timeout 60000ms\n",
		"# haresources\nn1 a 10.0.0.1\n", "# authkeys\n# auth 1\n# 1 sha1 (not shown)\n",
	};
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = fixture_bundle("bcast lo\nnode n1 n2\n", "n1\ta  10.0.0.1\n", KEYS);
	const HbConfInput input = { .files = bundle, .node_name = "n1" };
	g_autoptr(HbConfig) config = hb_config_parse(&input, problems);
	g_autofree char *text = hb_config_print(config);

	for (gsize i = 0; i < G_N_ELEMENTS(expected); i++)
		g_assert_nonnull(strstr(text, expected[i]));
	g_assert_null(strstr(text, "secret"));
}

static void
test_the_hash_tells_configurations_apart(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) one = fixture_bundle("bcast lo\nnode n1 n2\n", "n1 a\n", KEYS);
	g_autoptr(HbBundle) two = fixture_bundle("bcast lo\nnode n1 n2\n", "n2 a\n", KEYS);
	HbConfInput input = { .files = one, .node_name = "n1" };
	g_autoptr(HbConfig) a = hb_config_parse(&input, problems);
	g_autoptr(HbConfig) a_again = hb_config_parse(&input, problems);
	g_autoptr(HbConfig) b = NULL;

	input.files = two;
	b = hb_config_parse(&input, problems);
	g_assert_cmpmem(a->hash, sizeof a->hash, a_again->hash, sizeof a->hash);
	g_assert_cmpint(memcmp(a->hash, b->hash, sizeof a->hash), !=, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/conf-print/reads-again", test_the_normal_form_reads_again_to_the_same);
	g_test_add_func("/conf-print/shows-defaults-and-no-keys", test_the_normal_form_shows_defaults_and_no_keys);
	g_test_add_func("/conf-print/hash", test_the_hash_tells_configurations_apart);
	return g_test_run();
}
