/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * msg.c - struct ha_msg: making it, adding to it, taking from it (include/heartbeat/ha_msg.h).
 */
#include <string.h>

#include <glib.h>

#include <ha_msg.h>

#include "compat-plumb/field.h"

#include "util/banned.h"

#define FIELDS_FIRST 30
#define FIELDS_MAX   100000     /* a hint beyond this is a mistake */

struct ha_msg *
ha_msg_new(int nfields)
{
	struct ha_msg *msg = g_new0(struct ha_msg, 1);

	msg->nalloc = CLAMP(nfields, FIELDS_FIRST, FIELDS_MAX);
	msg->names = g_new0(char *, msg->nalloc);
	msg->nlens = g_new0(size_t, msg->nalloc);
	msg->values = g_new0(void *, msg->nalloc);
	msg->vlens = g_new0(size_t, msg->nalloc);
	msg->types = g_new0(int, msg->nalloc);
	return msg;
}

void
hb_field_free_value(void *value, int type)
{
	switch (type) {
	case FT_STRUCT:
	case FT_UNCOMPRESS:
		ha_msg_del(value);
		break;
	case FT_LIST:
		g_list_free_full(value, g_free);
		break;
	default:
		g_free(value);
		break;
	}
}

void
ha_msg_del(struct ha_msg *msg)
{
	if (msg == NULL)
		return;
	for (int i = 0; i < msg->nfields; i++) {
		g_free(msg->names[i]);
		hb_field_free_value(msg->values[i], msg->types[i]);
	}
	g_free(msg->names);
	g_free(msg->nlens);
	g_free(msg->values);
	g_free(msg->vlens);
	g_free(msg->types);
	g_free(msg);
}

static void *
copy_text(gconstpointer text, gpointer unused)
{
	(void)unused;
	return g_strdup(text);
}

static void *
copy_octets(const void *data, gsize len)
{
	char *copy = g_malloc(len + 1);

	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = '\0';
	return copy;
}

static void *
copy_value(const void *value, gsize len, int type)
{
	switch (type) {
	case FT_STRUCT:
	case FT_UNCOMPRESS:
		return ha_msg_copy(value);
	case FT_LIST:
		return g_list_copy_deep((GList *)value, copy_text, NULL);
	default:
		return copy_octets(value, len);
	}
}

struct ha_msg *
ha_msg_copy(const struct ha_msg *msg)
{
	struct ha_msg *copy;

	if (msg == NULL)
		return NULL;
	copy = ha_msg_new(msg->nfields);
	for (int i = 0; i < msg->nfields; i++)
		hb_field_append(copy, msg->names[i], msg->nlens[i],
		                copy_value(msg->values[i], msg->vlens[i], msg->types[i]), msg->vlens[i], msg->types[i]);
	return copy;
}

int
hb_field_index(const struct ha_msg *msg, const char *name)
{
	if (msg == NULL || name == NULL)
		return -1;
	for (int i = 0; i < msg->nfields; i++)
		if (strcmp(msg->names[i], name) == 0)
			return i;
	return -1;
}

void
hb_field_append(struct ha_msg *msg, const char *name, gsize name_len, void *value, gsize len, int type)
{
	int i = msg->nfields;

	if (i == msg->nalloc) {
		msg->nalloc *= 2;
		msg->names = g_renew(char *, msg->names, msg->nalloc);
		msg->nlens = g_renew(size_t, msg->nlens, msg->nalloc);
		msg->values = g_renew(void *, msg->values, msg->nalloc);
		msg->vlens = g_renew(size_t, msg->vlens, msg->nalloc);
		msg->types = g_renew(int, msg->types, msg->nalloc);
	}
	msg->names[i] = copy_octets(name, name_len);
	msg->nlens[i] = name_len;
	msg->values[i] = value;
	msg->vlens[i] = len;
	msg->types[i] = type;
	msg->nfields++;
}

void
hb_field_set(struct ha_msg *msg, int i, void *value, gsize len, int type)
{
	void *old = msg->values[i];
	int old_type = msg->types[i];

	msg->values[i] = value;
	msg->vlens[i] = len;
	msg->types[i] = type;
	hb_field_free_value(old, old_type);
}

/* ---- add ---- */

/* Adds a copy. A value with no octets is legal, a name with none is not. */
static int
add(struct ha_msg *msg, const char *name, gsize name_len, const void *value, gsize len, int type)
{
	if (msg == NULL || name == NULL || name_len == 0 || value == NULL)
		return HA_FAIL;
	hb_field_append(msg, name, name_len, copy_value(value, len, type), len, type);
	return HA_OK;
}

/* Sets the first of that name to a copy, or adds it. */
static int
mod(struct ha_msg *msg, const char *name, const void *value, gsize len, int type)
{
	int i = hb_field_index(msg, name);

	if (value == NULL)
		return HA_FAIL;
	if (i < 0)
		return name == NULL ? HA_FAIL : add(msg, name, strlen(name), value, len, type);
	hb_field_set(msg, i, copy_value(value, len, type), len, type);
	return HA_OK;
}

