/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>
#include <sys/socket.h>

#include "ldirectord/ipvs/ipvs_table.h"
#include "util/banned.h"
#include "util/time.h"

#define FALLBACK_WEIGHT 1
#define ALL_FLAGS (LDIR_IPVS_PERSISTENT | LDIR_IPVS_ONE_PACKET | LDIR_IPVS_FLAG_1 | LDIR_IPVS_FLAG_2 | LDIR_IPVS_FLAG_3)

static guint
hash_addr(const LdirAddress *addr)
{
	guint hash = 5381;

	for (gsize i = 0; i < sizeof addr->bytes; i++)
		hash = hash * 33 + addr->bytes[i];
	return hash;
}

static guint
key_hash(gconstpointer data)
{
	const LdirIpvsKey *key = data;

	return key->is_mark ? key->mark * 2654435761u : hash_addr(&key->addr) * 31 + key->port;
}

static gboolean
key_equal(gconstpointer a, gconstpointer b)
{
	const LdirIpvsKey *one = a, *two = b;

	if (one->family != two->family || one->is_mark != two->is_mark)
		return FALSE;
	if (one->is_mark)
		return one->mark == two->mark;
	return one->is_udp == two->is_udp && one->port == two->port && ldir_address_equal(&one->addr, &two->addr);
}

static guint
place_hash(gconstpointer data)
{
	const LdirIpvsDest *dest = data;

	return hash_addr(&dest->addr) * 31 + dest->port;
}

static gboolean
place_equal(gconstpointer a, gconstpointer b)
{
	const LdirIpvsDest *one = a, *two = b;

	return one->port == two->port && ldir_address_equal(&one->addr, &two->addr);
}

static void
service_free(gpointer data)
{
	LdirIpvsService *service = data;

	g_hash_table_unref(service->by_place);
	g_ptr_array_unref(service->dests);
	g_free(service);
}

LdirIpvsTable *
ldir_ipvs_table_new(void)
{
	LdirIpvsTable *table = g_new0(LdirIpvsTable, 1);

	table->services = g_ptr_array_new_with_free_func(service_free);
	table->by_key = g_hash_table_new(key_hash, key_equal);
	return table;
}

void
ldir_ipvs_table_free(LdirIpvsTable *table)
{
	if (table == NULL)
		return;
	g_hash_table_unref(table->by_key);
	g_ptr_array_unref(table->services);
	g_free(table);
}

LdirIpvsService *
ldir_ipvs_table_find(const LdirIpvsTable *table, const LdirIpvsKey *key)
{
	return g_hash_table_lookup(table->by_key, key);
}

LdirIpvsService *
ldir_ipvs_table_set(LdirIpvsTable *table, const LdirIpvsVirtual *vs)
{
	LdirIpvsService *service = ldir_ipvs_table_find(table, &vs->key);

	if (service != NULL) {
		service->vs = *vs;
		return service;
	}
	service = g_new0(LdirIpvsService, 1);
	service->vs = *vs;
	service->dests = g_ptr_array_new_with_free_func(g_free);
	service->by_place = g_hash_table_new(place_hash, place_equal);
	g_ptr_array_add(table->services, service);
	g_hash_table_insert(table->by_key, &service->vs.key, service);
	return service;
}

void
ldir_ipvs_table_remove(LdirIpvsTable *table, const LdirIpvsKey *key)
{
	LdirIpvsService *service = ldir_ipvs_table_find(table, key);

	if (service == NULL)
		return;
	g_hash_table_remove(table->by_key, key);
	g_ptr_array_remove(table->services, service);
}

LdirIpvsDest *
ldir_ipvs_service_find(const LdirIpvsService *service, const LdirAddress *addr, guint16 port)
{
	LdirIpvsDest wanted = { .addr = *addr, .port = port };

	return g_hash_table_lookup(service->by_place, &wanted);
}

LdirIpvsDest *
ldir_ipvs_service_set(LdirIpvsService *service, const LdirIpvsDest *dest)
{
	LdirIpvsDest *there = ldir_ipvs_service_find(service, &dest->addr, dest->port);

	if (there == NULL) {
		there = g_new0(LdirIpvsDest, 1);
		*there = *dest;
		g_ptr_array_add(service->dests, there);
		g_hash_table_add(service->by_place, there);
	}
	*there = *dest;
	return there;
}

void
ldir_ipvs_service_remove(LdirIpvsService *service, const LdirAddress *addr, guint16 port)
{
	LdirIpvsDest *there = ldir_ipvs_service_find(service, addr, port);

	if (there == NULL)
		return;
	g_hash_table_remove(service->by_place, there);
	g_ptr_array_remove(service->dests, there);
}

