/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ha.cf: which lines are taken, which are refused, and with what advice (doc/config.md 1, 2). */
#include <glib.h>

#include "hacf_fixture.h"
#include "util/banned.h"

/* Lines put above a complete and silent ha.cf. */
static const Case lines[] = {
	/* lexer */
	{ GOOD, "", NULL },
	{ GOOD, "# a comment\n\n  \t\n", NULL },
	{ GOOD, "\tkeepalive\t500ms # comment\n", NULL },
	{ GOOD, "debug 0#glued\n", NULL },
	{ GOOD, "keepalive 500ms\r\ndeadtime 5\r\n", NULL },
	{ GOOD, "\fdebug 1\f\n", NULL },
	{ REFUSED, "KeepAlive 1\n", "ha.cf:1: error: KeepAlive: directives are written in small letters; write keepalive" },
	{ REFUSED, "keepalve 1\n", "did you mean keepalive?" },
	{ REFUSED, "normalpoll 1\n", "normalpoll: is not a directive" },
	{ REFUSED, "hbversion\n", "is not a directive" },
	{ REFUSED, "tipc eth0\n", "is not a directive" },
	{ REFUSED, "debug=1\n", "is not a directive" },
	{ REFUSED, "debug: 1\n", "name and value are parted by a blank" },
	{ REFUSED, "\x01\x02\n", "\\x01\\x02" },
	{ REFUSED, "deadtime 10 \\\nfoo\n", "is not a time" },
	{ REFUSED, "debug\xc2\xa0""1\n", "ha.cf:1: error: debug\\xc2\\xa01: is not a directive" },
	{ GOOD, "# caf\xe9\n", NULL },
	{ WARNED, "node caf\xe9\n", "node caf\\xe9: there is no quoting" },
	{ REFUSED, "keepalive inf\n", "is not a time" },
	{ REFUSED, "keepalive nan\n", "is not a time" },
	{ REFUSED, "keepalive 0x10\n", "unit x10 is not known" },
	{ REFUSED, "udpport 0x10\n", "must be from 1 to 65535" },
	{ WARNED, "ucast lo 0.0.0.0\n", "0.0.0.0 is the address of no machine" },
	{ WARNED, "ucast lo 255.255.255.255\n", "255.255.255.255 is the address of no machine" },
	{ WARNED, "ucast lo 225.0.0.1\n", "225.0.0.1 is a multicast address" },
	{ WARNED, "ucast6 lo ff02::1\n", "ff02::1 is a multicast address" },
	{ WARNED, "ping 224.0.0.1\n", "224.0.0.1 is a multicast address" },
	{ WARNED, "ping_group g 10.0.0.1 10.0.0.2\nping 0.0.0.0\n", "0.0.0.0 is the address of no machine" },
	{ GOOD, "ucast lo 127.0.0.1\n", NULL },
	{ WARNED, "keepalive\n", "has no value, and is passed over; write keepalive TIME" },
	{ WARNED, "keepalive 500ms 700ms\n", "only the last value counts" },
	{ WARNED, "keepalive 500ms,700ms\n", "only the last value counts" },
	{ GOOD, "keepalive 500ms\nkeepalive 700ms\n", NULL },
	/* time */
	{ GOOD, "keepalive .5\n", NULL },
	{ GOOD, "keepalive 500MS\n", NULL },
	{ GOOD, "keepalive 500msec\n", NULL },
	{ GOOD, "keepalive 500msx\n", NULL },
	{ GOOD, "keepalive 500000us\n", NULL },
	{ GOOD, "keepalive 0.5ms\n", NULL },
	{ REFUSED, "keepalive 0.4ms\n", "must be more than 0" },
	{ REFUSED, "keepalive 0\n", "must be more than 0" },
	{ REFUSED, "keepalive -1\n", "must be more than 0" },
	{ REFUSED, "keepalive x\n", "is not a time" },
	{ REFUSED, "keepalive 1-2\n", "is not a time" },
	{ REFUSED, "keepalive 1e3\n", "unit e3 is not known" },
	{ REFUSED, "keepalive 1s\n", "ha.cf:1: error: keepalive 1s: unit s is not known; write keepalive 1" },
	{ REFUSED, "deadtime 30sec\n", "write deadtime 30" },
	{ REFUSED, "deadtime 1.5s\n", "write deadtime 1500ms" },
	{ REFUSED, "deadtime 2m\n", "write deadtime 120" },
	{ REFUSED, "deadtime 1h\n", "write deadtime 3600" },
	{ REFUSED, "keepalive 500 ms\n", "write keepalive 500ms" },
	{ REFUSED, "deadtime 10 s\n", "write deadtime 10" },
	{ REFUSED, "deadtime 99999999999999999999\n", "at most 1000000 seconds" },
	/* times against each other, in the order of the table */
	{ REFUSED, "keepalive 500ms\ndeadtime 1\n", "deadtime 1: must be more than 2 x keepalive (500ms); write deadtime 1500ms" },
	{ REFUSED, "deadtime 1\n", "ha.cf:1: error: deadtime 1: must be more than 2 x keepalive (1000ms); write deadtime 3" },
	{ WARNED, "keepalive 500ms\ndeadtime 1001ms\n", "is less than 4 x keepalive" },
	{ GOOD, "keepalive 200ms\ndeadtime 1\ninitdead 5\n", NULL },
	{ WARNED, "keepalive 200ms\ndeadtime 1\ninitdead 4\n", "is short" },
	{ REFUSED, "deadtime 10\ninitdead 9\n", "initdead 9: must not be less than deadtime (10000ms); write initdead 20" },
	{ GOOD, "deadtime 10\ninitdead 10\n", NULL },
	{ REFUSED, "warntime 0\n", "must be more than 0" },
	{ WARNED, "warntime 30\ndeadtime 5\n", "nobody is warned" },
	{ WARNED, "warntime 100ms\n", "is less than keepalive" },
	{ REFUSED, "deadping 2\n", "deadping 2: must be more than 2 x keepalive (1000ms); write deadping 3" },
	{ GOOD, "deadping 3\n", NULL },
	{ WARNED, "resource_timeout 30\n", "heartbeat 3.0.6 does not know this word" },
	{ REFUSED, "resource_timeout 0\n", "must be more than 0" },
	/* whole numbers, as atoi() reads them */
	{ GOOD, "hopfudge 255\n", NULL },
	{ REFUSED, "hopfudge 256\n", "must be from 0 to 255" },
	{ WARNED, "hopfudge abc\n", "is not a whole number, and taken for 0" },
	{ WARNED, "debug 3x\n", "taken for 3" },
	{ REFUSED, "debug -1\n", "must be from 0 to 255" },
	{ REFUSED, "debug 256\n", "must be from 0 to 255" },
	{ REFUSED, "max_rexmit_delay 0\n", "must be from 1" },
	{ REFUSED, "rtprio 0\n", "must be from 1 to 99" },
	{ REFUSED, "rtprio 100\n", "must be from 1 to 99" },
	{ GOOD, "memreserve 1\n", NULL },
	{ REFUSED, "memreserve 0\n", "must be from 1" },
	{ REFUSED, "compression_threshold 0\n", "must be from 1" },
	/* truths */
	{ GOOD, "realtime OFF\n", NULL },
	{ GOOD, "realtime n\n", NULL },
	{ REFUSED, "realtime maybe\n", "must be on (true yes y 1) or off (false no n 0)" },
	{ REFUSED, "use_logd perhaps\n", "must be on" },
	{ REFUSED, "record_config_changes x\n", "must be on" },
	/* words of a list */
	{ GOOD, "autojoin NONE\n", NULL },
	{ WARNED, "autojoin other\n", "heartbeat 3.0.6 refuses it beside haresources" },
	{ REFUSED, "autojoin all\n", "must be one of none, other, any" },
	{ REFUSED, "msgfmt Classic\n", "must be one of classic, netstring; write msgfmt classic" },
	{ GOOD, "msgfmt netstring\n", NULL },
	{ GOOD, "hbgenmethod time\n", NULL },
	{ REFUSED, "hbgenmethod clock\n", "must be one of file, time" },
	{ GOOD, "uuidfrom nodename\n", NULL },
	{ GOOD, "uuidfrom file\n", NULL },
	{ REFUSED, "logfacility local8\n", "must be one of" },
	{ REFUSED, "compression lzo\n", "must be one of zlib, bz2" },
	{ GOOD, "compression bz2\n", NULL },
	/* manager */
	{ GOOD, "crm no\n", NULL },
	{ GOOD, "pacemaker off\n", NULL },
	{ REFUSED, "crm yes\n", "needs a cluster manager that no longer supports heartbeat" },
	{ REFUSED, "pacemaker respawn\n", "delete this line" },
	{ REFUSED, "crm off\npacemaker off\n", "is the same as pacemaker in line 2" },
	{ REFUSED, "pacemaker off\npacemaker off\n", "for the second time, first in line 1" },
	/* what has no function yet */
	{ GOOD, "watchdog /dev/watchdog\n", NULL },
	{ REFUSED, "watchdog /dev/a\nwatchdog /dev/b\n", "for the second time" },
	{ GOOD, "use_apphbd yes\n", NULL },
	{ GOOD, "use_apphbd no\n", NULL },
	{ GOOD, "quorum_server q\n", NULL },
	{ GOOD, "coreroot /var/tmp\n", NULL },
	{ GOOD, "conn_logd_time 30\n", NULL },
	{ GOOD, "conn_logd_time 60000ms\n", NULL },
	{ GOOD, "stonith external/ssh /etc/ha.d/s\n", NULL },
	{ REFUSED, "stonith external/ssh s\n", "must be given with its full path" },
	{ REFUSED, "stonith external/ssh\n", "needs TYPE FILE" },
	{ REFUSED, "stonith\n", "needs TYPE FILE" },
	{ GOOD, "stonith_host * meatware n1 n2\n", NULL },
	{ WARNED, "stonith_host * meatware n2\nstonith_host * null n2\n", "replaces the device of line 1" },
	{ REFUSED, "coreroot cores\n", "must be given with its full path" },
	{ REFUSED, "keepalive +1\n", "is not a time" },
	{ REFUSED, "stonith_host n1\n", "needs HOST TYPE [PARAMETER...]" },
	{ WARNED, "stonith_host n3 null n2\n", "stonith_host n3: is not a node of ha.cf, and the line counts for nobody" },
	{ GOOD, "respawn root /bin/true -x\n", NULL },
	{ GOOD, "failfast root /bin/true\n", NULL },
	{ REFUSED, "respawn root\n", "needs USER PROGRAM" },
	{ REFUSED, "respawn root true\n", "must be given with its full path" },
	{ GOOD, "apiauth ipfail uid=hacluster gid=haclient\n", NULL },
	{ REFUSED, "apiauth ipfail\n", "needs NAME" },
	{ REFUSED, "apiauth x user=root\n", "write apiauth x uid=USER" },
	{ REFUSED, "apiauth x uid=root uid=root\n", "only one uid=" },
	{ REFUSED, "apiauth x uid=\n", "names nobody" },
	{ REFUSED, "apiauth x uid=,root\n", "names nobody" },
	{ GOOD, "apiauth x uid=root,,hacluster,\n", NULL },
	{ REFUSED, "apiauth x uid=root\napiauth x gid=root\n", "has a line already" },
	{ REFUSED, "apiauth abcdefghijabcdefghijabcdefghijab uid=root\n", "at most 31 characters" },
	/* media */
	{ GOOD, "mcast6 lo ff02::1 694 1 0\n", NULL },
	{ REFUSED, "mcast6 lo ff02::1 694 1\n", "write for example mcast6 eth0 ff02::694 694 1 0" },
	{ GOOD, "ucast6 lo fe80::1\n", NULL },
	{ REFUSED, "ucast6 lo\n", "write for example ucast6 eth0 fe80::2%eth0" },
	{ GOOD, "baud 9600\nserial /dev/ttyS0,/dev/ttyS1\n", NULL },
	{ GOOD, "ping6 ::1 ::2\n", NULL },
	{ GOOD, "ping_group g 127.0.0.1 127.0.0.2\n", NULL },
	{ WARNED, "ping_group N2 127.0.0.1\n", "is a node and a ping node at once" },
	{ REFUSED, "mcast\n", "ha.cf:1: error: mcast: needs INTERFACE GROUP PORT TTL LOOP; write for example mcast eth0 225.0.0.1 694 1 0" },
	{ REFUSED, "mcast eth0 225.0.0.1 694 1\n", "needs INTERFACE GROUP PORT TTL LOOP" },
	{ WARNED, "mcast eth0 225.0.0.1 694 1 0 more\n", "only eth0 225.0.0.1 694 1 0 is used" },
	{ GOOD, "mcast eth0 225.0.0.1 694 1 0\n", NULL },
	{ REFUSED, "ucast eth0\n", "write for example ucast eth0 192.0.2.2" },
	{ WARNED, "ucast eth0 192.0.2.2 x\n", "only eth0 192.0.2.2 is used" },
	{ REFUSED, "ping_group g\n", "needs NAME HOST..." },
	{ WARNED, "bcast\n", "has no value" },
	{ WARNED, "bcast eth0 eth0\n", "each packet is sent twice" },
	{ WARNED, "ping 192.0.2.1 192.0.2.1\n", "is taken once" },
	{ WARNED, "udp eth0\n", "is old; write bcast eth0" },
	{ WARNED, "ping N2\n", "is a node and a ping node at once" },
	{ GOOD, "bcast eth0,eth1\n", NULL },
	{ REFUSED, "udpport 70000\n", "must be from 1 to 65535" },
	{ REFUSED, "udpport 0\n", "must be from 1 to 65535" },
	{ REFUSED, "udpport port\n", "must be from 1 to 65535" },
	{ WARNED, "bcast eth0\nudpport 700\nudpport 694\n", "has no effect for the media above it" },
	{ GOOD, "bcast eth0\nudpport 694\n", NULL },
	{ GOOD, "baud 9600\n", NULL },
	{ GOOD, "baud +09600\n", NULL },
	{ REFUSED, "baud 9600x\n", "must be one of 9600" },
	{ REFUSED, "baud 1200\n", "must be one of 9600" },
	{ REFUSED, "baud 9600\nbaud 9600\n", "for the second time" },
	/* nodes */
	{ WARNED, "node N1\n", "stands here for the second time, and is taken once" },
	{ WARNED, "node \"n3\"\n", "there is no quoting" },
	{ REFUSED, "node a\x02\n", "control characters" },
	/* environment */
	{ GOOD, "env A=b C=d\n", NULL },
	{ WARNED, "env A\n", "is taken for an empty value" },
	{ REFUSED, "env =b\n", "has no name" },
	{ WARNED, "env A-B=c\n", "scripts cannot use a name" },
	/* failback */
	{ WARNED, "nice_failback on\n", "is old and taken for auto_failback off" },
	{ WARNED, "auto_failback on\nnice_failback off\n", "has no effect beside auto_failback" },
	{ REFUSED, "nice_failback legacy\n", "neither on nor off" },
	{ REFUSED, "auto_failback sometimes\n", "must be on, off or legacy" },
	/* log */
	{ WARNED, "use_logd yes\n", "only while the log daemon does not answer" },
	{ GOOD, "use_logd no\n", NULL },
};

