/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * orders.c - what operators want of single servers while the daemon runs.
 */
#include <string.h>
#include <sys/socket.h>

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

/* Which service, or which server of it: by its words, or by its address however that is spelled. */
typedef struct {
	const char *word;
	gboolean is_place;
	LdirAddress addr;
	int port;               /* -1: any */
} Name;

static Name
name_of(const char *word)
{
	Name name = { .word = word, .port = -1 };

	if (word == NULL)
		return name;
	name.is_place = ldir_address_parse_place(word, &name.addr, &name.port) || ldir_address_parse(word, AF_INET6, &name.addr);
	return name;
}

/* A service: "tcp:10.0.0.1:80" (its id), "10.0.0.1:80", of a mark its number */
static gboolean
is_called(const LdirServed *served, const char *service)
{
	g_autofree char *word = ldir_ipvs_key_text(&served->want.key);
	const char *protocol = ldir_protocol_name(ldir_virtual_protocol(served->vs));
	Name name;

	if (service == NULL || g_str_equal(service, served->id) || g_str_equal(service, word))
		return TRUE;
	if (g_str_has_prefix(service, protocol) && service[strlen(protocol)] == ':')
		service += strlen(protocol) + 1;
	name = name_of(service);
	return name.is_place && name.port == served->vs->port && !served->vs->is_mark && ldir_address_equal(&name.addr, &served->vs->addr);
}

/* Its port is that of real=, or that of the table where the kernel cannot use the other one. */
static gboolean
is_server(const LdirServed *served, guint i, const Name *name)
{
	const LdirReal *real = served->vs->reals->pdata[i];

	return name->is_place && ldir_address_equal(&name->addr, &real->addr) &&
	       (name->port < 0 || name->port == real->port || name->port == real->ipvs_port);
}

gboolean
ldir_director_has_service(const LdirDirector *director, const char *service)
{
	for (guint i = 0; i < director->services->len; i++)
		if (is_called(director->services->pdata[i], service))
			return TRUE;
	return FALSE;
}

static guint
for_each(const Order *order, const char *server, const char *service, Obey *obey)
{
	const GPtrArray *services = order->director->services;
	const Name name = name_of(server);
	guint n = 0;

	for (guint i = 0; i < services->len; i++) {
		LdirServed *served = services->pdata[i];

		for (guint j = 0; is_called(served, service) && j < served->vs->reals->len; j++) {
			LdirEvent event;

			if (!is_server(served, j, &name))
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
