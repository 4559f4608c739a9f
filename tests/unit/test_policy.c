/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_policy.c - hb-node gets what the configuration names, and nothing else. */
#include <string.h>
#include <sys/socket.h>

#include <glib.h>

#include "exec/policy.h"
#include "heartbeat/hb_medium.h"

#include "util/banned.h"

static HbResourceConf resources[2];
static HbGroupConf groups[1] = { { .n_resources = 2, .resources = resources } };
static HbMediumConf media[] = {
	{ .kind = (char *)"bcast", .words = (char *)"eth0", .udpport = 694, .baud = 19200, .line = 1 },
	{ .kind = (char *)"mcast", .words = (char *)"eth1 239.0.0.1 695 1 0", .udpport = 694, .baud = 19200, .line = 2 },
	{ .kind = (char *)"serial", .words = (char *)"/dev/ttyS0", .udpport = 694, .baud = 38400, .line = 3 },
	{ .kind = (char *)"ucast6", .words = (char *)"eth0 fe80::1%eth0", .udpport = 694, .baud = 19200, .line = 4 },
	{ .kind = (char *)"ping", .words = (char *)"10.0.0.254", .udpport = 694, .baud = 19200, .line = 5 },
	{ .kind = (char *)"other", .words = (char *)"/dev/ttyS1", .udpport = 694, .baud = 38400, .line = 6 },
};
static const HbConfig config = {
	.n_groups = 1, .groups = groups, .n_media = G_N_ELEMENTS(media), .media = media, .resource_timeout_ms = 60000,
};

static HbChannelMsg
run_msg(guint32 group, guint32 resource, guint32 verb, guint32 limit_ms)
{
	return (HbChannelMsg){
		.type = HB_CH_RUN,
		.u.run = { .op = 1, .group = group, .resource = resource, .verb = verb, .limit_ms = limit_ms },
	};
}

static void
test_only_configured_resources_are_run(void)
{
	HbChannelMsg good[] = { run_msg(0, 0, HB_VERB_START, 1), run_msg(0, 1, HB_VERB_STATUS, 60000) };
	HbChannelMsg bad[] = {
		run_msg(1, 0, HB_VERB_START, 1000), run_msg(0, 2, HB_VERB_START, 1000), run_msg(0, 0, HB_VERB_N, 1000),
		run_msg(0, 0, HB_VERB_STOP, 0), run_msg(0, 0, HB_VERB_STOP, 60001), run_msg(G_MAXUINT32, 0, 0, 1000),
	};
	HbChannelMsg nameless = run_msg(0, 0, HB_VERB_START, 1000);

	for (guint i = 0; i < G_N_ELEMENTS(good); i++)
		g_assert_cmpstr(hb_policy_run(&config, &good[i]), ==, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_nonnull(hb_policy_run(&config, &bad[i]));
	nameless.u.run.op = 0;
	g_assert_nonnull(hb_policy_run(&config, &nameless));
}

static void
test_only_configured_nodes_are_fenced_by_the_device_of_this_one(void)
{
	HbNodeConf nodes[2] = { { .name = (char *)"node1" }, { .name = (char *)"node2", .can_fence = TRUE } };
	const HbConfig with = { .n_nodes = 2, .nodes = nodes, .self = 0, .fence = { .type = (char *)"external/x" } };
	const HbConfig without = { .n_nodes = 2, .nodes = nodes, .self = 0 };
	HbChannelMsg good = { .type = HB_CH_FENCE, .u.fence = { .op = 3, .node = 1, .action = HB_FENCE_RESET } };
	HbChannelMsg bad[] = { good, good, good, good };

	bad[0].u.fence.op = 0;
	bad[1].u.fence.node = 2;
	bad[2].u.fence.node = 0;        /* itself */
	bad[3].u.fence.action = HB_FENCE_N;
	g_assert_cmpstr(hb_policy_fence(&with, &good), ==, NULL);
	g_assert_nonnull(hb_policy_fence(&without, &good));
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++)
		g_assert_nonnull(hb_policy_fence(&with, &bad[i]));
}

static HbChannelMsg
node_msg(HbNodeOp op, const char *name)
{
	HbChannelMsg msg = { .type = HB_CH_NODE, .u.node = { .op = op } };

	g_strlcpy(msg.u.node.name, name, sizeof msg.u.node.name);
	return msg;
}