/* Complete files. */
static const Case files[] = {
	{ REFUSED, "", "no node is given" },
	{ REFUSED, "", "no heartbeat medium is given" },
	{ REFUSED, NODES REST, "ha.cf: error: no heartbeat medium is given; write for example bcast eth0" },
	{ REFUSED, NODES REST "ping 192.0.2.1\n", "a ping line carries no heartbeats" },
	{ REFUSED, NODES REST "ping_group g 192.0.2.1\nping6 ::1\n", "a ping line carries no heartbeats" },
	{ GOOD, NODES REST "serial /dev/ttyS0\n", NULL },
	{ REFUSED, MEDIUM REST, "no node is given" },
	{ REFUSED, NODES REST "mcast\n", "ha.cf:4: error: mcast: needs" },
	{ REFUSED, "node n2 n3\n" MEDIUM REST, "this machine calls itself n1, and no node is called that; write node n1" },
	{ WARNED, "node n1.example.com n2.example.com\n" MEDIUM REST, "is taken for this machine, which calls itself n1" },
	{ REFUSED, "node n1.a n1.b\n" MEDIUM REST, "several of the names" },
	{ GOOD, "node N2 N1\n" MEDIUM REST, NULL },
	{ WARNED, NODES MEDIUM "logfacility local0\n", "auto_failback is not given, and legacy is used" },
	{ WARNED, NODES MEDIUM "logfacility local0\nauto_failback legacy\n", "is obsolete" },
	{ WARNED, NODES MEDIUM "auto_failback on\n", "use_logd yes is assumed" },
	{ WARNED, NODES MEDIUM "auto_failback on\nlogfacility none\n", "use_logd yes is assumed" },
	{ GOOD, NODES MEDIUM "auto_failback on\nuse_logd yes\n", NULL },
	{ REFUSED, NODES MEDIUM "auto_failback on\nuse_logd off\n", "leaves no place for messages" },
	{ GOOD, NODES MEDIUM "auto_failback on\nlogfile /var/log/ha-log\n", NULL },
	{ GOOD, NODES MEDIUM "auto_failback on\ndebugfile /var/log/ha-debug\n", NULL },
};

