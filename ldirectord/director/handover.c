/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "ldirectord/director/director_parts.h"
#include "ldirectord/director/handover.h"
#include "ldirectord/director/service_memory.h"
#include "util/banned.h"

#define HEAD       "ldirectord 1 "      /* and when it was written */
#define SERVICE    "service "           /* its id, and what is known of it */
#define SERVER     "server "            /* the same of one of its servers */
#define END        "end"
#define RECENT_MS  60000                /* so long checks are taken to say what they said */

typedef struct {
	LdirQuorumState quorum;
	gboolean is_command_started;
	GHashTable *servers;    /* "10.0.0.2:80" -> LdirMemory * */
} ServiceMemory;

struct LdirHandover {
	GHashTable *services;   /* id -> ServiceMemory * */
	ServiceMemory *last;
	gboolean is_recent, is_whole;
};

static void
service_free(gpointer data)
{
	ServiceMemory *service = data;

	g_hash_table_unref(service->servers);
	g_free(service);
}

void
ldir_handover_free(LdirHandover *handover)
{
	if (handover == NULL)
		return;
	g_hash_table_unref(handover->services);
	g_free(handover);
}

/* ---- out ---- */

static char *
place_of(const LdirServed *served, guint i)
{
	LdirIpvsDest dest = ldir_served_real(served, i, 0);

	return ldir_ipvs_dest_text(&dest);
}

char *
ldir_handover_write(const LdirDirector *director, gint64 now_ms)
{
	GString *out = g_string_new(NULL);

	g_string_append_printf(out, HEAD "%" G_GINT64_FORMAT "\n", now_ms);
	for (guint i = 0; i < director->services->len; i++) {
		const LdirServed *served = director->services->pdata[i];

		g_string_append_printf(out, SERVICE "%s", served->id);
		ldir_memory_write_service(served->run, out);
		g_string_append_c(out, '\n');
		for (guint j = 0; j < served->vs->reals->len; j++) {
			g_autofree char *place = place_of(served, j);

			g_string_append_printf(out, SERVER "%s", place);
			ldir_memory_write(served->run, j, out);
			g_string_append_c(out, '\n');
		}
	}
	g_string_append(out, END "\n");
	return g_string_free(out, FALSE);
}

/* ---- in: each returns what is the matter with its line, or NULL ---- */

static const char *
take_head(LdirHandover *handover, const char *words, gint64 now_ms)
{
	guint64 written_ms;

	if (!g_ascii_string_to_unsigned(words, 10, 0, (guint64)now_ms, &written_ms, NULL))
		return "no time that has been";
	handover->is_recent = now_ms - (gint64)written_ms <= RECENT_MS;
	return NULL;
}

static const char *
take_service(LdirHandover *handover, const char *words)
{
	gsize len = strcspn(words, " ");
	g_autofree char *id = g_strndup(words, len);
	ServiceMemory *service;

	if (g_hash_table_contains(handover->services, id))
		return "that service was there already";
	service = g_new0(ServiceMemory, 1);
	service->servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	g_hash_table_insert(handover->services, g_steal_pointer(&id), service);
	handover->last = service;
	return ldir_memory_parse_service(words + len, &service->quorum, &service->is_command_started) ? NULL : "no state of a service";
}

static const char *
take_server(LdirHandover *handover, const char *words, gint64 now_ms)
{
	gsize len = strcspn(words, " ");
	LdirMemory *memory = ldir_memory_parse(words + len, now_ms);

	if (memory == NULL)
		return "no state of a server";
	if (handover->last == NULL || !g_hash_table_insert(handover->last->servers, g_strndup(words, len), memory)) {
		if (handover->last == NULL)
			g_free(memory);
		return "a server of no service, or one that was there already";
	}
	return NULL;
}

static const char *
take_line(LdirHandover *handover, const char *line, guint number, gint64 now_ms)
{
	if (handover->is_whole)
		return line[0] == '\0' ? NULL : "more behind the end";
	if (number == 1)
		return g_str_has_prefix(line, HEAD) ? take_head(handover, line + strlen(HEAD), now_ms) : "not of this version";
	if (g_str_has_prefix(line, SERVICE))
		return take_service(handover, line + strlen(SERVICE));
	if (g_str_has_prefix(line, SERVER))
		return take_server(handover, line + strlen(SERVER), now_ms);
	handover->is_whole = strcmp(line, END) == 0;
	return handover->is_whole ? NULL : "no such word";
}

LdirHandover *
ldir_handover_parse(const char *text, gint64 now_ms, char **ret_why)
{
	g_autoptr(LdirHandover) handover = g_new0(LdirHandover, 1);
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	const char *why = NULL;
	guint number = 0;

	handover->services = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, service_free);
	for (; lines[number] != NULL && why == NULL; number++)
		why = take_line(handover, lines[number], number + 1, now_ms);
	if (why == NULL && !handover->is_whole)
		why = "it ends too early";
	if (why == NULL)
		return g_steal_pointer(&handover);
	*ret_why = g_strdup_printf("line %u: %s", number, why);
	return NULL;
}

/* ---- and into use ---- */

LdirRun *
ldir_handover_recall(const LdirHandover *handover, const LdirConfig *config, const LdirServed *served)
{
	const ServiceMemory *service = g_hash_table_lookup(handover->services, served->id);
	LdirRun *known;

	if (service == NULL)
		return NULL;
	known = ldir_run_new(config, served->vs);
	for (guint i = 0; i < served->vs->reals->len; i++) {
		g_autofree char *place = place_of(served, i);
		const LdirMemory *memory = g_hash_table_lookup(service->servers, place);

		if (memory != NULL)
			ldir_memory_recall(memory, known, i, handover->is_recent);
	}
	ldir_memory_recall_service(served->run, known, handover->is_recent ? service->quorum : LDIR_QUORUM_OFF,
	                           service->is_command_started);
	return known;
}