int
ha_msg_add(struct ha_msg *msg, const char *name, const char *value)
{
	if (name == NULL || value == NULL)
		return HA_FAIL;
	return add(msg, name, strlen(name), value, strlen(value), FT_STRING);
}

int
ha_msg_nadd(struct ha_msg *msg, const char *name, int namelen, const char *value, int vallen)
{
	if (namelen <= 0 || vallen < 0 || name == NULL || value == NULL ||
	    memchr(name, '\0', (gsize)namelen) != NULL || memchr(value, '\0', (gsize)vallen) != NULL)
		return HA_FAIL;
	return add(msg, name, (gsize)namelen, value, (gsize)vallen, FT_STRING);
}

int
ha_msg_add_nv(struct ha_msg *msg, const char *nvline, const char *bufmax)
{
	gsize len, name_len;

	if (nvline == NULL || bufmax == NULL || bufmax <= nvline)
		return HA_FAIL;
	len = strnlen(nvline, (gsize)(bufmax - nvline));
	if (memchr(nvline, '=', len) == NULL)
		return HA_FAIL;
	name_len = (gsize)((const char *)memchr(nvline, '=', len) - nvline);
	for (gsize i = name_len; i < len; i++)
		if (nvline[i] == '\n' || nvline[i] == '\r')
			len = i;
	return add(msg, nvline, name_len, nvline + name_len + 1, len - name_len - 1, FT_STRING);
}

int
ha_msg_addbin(struct ha_msg *msg, const char *name, const void *value, size_t vallen)
{
	return name == NULL ? HA_FAIL : add(msg, name, strlen(name), value, vallen, FT_BINARY);
}

int
ha_msg_adduuid(struct ha_msg *msg, const char *name, const cl_uuid_t *uuid)
{
	return ha_msg_addbin(msg, name, uuid, sizeof *uuid);
}

int
ha_msg_addstruct(struct ha_msg *msg, const char *name, const void *ptr)
{
	return name == NULL ? HA_FAIL : add(msg, name, strlen(name), ptr, sizeof(struct ha_msg), FT_STRUCT);
}

int
cl_msg_modstring(struct ha_msg *msg, const char *name, const char *value)
{
	return mod(msg, name, value, value == NULL ? 0 : strlen(value), FT_STRING);
}

int
cl_msg_modbin(struct ha_msg *msg, const char *name, const void *value, size_t vlen)
{
	return mod(msg, name, value, vlen, FT_BINARY);
}

int
cl_msg_moduuid(struct ha_msg *msg, const char *name, const cl_uuid_t *uuid)
{
	return mod(msg, name, uuid, sizeof *uuid, FT_BINARY);
}

int
cl_msg_modstruct(struct ha_msg *msg, const char *name, const struct ha_msg *value)
{
	return mod(msg, name, value, sizeof *value, FT_STRUCT);
}

/* ---- replace and remove ---- */

static int
index_of_value(const struct ha_msg *msg, const void *value)
{
	for (int i = 0; msg != NULL && i < msg->nfields; i++)
		if (msg->values[i] == value)
			return i;
	return -1;
}

int
cl_msg_replace_value(struct ha_msg *msg, const void *old_value, const void *value, size_t vlen, int type)
{
	int i = index_of_value(msg, old_value);

	if (i < 0 || value == NULL || type < FT_STRING || type > FT_UNCOMPRESS)
		return HA_FAIL;
	hb_field_set(msg, i, copy_value(value, vlen, type), vlen, type);
	return HA_OK;
}

int
cl_msg_remove_offset(struct ha_msg *msg, int offset)
{
	gsize n_behind;

	if (msg == NULL || offset < 0 || offset >= msg->nfields)
		return HA_FAIL;
	n_behind = (gsize)(msg->nfields - offset - 1);
	g_free(msg->names[offset]);
	hb_field_free_value(msg->values[offset], msg->types[offset]);
	memmove(msg->names + offset, msg->names + offset + 1, n_behind * sizeof *msg->names);
	memmove(msg->nlens + offset, msg->nlens + offset + 1, n_behind * sizeof *msg->nlens);
	memmove(msg->values + offset, msg->values + offset + 1, n_behind * sizeof *msg->values);
	memmove(msg->vlens + offset, msg->vlens + offset + 1, n_behind * sizeof *msg->vlens);
	memmove(msg->types + offset, msg->types + offset + 1, n_behind * sizeof *msg->types);
	msg->nfields--;
	return HA_OK;
}

int
cl_msg_remove(struct ha_msg *msg, const char *name)
{
	return cl_msg_remove_offset(msg, hb_field_index(msg, name));
}

int
cl_msg_remove_value(struct ha_msg *msg, const void *value)
{
	return cl_msg_remove_offset(msg, index_of_value(msg, value));
}
