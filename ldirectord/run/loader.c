/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <unistd.h>

#include "ldirectord/run/loader.h"
#include "util/banned.h"

typedef struct {
	char *path;
	LdirLoaderDone done;
	gpointer user;
	LdirLoaded loaded;
} Order;

static gboolean
hand_over(gpointer data)
{
	Order *order = data;

	order->done(&order->loaded, order->user);
	ldir_config_free(order->loaded.config);
	g_ptr_array_unref(order->loaded.lines);
	g_free(order->loaded.digest);
	g_free(order->path);
	g_free(order);
	return G_SOURCE_REMOVE;
}

/* Nothing of the process but the order is touched from here. */
static gpointer
read_file(gpointer data)
{
	Order *order = data;

	order->loaded.config = ldir_load(order->path, &ldir_lookup_system, (guint)getpid(), order->loaded.lines, NULL, NULL,
	                                 &order->loaded.digest);
	(void)g_idle_add_full(G_PRIORITY_DEFAULT, hand_over, order, NULL);
	return NULL;
}

gboolean
ldir_loader_start(const char *path, LdirLoaderDone done, gpointer user)
{
	Order *order = g_new0(Order, 1);
	GThread *thread;

	order->path = g_strdup(path);
	order->done = done;
	order->user = user;
	order->loaded.lines = g_ptr_array_new_with_free_func(g_free);
	thread = g_thread_try_new("load", read_file, order, NULL);
	if (thread == NULL) {
		g_ptr_array_unref(order->loaded.lines);
		g_free(order->path);
		g_free(order);
		return FALSE;
	}
	g_thread_unref(thread);
	return TRUE;
}
