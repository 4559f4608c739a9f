/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * orders.c - what operators want of single servers while the daemon runs.
 */
#include "ldirectord/director/director_parts.h"
#include "util/banned.h"

/* One order for all servers of a name. */
typedef struct {
	LdirDirector *director;
	gint64 weight;
	gboolean is_on;
	LdirTouched *touched;   /* NULL: nobody wants to know */
	gpointer user;
} Order;

typedef void Obey(const Order *order, const LdirEvent *event);

static gboolean
is_called(const LdirServed *served, const char *service)
{
	g_autofree char *name = ldir_ipvs_key_text(&served->want.key);

	return service == NULL || g_str_equal(service, served->id) || g_str_equal(service, name);
}

static gboolean
is_server(const LdirServed *served, guint real, const char *server)
{
	LdirIpvsDest dest = ldir_served_real(served, real, 0);
	g_autofree char *place = ldir_ipvs_dest_text(&dest);
	g_autofree char *addr = ldir_address_text(&dest.addr);

	return g_str_equal(server, place) || g_str_equal(server, addr);
}

static guint
for_each(const Order *order, const char *server, const char *service, Obey *obey)
{
	const GPtrArray *services = order->director->services;
	guint n = 0;

	for (guint i = 0; i < services->len; i++) {
		LdirServed *served = services->pdata[i];

		for (guint j = 0; is_called(served, service) && j < served->vs->reals->len; j++) {
			LdirEvent event;

			if (!is_server(served, j, server))
				continue;
			event = ldir_event_begin(order->director, served, j);
			obey(order, &event);
			ldir_event_end(&event);
			if (order->touched != NULL)
				order->touched(i, j, order->user);
			n++;
		}
	}
	return n;
}

static void
obey_weight(const Order *order, const LdirEvent *event)
{
	ldir_run_set_weight(event->run, event->real, order->weight, event->effects);
}

static void
obey_disable(const Order *order, const LdirEvent *event)
{
	ldir_run_disable(event->run, event->real, order->is_on, event->director->now_ms, event->effects);
}

guint
ldir_director_set_weight(LdirDirector *director, const char *server, const char *service, gint64 weight)
{
	return for_each(&(Order){ .director = director, .weight = weight }, server, service, obey_weight);
}

guint
ldir_director_disable(LdirDirector *director, const char *server, const char *service, gboolean is_on, gint64 now_ms,
                      LdirTouched *touched, gpointer user)
{
	const Order order = { .director = director, .is_on = is_on, .touched = touched, .user = user };

	director->now_ms = now_ms;
	return for_each(&order, server, service, obey_disable);
}
