/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* null.c - fencing device that does nothing and says that it did. For trying a configuration only. */
#include <stdio.h>

#include "heartbeat/hb_stonith.h"

#include "util/banned.h"

static int
run(hb_stonith_action action, const char *node, const char *const *values, char text[HB_STONITH_TEXT_MAX])
{
	if (action == HB_STONITH_HOSTS)
		(void)snprintf(text, HB_STONITH_TEXT_MAX, "%s\n", values[0]);
	else if (node != NULL)
		fprintf(stderr, "null: %s was not touched\n", node);
	return HB_STONITH_OK;
}

static const char *const settings[] = { "hostlist", NULL };

extern const hb_stonith_ops hb_stonith_plugin;
__attribute__((visibility("default"))) const hb_stonith_ops hb_stonith_plugin = {
	.abi = HB_STONITH_ABI,
	.name = "null",
	.about = "does nothing and says that it did; for trying a configuration only",
	.settings = settings,
	.run = run,
};