static gboolean
has_kind(const GPtrArray *problems, HbProblemKind kind)
{
	for (guint i = 0; i < problems->len; i++)
		if (((HbProblem *)problems->pdata[i])->kind == kind)
			return TRUE;
	return FALSE;
}

static void
judge(const Case *c, const char *hacf)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = fixture_bundle(hacf, "", KEYS);
	const HbConfInput input = { .files = bundle, .node_name = "N1" };
	g_autoptr(HbConfig) config = hb_config_parse(&input, problems);
	g_autofree char *texts = fixture_texts(problems);
	gboolean as_expected = (config == NULL) == (c->verdict == REFUSED) &&
	                       has_kind(problems, HB_PROBLEM_ERROR) == (c->verdict == REFUSED) &&
	                       (c->verdict != WARNED || has_kind(problems, HB_PROBLEM_WARNING));

	if (!as_expected || (c->says == NULL && problems->len > 0) ||
	    (c->says != NULL && strstr(texts, c->says) == NULL)) {
		g_test_message("%s-- says --\n%s", hacf, texts);
		g_test_message("expected: %s", c->says != NULL ? c->says : "nothing");
		g_test_fail();
	}
}

static void
test_each_line_gets_its_verdict(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *hacf = g_strconcat(lines[i].lines, NODES MEDIUM, REST, NULL);

		judge(&lines[i], hacf);
	}
}

