/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node_fixture.h - a configuration of two nodes, one ping node and two groups, for tests of hb-node.
 */
#ifndef HB_TESTS_NODE_FIXTURE_H
#define HB_TESTS_NODE_FIXTURE_H

#include "conf/config.h"
#include "util/id.h"

static HbNodeConf fixture_nodes[] = { { .name = "alpha" }, { .name = "beta" } };
static char *fixture_ping[] = { "10.0.0.254" };
static HbMediumConf fixture_media[] = {
	{ .kind = "bcast", .words = "eth0" },
	{ .kind = "ping", .words = "10.0.0.254" },
};
static HbResourceConf fixture_web[] = {
	{ .name = "IPaddr", .token = "IPaddr::10.0.0.1/24" },
	{ .name = "apache2", .token = "apache2" },
};
static HbGroupConf fixture_groups[] = {
	{ .key = "IPaddr::10.0.0.1/24", .home = 0, .n_resources = 2, .resources = fixture_web },
	{ .key = "db \"x\"", .home = 1, .n_resources = 1, .resources = fixture_web },
};

static inline HbConfig
fixture_config(void)
{
	for (guint i = 0; i < G_N_ELEMENTS(fixture_groups); i++)
		fixture_groups[i].id = hb_id_of(fixture_groups[i].key);
	for (guint i = 0; i < G_N_ELEMENTS(fixture_nodes); i++)
		fixture_nodes[i].id = hb_id_of(fixture_nodes[i].name);
	return (HbConfig){
		.n_nodes = 2, .nodes = fixture_nodes, .self = 0,
		.n_ping_nodes = 1, .ping_nodes = fixture_ping,
		.hopfudge = 1,
		.n_media = 2, .media = fixture_media,
		.n_groups = 2, .groups = fixture_groups,
	};
}

#endif
