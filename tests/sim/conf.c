/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "sim/conf.h"
#include "util/id.h"

#include "util/banned.h"

static char *no_args[] = { NULL };
static char *no_env[] = { NULL };

/* The first one is the key of its group. */
const char *
sim_resource_name(guint group, guint resource)
{
	static const char *const names[SIM_GROUPS_MAX][SIM_RESOURCES_MAX] = {
		{ "web", "web-fs", "web-httpd" },
		{ "mail", "mail-fs", "mail-smtpd" },
		{ "db", "db-fs", "db-server" },
		{ "files", "files-fs", "files-nfsd" },
	};

	g_assert(group < SIM_GROUPS_MAX && resource < SIM_RESOURCES_MAX);
	return names[group][resource];
}

static void
make_groups(SimConf *conf, const SimPlan *plan, guint variant)
{
	for (guint line = 0; line < plan->n_groups; line++) {
		guint g = plan->order[variant][line];

		conf->groups[variant][line] = (HbGroupConf){
			.id = hb_id_of(sim_group_name(g)),
			.key = (char *)sim_group_name(g),
			.home = plan->home[variant][g],
			.n_resources = plan->n_resources[g],
			.resources = conf->resources[g],
			.line = line + 1,
		};
	}
}

static void
make_config(SimConf *conf, const SimPlan *plan, guint variant, guint node)
{
	conf->config[variant][node] = (HbConfig){
		.n_nodes = plan->n_nodes,
		.autojoin = plan->joins ? HB_AUTOJOIN_ANY : HB_AUTOJOIN_NONE,
		.nodes = conf->nodes[node],
		.self = node,
		.failback = plan->failback,
		.keepalive_ms = plan->keepalive_ms,
		.deadtime_ms = plan->deadtime_ms,
		.warntime_ms = plan->deadtime_ms / 2,
		.initdead_ms = plan->initdead_ms,
		.deadping_ms = plan->deadtime_ms,
		.max_rexmit_delay_ms = plan->max_rexmit_delay_ms,
		.resource_timeout_ms = plan->resource_timeout_ms,
		.hopfudge = 1,
		.n_media = plan->n_media,
		.media = conf->media,
		.n_groups = plan->n_groups,
		.groups = conf->groups[variant],
		.env = no_env,
	};
}

/* Who is behind the joiner moves up. */
static guint
without_joiner(const SimPlan *plan, guint node)
{
	return node - (node > plan->joiner);
}

static void
make_config_without(SimConf *conf, const SimPlan *plan, guint variant, guint node)
{
	HbConfig *config = &conf->without[variant][node];

	*config = conf->config[variant][node];
	config->n_nodes--;
	config->nodes = conf->nodes_without[node];
	config->self = without_joiner(plan, node);
	config->groups = conf->groups_without[variant];
	for (guint n = 0; n < plan->n_nodes; n++)
		if (n != plan->joiner)
			conf->nodes_without[node][without_joiner(plan, n)] = conf->nodes[node][n];
	for (guint line = 0; line < plan->n_groups; line++) {
		conf->groups_without[variant][line] = conf->groups[variant][line];
		conf->groups_without[variant][line].home = without_joiner(plan, conf->groups[variant][line].home);
	}
}

void
sim_conf_make(SimConf *conf, const SimPlan *plan)
{
	static const char *const devices[SIM_MEDIA_MAX] = { "eth0", "eth1" };

	memset(conf, 0, sizeof *conf);
	for (guint self = 0; self < plan->n_nodes; self++)
		for (guint n = 0; n < plan->n_nodes; n++)
			conf->nodes[self][n] = (HbNodeConf){
				.name = (char *)sim_node_name(n),
				.id = hb_id_of(sim_node_name(n)),
				.can_fence = plan->fencing && (plan->fence_none >> self & 1) == 0,
			};
	for (guint m = 0; m < plan->n_media; m++)
		conf->media[m] = (HbMediumConf){ .kind = (char *)"bcast", .words = (char *)devices[m], .udpport = 694 };
	for (guint g = 0; g < plan->n_groups; g++)
		for (guint r = 0; r < plan->n_resources[g]; r++)
			conf->resources[g][r] = (HbResourceConf){
				.name = (char *)sim_resource_name(g, r),
				.args = no_args,
				.token = (char *)sim_resource_name(g, r),
			};
	for (guint g = 0; g < plan->n_groups; g++)
		conf->group_id[g] = hb_id_of(sim_group_name(g));
	for (guint v = 0; v < SIM_VARIANTS; v++) {
		make_groups(conf, plan, v);
		for (guint n = 0; n < plan->n_nodes; n++)
			make_config(conf, plan, v, n);
		for (guint n = 0; plan->joins && n < plan->n_nodes; n++)
			make_config_without(conf, plan, v, n);
	}
}
