/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - one run: a seed, and what was taken away from its plan.
 */
#ifndef HB_SIM_RUN_H
#define HB_SIM_RUN_H

#include "sim/world.h"

/* Everything that is needed to see the same history again. */
typedef struct {
	guint64 seed;
	guint n_nodes;          /* 0: the seed chooses */
	guint64 drop;           /* bit per action that does not happen */
	guint32 calm;           /* bit per SimFault whose rates are 0 */
	gint64 until_ms;        /* earlier healing; 0: as planned */
	gboolean fencing;       /* with devices */
} SimRun;

void sim_run_plan(const SimRun *run, SimPlan *ret_plan);
/* The whole history. What was broken stands in @world. */
void sim_run_do(SimWorld *world, const SimRun *run);
/* The same with a transcript (transfer full). */
char *sim_run_tell(SimWorld *world, const SimRun *run, gboolean all);
/* Once more: is it the same history? Breaks SAME_AGAIN if not. */
void sim_run_again(SimWorld *world, const SimRun *run);
/* The shortest that breaks the same rule, as far as taking away leads. */
SimRun sim_run_shrink(SimWorld *world, const SimRun *run);
/* The arguments of hb-sim that show it (transfer full). */
char *sim_run_arguments(const SimRun *run);
/* What the plan has in it (transfer full). */
char *sim_run_describe(const SimRun *run);

#endif