static void
test_each_file_gets_its_verdict(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++)
		judge(&files[i], files[i].lines);
}

static void
test_a_wrong_medium_is_not_called_missing(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = hacf_parse(NODES REST "mcast\n", problems);

	g_assert_null(config);
	g_assert_cmpuint(problems->len, ==, 1);
}

static void
test_all_errors_are_reported_at_once(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = hacf_parse("keepalive 1s\nfoo\nbaud 1\n" NODES MEDIUM REST, problems);

	g_assert_null(config);
	g_assert_cmpuint(problems->len, ==, 3);
	for (guint i = 0; i < 3; i++)
		g_assert_cmpuint(((HbProblem *)problems->pdata[i])->line, ==, i + 1);
}

/* Is @what refused exactly when one more than @max of it are there? */
static void
assert_limit(guint max, const char *what, const char *rest)
{
	for (guint n = max; n <= max + 1; n++) {
		g_autoptr(GPtrArray) problems = hb_problems_new();
		g_autoptr(GString) hacf = g_string_new(rest);
		g_autoptr(HbConfig) config = NULL;

		for (guint i = 1; i <= n; i++)
			g_string_append_printf(hacf, "%s%u\n", what, i);
		config = hacf_parse(hacf->str, problems);
		g_assert_true((config != NULL) == (n == max));
	}
}