static void
test_nodes_come_by_themselves_only_where_they_may(void)
{
	HbNodeConf nodes[2] = { { .name = (char *)"node1" }, { .name = (char *)"node2" } };
	HbConfig closed = { .n_nodes = 2, .nodes = nodes };
	HbConfig open = { .n_nodes = 2, .nodes = nodes, .autojoin = HB_AUTOJOIN_ANY };
	HbChannelMsg join = node_msg(HB_NODE_JOIN, "node3"), add = node_msg(HB_NODE_ADD, "node3");
	HbChannelMsg self = node_msg(HB_NODE_DEL, "node1"), evil = node_msg(HB_NODE_ADD, "../x\n+y");

	g_assert_nonnull(hb_policy_node(&closed, &join));
	g_assert_cmpstr(hb_policy_node(&open, &join), ==, NULL);
	g_assert_cmpstr(hb_policy_node(&closed, &add), ==, NULL);
	g_assert_nonnull(hb_policy_node(&open, &self));
	g_assert_nonnull(hb_policy_node(&open, &evil));
}

static void
test_the_list_of_nodes_does_not_grow_without_end(void)
{
	HbNodeConf nodes[2] = { { .name = (char *)"node1" }, { .name = (char *)"node2" } };
	HbConfig few = { .n_nodes = 2, .nodes = nodes };
	HbChannelMsg add = node_msg(HB_NODE_ADD, "node3"), again = node_msg(HB_NODE_ADD, "node2");
	HbChannelMsg del = node_msg(HB_NODE_DEL, "node2"), unknown = node_msg(HB_NODE_DEL, "node3");
	HbChannelMsg uuid = node_msg(HB_NODE_UUID, "node3");
	g_autoptr(GString) list = g_string_new(NULL);

	g_assert_cmpstr(hb_policy_node_idle(&few, "", &add), ==, NULL);
	g_assert_cmpstr(hb_policy_node_idle(&few, "", &del), ==, NULL);
	g_assert_nonnull(hb_policy_node_idle(&few, "", &again));
	g_assert_nonnull(hb_policy_node_idle(&few, "", &unknown));
	g_assert_nonnull(hb_policy_node_idle(&few, "", &uuid));
	for (guint i = 0; i < HB_POLICY_LINES_MAX; i++)
		g_string_append_printf(list, "-n%u x\n", i);
	g_assert_nonnull(hb_policy_node_idle(&few, list->str, &add));
	g_assert_cmpstr(hb_policy_node_idle(&few, list->str, &del), ==, NULL);
}

static HbChannelMsg
open_msg(guint32 medium, int kind, guint16 port, const char *device, const char *address, const char *path)
{
	HbChannelMsg msg = { .type = HB_CH_OPEN };

	msg.u.open.medium = medium;
	msg.u.open.kind = kind;
	msg.u.open.family = AF_INET;
	msg.u.open.port = port;
	msg.u.open.baud = 38400;
	g_strlcpy(msg.u.open.device, device, sizeof msg.u.open.device);
	g_strlcpy(msg.u.open.address, address, sizeof msg.u.open.address);
	g_strlcpy(msg.u.open.path, path, sizeof msg.u.open.path);
	return msg;
}

static void
test_what_a_line_names_may_be_opened(void)
{
	HbChannelMsg msgs[] = {
		open_msg(0, HB_WANT_UDP, 694, "eth0", "", ""),
		open_msg(0, HB_WANT_UDP, 694, "", "", ""),
		open_msg(1, HB_WANT_UDP, 695, "eth1", "239.0.0.1", ""),
		open_msg(4, HB_WANT_ICMP, 0, "", "", ""),
		open_msg(5, HB_WANT_UDP, 694, "", "", ""),
		open_msg(5, HB_WANT_TTY, 0, "", "", "/dev/ttyS1"),
		open_msg(2, HB_WANT_TTY, 0, "", "", "/dev/ttyS0"),
		open_msg(3, HB_WANT_UDP, 694, "eth0", "fe80::1", ""),
	};

	for (guint i = 0; i < G_N_ELEMENTS(msgs); i++)
		g_assert_cmpstr(hb_policy_open(&config, &msgs[i]), ==, NULL);
}

