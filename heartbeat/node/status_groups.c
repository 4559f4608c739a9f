/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * status_groups.c - the groups, one a line, for scripts: number, state here, owner, moving or still, resources.
 */
#include "node/status.h"

#include "util/banned.h"

/* Words of haresources hold no blanks; nor do the others. */
void
hb_status_groups(const HbStatus *status, GString *out)
{
	for (guint g = 0; g < status->view->n_groups; g++) {
		const HbGroupView *view = &status->view->group[g];
		const HbGroupConf *conf = &status->config->groups[g];
		const char *owner = hb_status_node_name(status, view->owner);
		gboolean is_moving = hb_status_in_transition(view) || hb_status_wait_word(view->wait) != NULL;

		g_string_append_printf(out, "%08x %s %s %s", conf->id, hb_status_group_word(view->state),
		                       owner != NULL ? owner : "-", is_moving ? "moving" : "still");
		for (guint r = 0; r < conf->n_resources; r++)
			g_string_append_printf(out, " %s", conf->resources[r].token);
		g_string_append_c(out, '\n');
	}
}
