/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conf.h - the HbConfig that each node would have read, built by hand from the plan.
 */
#ifndef HB_SIM_CONF_H
#define HB_SIM_CONF_H

#include "sim/plan.h"

typedef struct {
	guint32 group_id[SIM_GROUPS_MAX];       /* by place in the pool */
	HbNodeConf nodes[SIM_NODES_MAX][SIM_NODES_MAX]; /* as each node knows them */
	HbMediumConf media[SIM_MEDIA_MAX];
	HbGroupConf groups[SIM_VARIANTS][SIM_GROUPS_MAX];
	HbResourceConf resources[SIM_GROUPS_MAX][SIM_RESOURCES_MAX];
	HbConfig config[SIM_VARIANTS][SIM_NODES_MAX];
	HbConfig without[SIM_VARIANTS][SIM_NODES_MAX];  /* the same, and nobody knows of the joiner yet: those behind it have another number */
	HbNodeConf nodes_without[SIM_NODES_MAX][SIM_NODES_MAX];
	HbGroupConf groups_without[SIM_VARIANTS][SIM_GROUPS_MAX];
} SimConf;

/* Borrows nothing from @plan. */
void sim_conf_make(SimConf *conf, const SimPlan *plan);
const char *sim_resource_name(guint group, guint resource);

#endif