static void
test_limits_hold(void)
{
	assert_limit(HB_NODES_MAX, "node n", MEDIUM REST);
	assert_limit(HB_MEDIA_MAX, "bcast eth", NODES REST);
}

static void
test_a_long_line_is_cut_with_a_warning(void)
{
	g_autofree char *comment = g_strnfill(HB_NODE_NAME_MAX * 60, 'x');
	g_autofree char *hacf = g_strconcat("# ", comment, "\n" NODES MEDIUM REST, NULL);
	g_autofree char *name = g_strnfill(HB_NODE_NAME_MAX + 1, 'a');
	g_autofree char *long_name = g_strconcat("node ", name, "\n" NODES MEDIUM REST, NULL);
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = hacf_parse(hacf, problems);
	g_autofree char *texts = fixture_texts(problems);

	/* As in 3.0.6 the tail of the comment is a directive. */
	g_assert_null(config);
	g_assert_nonnull(strstr(texts, "ha.cf:1: warning: the line is longer than 5119 characters"));
	g_assert_nonnull(strstr(texts, "is not a directive"));
	config = hacf_parse(long_name, problems);
	g_assert_cmpuint(strlen(config->nodes[0].name), ==, HB_NODE_NAME_MAX);
}

static void
test_a_zero_byte_is_refused(void)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = fixture_bundle(NULL, "", KEYS);
	const HbConfInput input = { .files = bundle, .node_name = "n1" };
	g_autoptr(HbConfig) config = NULL;
	g_autofree char *texts = NULL;

	fixture_add(bundle, HB_FILE_HACF, "ha.cf", "a\n\0b", 4);
	config = hb_config_parse(&input, problems);
	texts = fixture_texts(problems);
	g_assert_null(config);
	g_assert_nonnull(strstr(texts, "ha.cf:2: error: a zero byte"));
}