static void
test_what_a_line_does_not_name_may_not_be_opened(void)
{
	HbChannelMsg msgs[] = {
		open_msg(6, HB_WANT_UDP, 694, "eth0", "", ""),                  /* no such medium */
		open_msg(0, HB_WANT_ICMP, 0, "", "", ""),                       /* raw sockets are for ping */
		open_msg(5, HB_WANT_ICMP, 0, "", "", ""),
		open_msg(4, HB_WANT_UDP, 694, "", "", ""),
		open_msg(2, HB_WANT_UDP, 694, "", "", ""),
		open_msg(1, HB_WANT_UDP, 1, "eth1", "239.0.0.1", ""),           /* the ttl is no port */
		open_msg(0, HB_WANT_UDP, 22, "eth0", "", ""),                   /* another port */
		open_msg(0, HB_WANT_UDP, 0, "eth0", "", ""),
		open_msg(0, HB_WANT_UDP, 694, "eth1", "", ""),                  /* another medium's device */
		open_msg(0, HB_WANT_UDP, 694, "eth", "", ""),                   /* part of a word */
		open_msg(1, HB_WANT_UDP, 695, "eth1", "239.0.0.2", ""),
		open_msg(1, HB_WANT_UDP, 694, "eth1", "10.0.0.1", ""),
		open_msg(0, HB_WANT_NONE, 694, "eth0", "", ""),
		open_msg(0, HB_WANT_TTY + 1, 694, "eth0", "", ""),
		open_msg(0, -1, 694, "eth0", "", ""),
		open_msg(2, HB_WANT_TTY, 0, "", "", "/dev/sda"),
		open_msg(2, HB_WANT_TTY, 0, "", "", ""),
		open_msg(0, HB_WANT_UDP, 694, "eth0", "", "/etc/shadow"),
		open_msg(4, HB_WANT_ICMP, 0, "", "", "/etc/shadow"),
	};
	HbChannelMsg family = open_msg(0, HB_WANT_UDP, 694, "eth0", "", "");
	HbChannelMsg baud = open_msg(2, HB_WANT_TTY, 0, "", "", "/dev/ttyS0");

	for (guint i = 0; i < G_N_ELEMENTS(msgs); i++)
		g_assert_nonnull(hb_policy_open(&config, &msgs[i]));
	family.u.open.family = AF_UNIX;
	g_assert_nonnull(hb_policy_open(&config, &family));
	baud.u.open.baud = 9600;
	g_assert_nonnull(hb_policy_open(&config, &baud));
}

static const char *
rc(const char *type, const char *name, const char *value)
{
	HbChannelMsg msg = { .type = HB_CH_NOTIFY_RC };

	g_strlcpy(msg.u.rc.type, type, sizeof msg.u.rc.type);
	g_strlcpy(msg.u.rc.own_status, "active", sizeof msg.u.rc.own_status);
	msg.u.rc.n = 1;
	g_strlcpy(msg.u.rc.var[0].name, name, sizeof msg.u.rc.var[0].name);
	g_strlcpy(msg.u.rc.var[0].value, value, sizeof msg.u.rc.var[0].value);
	return hb_policy_rc(&msg);
}

static void
test_rc_scripts_get_names_and_printable_values_only(void)
{
	g_assert_cmpstr(rc("status", "st", "dead"), ==, NULL);
	g_assert_cmpstr(rc("ip-request_2", "src_uuid", ""), ==, NULL);
	g_assert_nonnull(rc("../status", "st", "dead"));
	g_assert_nonnull(rc("", "st", "dead"));
	g_assert_nonnull(rc("status", "", "dead"));
	g_assert_nonnull(rc("status", "st=x", "dead"));
	g_assert_nonnull(rc("status", "s t", "dead"));
	g_assert_nonnull(rc("status", "st", "de\nad"));
	g_assert_nonnull(rc("status", "st", "\xc3\xa4"));
}

static void
test_the_end_is_believed_when_all_is_down_and_it_was_asked_for(void)
{
	HbMemory memory = { .n_groups = 2, .group = { { 11, HB_HELD_IDLE, 1, 0 }, { 22, HB_HELD_UNKNOWN, 0, 0 } } };

	g_assert_cmpstr(hb_policy_exit(&memory, TRUE, FALSE), ==, NULL);
	g_assert_nonnull(hb_policy_exit(&memory, FALSE, FALSE));
	g_assert_nonnull(hb_policy_exit(&memory, TRUE, TRUE));
	g_assert_nonnull(hb_policy_exit(NULL, TRUE, FALSE));
	memory.group[1].state = HB_HELD_PARTIAL;
	g_assert_nonnull(hb_policy_exit(&memory, TRUE, FALSE));
	memory.group[1].state = HB_HELD_UP;
	g_assert_nonnull(hb_policy_exit(&memory, TRUE, FALSE));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/policy/only_configured_resources_are_run", test_only_configured_resources_are_run);
	g_test_add_func("/policy/only-configured-nodes-are-fenced", test_only_configured_nodes_are_fenced_by_the_device_of_this_one);
	g_test_add_func("/policy/nodes-come-only-where-they-may", test_nodes_come_by_themselves_only_where_they_may);
	g_test_add_func("/policy/the-list-of-nodes-ends", test_the_list_of_nodes_does_not_grow_without_end);
	g_test_add_func("/policy/what_a_line_names_may_be_opened", test_what_a_line_names_may_be_opened);
	g_test_add_func("/policy/what_a_line_does_not_name_may_not_be_opened",
	                test_what_a_line_does_not_name_may_not_be_opened);
	g_test_add_func("/policy/rc_scripts_get_names_and_printable_values_only",
	                test_rc_scripts_get_names_and_printable_values_only);
	g_test_add_func("/policy/the_end_is_believed_when_all_is_down_and_it_was_asked_for",
	                test_the_end_is_believed_when_all_is_down_and_it_was_asked_for);
	return g_test_run();
}
