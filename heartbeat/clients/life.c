/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <signal.h>
#include <stdlib.h>

#include <glib.h>
#include <glib-unix.h>

#include <clplumbing/GSource.h>
#include <clplumbing/cl_log.h>
#include <clplumbing/coredumps.h>

#include "clients/life.h"

#include "util/banned.h"

typedef struct {
	GMainLoop *loop;
	int rc;
} Life;

static void
end(Life *life, int rc)
{
	life->rc = rc;
	g_main_loop_quit(life->loop);
}

static gboolean
on_ready(ll_cluster_t *hb, gpointer life)
{
	while (hb->llc_ops->msgready(hb)) {
		struct ha_msg *msg = hb->llc_ops->readmsg(hb, 0);

		if (msg == NULL && !hb->llc_ops->chan_is_connected(hb)) {
			cl_log(LOG_ERR, "lost the connection to heartbeat");
			end(life, HB_CLIENT_LOST);
			return TRUE;
		}
		ha_msg_del(msg);
	}
	return TRUE;
}

static gboolean
on_term(gpointer life)
{
	end(life, HB_CLIENT_OK);
	return G_SOURCE_CONTINUE;
}

int
hb_client_life(const char *name, ll_cluster_t *hb, int (*begin)(void *data), void *data)
{
	Life life = { .rc = HB_CLIENT_OK };

	cl_log_set_entity(name);
	cl_inherit_logging_environment(0);
	life.rc = begin(data);
	if (life.rc != HB_CLIENT_OK) {
		(void)hb->llc_ops->delete(hb);
		return life.rc;
	}
	life.loop = g_main_loop_new(NULL, FALSE);
	(void)g_unix_signal_add(SIGTERM, on_term, &life);
	(void)g_unix_signal_add(SIGINT, on_term, &life);
	(void)G_main_add_ll_cluster(G_PRIORITY_DEFAULT, hb, FALSE, on_ready, &life, NULL);
	g_main_loop_run(life.loop);
	(void)hb->llc_ops->signoff(hb, FALSE);
	return life.rc;
}

void
hb_client_core_dir(ll_cluster_t *hb)
{
	char *dir = hb->llc_ops->get_parameter(hb, KEY_COREROOTDIR);

	if (dir != NULL)
		(void)cl_set_corerootdir(dir);
	free(dir);
	(void)cl_cdtocoredir();
}

struct ha_msg *
hb_client_msg(const char *type)
{
	struct ha_msg *msg = ha_msg_new(0);

	(void)ha_msg_add(msg, F_TYPE, type);
	return msg;
}