static void
test_every_row_of_the_table_is_whole(void)
{
	for (int i = 0; i < HB_HACF_N; i++) {
		const HbDirective *row = &hb_directives[i];

		g_assert_true(row->name[0] != '\0' && row->legal[0] != '\0');
		g_assert_true(g_str_has_suffix(row->sentence, "."));
		g_assert_cmpint(row->min, <=, row->max);
		for (int k = 0; k < i; k++)
			g_assert_cmpstr(row->name, !=, hb_directives[k].name);
	}
}

static void
test_the_manual_lists_what_the_table_lists(void)
{
	const char *top = g_getenv("HB_BUILDDIR");
	g_autofree char *program = g_build_filename(top != NULL ? top : ".", "tools-dev", "hacf-man", NULL);
	char *argv[] = { program, NULL };
	int status = -1;

	g_assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL));
	g_assert_cmpint(status, ==, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/hacf/each-line-gets-its-verdict", test_each_line_gets_its_verdict);
	g_test_add_func("/hacf/each-file-gets-its-verdict", test_each_file_gets_its_verdict);
	g_test_add_func("/hacf/wrong-medium-is-not-missing", test_a_wrong_medium_is_not_called_missing);
	g_test_add_func("/hacf/all-errors-are-reported-at-once", test_all_errors_are_reported_at_once);
	g_test_add_func("/hacf/limits-hold", test_limits_hold);
	g_test_add_func("/hacf/long-line-is-cut", test_a_long_line_is_cut_with_a_warning);
	g_test_add_func("/hacf/zero-byte-is-refused", test_a_zero_byte_is_refused);
	g_test_add_func("/hacf/rows-are-whole", test_every_row_of_the_table_is_whole);
	g_test_add_func("/hacf/manual-lists-the-table", test_the_manual_lists_what_the_table_lists);
	return g_test_run();
}
