/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dopd_logic.c - see dopd_logic.h.
 */
#include "clients/dopd_logic.h"

#include <string.h>
#include <sys/wait.h>

#include "util/banned.h"

#define RESOURCE_LEN_MAX 128

/* Exit codes of drbdadm that say more than "failed". */
#define DRBDADM_INCONSISTENT 5
#define DRBDADM_PRIMARY      17

typedef struct {
	char *resource;
	char *peer;
	gpointer asker;
} Request;

struct HbDopdWaiting {
	GPtrArray *requests;
};

int
hb_dopd_code_of_status(int wait_status)
{
	if (!WIFEXITED(wait_status))
		return HB_DOPD_FAILED;
	switch (WEXITSTATUS(wait_status)) {
	case 0: return HB_DOPD_OUTDATED;
	case DRBDADM_INCONSISTENT: return HB_DOPD_INCONSISTENT;
	case DRBDADM_PRIMARY: return HB_DOPD_PRIMARY;
	default: return HB_DOPD_FAILED;
	}
}

int
hb_dopd_code_of_text(const char *text)
{
	static const int codes[] = { HB_DOPD_INCONSISTENT, HB_DOPD_OUTDATED, HB_DOPD_UNREACHABLE, HB_DOPD_PRIMARY,
	                             HB_DOPD_FAILED, HB_DOPD_BUSY };
	gint64 value;

	if (text == NULL || !g_ascii_string_to_signed(text, 10, 0, G_MAXINT8, &value, NULL))
		return HB_DOPD_FAILED;
	for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
		if (codes[i] == value)
			return codes[i];
	return HB_DOPD_FAILED;
}

gboolean
hb_dopd_resource_is_legal(const char *resource)
{
	if (resource == NULL || resource[0] == '-' || resource[0] == '\0' || strlen(resource) > RESOURCE_LEN_MAX)
		return FALSE;
	for (const char *pos = resource; *pos != '\0'; pos++)
		if (!g_ascii_isalnum(*pos) && strchr("_.:-", *pos) == NULL)
			return FALSE;
	return TRUE;
}

gboolean
hb_dopd_peer_can_be_asked(const char *type, const char *status, gboolean is_self)
{
	return !is_self && type != NULL && strcmp(type, "normal") == 0 && status != NULL && strcmp(status, "dead") != 0;
}

static void
free_request(gpointer data)
{
	Request *request = data;

	g_free(request->resource);
	g_free(request->peer);
	g_free(request);
}

HbDopdWaiting *
hb_dopd_waiting_new(void)
{
	HbDopdWaiting *waiting = g_new0(HbDopdWaiting, 1);

	waiting->requests = g_ptr_array_new_with_free_func(free_request);
	return waiting;
}

void
hb_dopd_waiting_free(HbDopdWaiting *waiting)
{
	if (waiting == NULL)
		return;
	g_ptr_array_unref(waiting->requests);
	g_free(waiting);
}

gboolean
hb_dopd_waiting_add(HbDopdWaiting *waiting, const char *resource, const char *peer, gpointer asker)
{
	Request *request;

	for (guint i = 0; i < waiting->requests->len; i++) {
		request = g_ptr_array_index(waiting->requests, i);
		if (strcmp(request->resource, resource) == 0)
			return FALSE;
	}
	request = g_new(Request, 1);
	*request = (Request){ .resource = g_strdup(resource), .peer = g_strdup(peer), .asker = asker };
	g_ptr_array_add(waiting->requests, request);
	return TRUE;
}

/* @resource NULL: any. */
static gpointer
take(HbDopdWaiting *waiting, const char *resource, const char *peer)
{
	for (guint i = 0; i < waiting->requests->len; i++) {
		Request *request = g_ptr_array_index(waiting->requests, i);
		gpointer asker = request->asker;

		if (g_ascii_strcasecmp(request->peer, peer) != 0 ||
		    (resource != NULL && strcmp(request->resource, resource) != 0))
			continue;
		g_ptr_array_remove_index(waiting->requests, i);
		return asker;
	}
	return NULL;
}

gpointer
hb_dopd_waiting_take(HbDopdWaiting *waiting, const char *resource, const char *peer)
{
	return take(waiting, resource, peer);
}

gpointer
hb_dopd_waiting_take_any(HbDopdWaiting *waiting, const char *peer)
{
	return take(waiting, NULL, peer);
}

void
hb_dopd_waiting_forget(HbDopdWaiting *waiting, gpointer asker)
{
	for (guint i = waiting->requests->len; i > 0; i--)
		if (((Request *)g_ptr_array_index(waiting->requests, i - 1))->asker == asker)
			g_ptr_array_remove_index(waiting->requests, i - 1);
}