gboolean
ldir_ipvs_virtual_equal(const LdirIpvsVirtual *a, const LdirIpvsVirtual *b)
{
	if (strcmp(a->scheduler, b->scheduler) != 0 || ((a->flags ^ b->flags) & ALL_FLAGS) != 0)
		return FALSE;
	/* the rest means something for persistence only */
	return (a->flags & LDIR_IPVS_PERSISTENT) == 0 || (a->timeout_s == b->timeout_s && a->netmask == b->netmask);
}

gboolean
ldir_ipvs_dest_alike(const LdirIpvsDest *a, const LdirIpvsDest *b)
{
	return (a->forward == b->forward || a->is_local || b->is_local) && a->upper == b->upper && a->lower == b->lower;
}

static char *
place(const LdirAddress *addr, guint16 port)
{
	g_autofree char *text = ldir_address_text(addr);

	return g_strdup_printf("%s:%u", text, port);
}

char *
ldir_ipvs_key_text(const LdirIpvsKey *key)
{
	return key->is_mark ? g_strdup_printf("%u", key->mark) : place(&key->addr, key->port);
}

char *
ldir_ipvs_dest_text(const LdirIpvsDest *dest)
{
	return place(&dest->addr, dest->port);
}

static guint32
flags_of(const LdirVirtual *vs)
{
	static const struct {
		const char *name;
		guint32 flag;
	} rows[] = {
		{ "flag-1", LDIR_IPVS_FLAG_1 }, { "sh-fallback", LDIR_IPVS_FLAG_1 }, { "mh-fallback", LDIR_IPVS_FLAG_1 },
		{ "flag-2", LDIR_IPVS_FLAG_2 }, { "sh-port", LDIR_IPVS_FLAG_2 }, { "mh-port", LDIR_IPVS_FLAG_2 },
		{ "flag-3", LDIR_IPVS_FLAG_3 },
	};
	g_auto(GStrv) words = g_strsplit(vs->own.schedflags != NULL ? vs->own.schedflags : "", ",", -1);
	guint32 flags = 0;

	if (vs->own.persistent_ms != LDIR_UNSET)
		flags |= LDIR_IPVS_PERSISTENT;
	if (vs->own.ops == 1 && ldir_virtual_protocol(vs) == LDIR_PROTOCOL_UDP)
		flags |= LDIR_IPVS_ONE_PACKET;
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		if (g_strv_contains((const char *const *)words, rows[i].name))
			flags |= rows[i].flag;
	return flags;
}

static guint32
netmask_of(const LdirVirtual *vs)
{
	gboolean is_six = vs->family == AF_INET6;
	LdirAddress mask;
	guint64 bits;

	if (vs->own.netmask == NULL || vs->own.persistent_ms == LDIR_UNSET)
		return is_six ? 128 : G_MAXUINT32;
	if (is_six)
		return g_ascii_string_to_unsigned(vs->own.netmask, 10, 1, 128, &bits, NULL) ? (guint32)bits : 128;
	return ldir_address_parse(vs->own.netmask, AF_INET, &mask) ? ldir_address_number(&mask) : G_MAXUINT32;
}

LdirIpvsVirtual
ldir_ipvs_want_virtual(const LdirVirtual *vs)
{
	LdirIpvsVirtual want = { .key = { .family = vs->family, .is_mark = vs->is_mark } };

	if (vs->is_mark) {
		want.key.mark = vs->mark;
	} else {
		want.key.is_udp = ldir_virtual_protocol(vs) == LDIR_PROTOCOL_UDP;
		want.key.addr = vs->addr;
		want.key.port = vs->port;
	}
	g_strlcpy(want.scheduler, ldir_virtual_scheduler(vs), sizeof want.scheduler);
	want.flags = flags_of(vs);
	want.timeout_s = vs->own.persistent_ms != LDIR_UNSET ? (guint32)(vs->own.persistent_ms / HB_MS_PER_S) : 0;
	want.netmask = netmask_of(vs);
	return want;
}

LdirIpvsDest
ldir_ipvs_want_real(const LdirReal *real, guint32 weight)
{
	return (LdirIpvsDest){
		.addr = real->addr, .port = real->ipvs_port, .forward = real->forward,
		.weight = weight, .upper = real->upper, .lower = real->lower,
	};
}

LdirIpvsDest
ldir_ipvs_want_fallback(const LdirVirtual *vs, const LdirFallback *fallback)
{
	LdirIpvsDest want = { .addr = fallback->addr, .forward = fallback->forward, .weight = FALLBACK_WEIGHT };

	if (!vs->is_mark && (fallback->forward != LDIR_FORWARD_MASQ || fallback->port_text == NULL))
		want.port = vs->port;   /* only masq can change it */
	else
		want.port = fallback->port_text != NULL ? fallback->port : 0;
	return want;
}
