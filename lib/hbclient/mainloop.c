/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mainloop.c - an ll_cluster_t in the default main context.
 */
#include <glib.h>

#include <hb_api.h>

#include "util/banned.h"

struct GLLclusterSource_s {
	GSource base;
	GPollFD poll;
	ll_cluster_t *api;
	gboolean (*dispatch)(ll_cluster_t *source_data, gpointer user_data);
	gpointer user_data;
	GDestroyNotify notify;
};

static gboolean
is_ready(GSource *base)
{
	GLLclusterSource *source = (GLLclusterSource *)base;

	return source->api->llc_ops->msgready(source->api) != 0;
}

static gboolean
prepare(GSource *base, gint *timeout)
{
	*timeout = -1;
	return is_ready(base);
}

static gboolean
dispatch(GSource *base, GSourceFunc unused, gpointer unused_data)
{
	GLLclusterSource *source = (GLLclusterSource *)base;

	(void)unused, (void)unused_data;
	return source->dispatch(source->api, source->user_data);
}

static void
finalize(GSource *base)
{
	GLLclusterSource *source = (GLLclusterSource *)base;

	if (source->notify != NULL)
		source->notify(source->user_data);
	source->api->llc_ops->delete(source->api);
}

GLLclusterSource *
G_main_add_ll_cluster(int priority, ll_cluster_t *api, gboolean can_recurse,
                      gboolean (*callback)(ll_cluster_t *source_data, gpointer user_data), gpointer userdata,
                      GDestroyNotify notify)
{
	static GSourceFuncs funcs = { prepare, is_ready, dispatch, finalize, NULL, NULL };
	int fd = api->llc_ops->inputfd(api);
	GLLclusterSource *source;

	if (fd < 0)
		return NULL;
	source = (GLLclusterSource *)g_source_new(&funcs, sizeof *source);
	source->api = api;
	source->dispatch = callback;
	source->user_data = userdata;
	source->notify = notify;
	source->poll.fd = fd;
	source->poll.events = G_IO_IN | G_IO_HUP | G_IO_ERR;
	g_source_add_poll(&source->base, &source->poll);
	g_source_set_priority(&source->base, priority);
	g_source_set_can_recurse(&source->base, can_recurse);
	g_source_attach(&source->base, NULL);
	g_source_unref(&source->base);
	return source;
}
