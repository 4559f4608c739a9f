/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * msg_get.c - what is in a struct ha_msg, and its numbers (include/heartbeat/ha_msg.h).
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include <ha_msg.h>
#include <clplumbing/cl_log.h>

#include "compat-plumb/field.h"

#include "util/banned.h"

#define NUMBER_LEN 32

static void *
get(const struct ha_msg *msg, const char *name, int type)
{
	int i = hb_field_index(msg, name);

	return i < 0 || msg->types[i] != type ? NULL : msg->values[i];
}

const char *
cl_get_string(const struct ha_msg *msg, const char *name)
{
	return get(msg, name, FT_STRING);
}

const void *
cl_get_binary(const struct ha_msg *msg, const char *name, size_t *vallen)
{
	int i = hb_field_index(msg, name);

	if (i < 0 || msg->types[i] != FT_BINARY)
		return NULL;
	if (vallen != NULL)
		*vallen = msg->vlens[i];
	return msg->values[i];
}

struct ha_msg *
cl_get_struct(struct ha_msg *msg, const char *name)
{
	struct ha_msg *found = get(msg, name, FT_STRUCT);

	return found != NULL ? found : get(msg, name, FT_UNCOMPRESS);
}

int
cl_get_uuid(const struct ha_msg *msg, const char *name, cl_uuid_t *retval)
{
	size_t len;
	const void *value = cl_get_binary(msg, name, &len);

	if (value == NULL || len != sizeof *retval)
		return HA_FAIL;
	memcpy(retval, value, sizeof *retval);
	return HA_OK;
}

int
cl_get_type(const struct ha_msg *msg, const char *name)
{
	int i = hb_field_index(msg, name);

	return i < 0 ? -1 : msg->types[i];
}

/* ---- numbers ---- */

int
ha_msg_add_int(struct ha_msg *msg, const char *name, int value)
{
	char text[NUMBER_LEN];

	g_snprintf(text, sizeof text, "%d", value);
	return ha_msg_add(msg, name, text);
}

int
ha_msg_mod_int(struct ha_msg *msg, const char *name, int value)
{
	char text[NUMBER_LEN];

	g_snprintf(text, sizeof text, "%d", value);
	return cl_msg_modstring(msg, name, text);
}

int
ha_msg_value_int(const struct ha_msg *msg, const char *name, int *value)
{
	const char *text = cl_get_string(msg, name);

	if (text == NULL)
		return HA_FAIL;
	*value = (int)strtol(text, NULL, 10);
	return HA_OK;
}

int
ha_msg_add_ul(struct ha_msg *msg, const char *name, unsigned long value)
{
	char text[NUMBER_LEN];

	g_snprintf(text, sizeof text, "%lu", value);
	return ha_msg_add(msg, name, text);
}

int
ha_msg_mod_ul(struct ha_msg *msg, const char *name, unsigned long value)
{
	char text[NUMBER_LEN];

	g_snprintf(text, sizeof text, "%lu", value);
	return cl_msg_modstring(msg, name, text);
}

int
ha_msg_value_ul(const struct ha_msg *msg, const char *name, unsigned long *value)
{
	const char *text = cl_get_string(msg, name);

	if (text == NULL)
		return HA_FAIL;
	*value = strtoul(text, NULL, 10);
	return HA_OK;
}

/* ---- lists ---- */

gsize
hb_field_list_len(GList *list)
{
	gsize len = 0;

	for (; list != NULL; list = list->next) {
		gsize text_len = strlen(list->data);
		gsize digits = 1;

		for (gsize rest = text_len; rest >= 10; rest /= 10)
			digits++;
		len += digits + 1 + text_len + 1;
	}
	return len;
}

int
cl_msg_list_add_string(struct ha_msg *msg, const char *name, const char *value)
{
	int i = hb_field_index(msg, name);
	GList one = { .data = (gpointer)value };

	if (msg == NULL || name == NULL || value == NULL)
		return HA_FAIL;
	if (i < 0)
		return cl_msg_add_list(msg, name, &one);
	if (msg->types[i] != FT_LIST)
		return HA_FAIL;
	msg->values[i] = g_list_append(msg->values[i], g_strdup(value));
	msg->vlens[i] = hb_field_list_len(msg->values[i]);
	return HA_OK;
}

int
cl_msg_list_length(struct ha_msg *msg, const char *name)
{
	GList *list = get(msg, name, FT_LIST);

	return list == NULL ? -1 : (int)g_list_length(list);
}

void *
cl_msg_list_nth_data(struct ha_msg *msg, const char *name, int n)
{
	return n < 0 ? NULL : g_list_nth_data(get(msg, name, FT_LIST), (guint)n);
}

int
cl_msg_add_list(struct ha_msg *msg, const char *name, GList *list)
{
	GList *copy = NULL;

	if (msg == NULL || name == NULL || list == NULL)
		return HA_FAIL;
	for (; list != NULL; list = list->next)
		copy = g_list_prepend(copy, g_strdup(list->data));
	copy = g_list_reverse(copy);
	hb_field_append(msg, name, strlen(name), copy, hb_field_list_len(copy), FT_LIST);
	return HA_OK;
}

GList *
cl_msg_get_list(struct ha_msg *msg, const char *name)
{
	return get(msg, name, FT_LIST);
}

int
cl_msg_add_list_str(struct ha_msg *msg, const char *name, char **buf, size_t n)
{
	GList *list = NULL;
	int rc;

	if (buf == NULL)
		return HA_FAIL;
	for (size_t i = n; i > 0; i--) {
		if (buf[i - 1] == NULL) {
			g_list_free(list);
			return HA_FAIL;
		}
		list = g_list_prepend(list, buf[i - 1]);
	}
	rc = cl_msg_add_list(msg, name, list);
	g_list_free(list);
	return rc;
}

int
cl_msg_add_list_int(struct ha_msg *msg, const char *name, int *buf, size_t n)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

	if (buf == NULL)
		return HA_FAIL;
	for (size_t i = 0; i < n; i++)
		g_ptr_array_add(texts, g_strdup_printf("%d", buf[i]));
	return cl_msg_add_list_str(msg, name, (char **)texts->pdata, n);
}

int
cl_msg_get_list_int(struct ha_msg *msg, const char *name, int *buf, size_t *n)
{
	GList *list = get(msg, name, FT_LIST);
	size_t len = g_list_length(list);

	if (list == NULL || buf == NULL || n == NULL || *n < len)
		return HA_FAIL;
	for (*n = 0; list != NULL; list = list->next)
		buf[(*n)++] = (int)strtol(list->data, NULL, 10);
	return HA_OK;
}

/* ---- to the log ---- */

void
cl_log_message(int log_level, const struct ha_msg *msg)
{
	if (msg == NULL)
		return;
	cl_log(log_level, "MSG: Dumping message with %d fields", msg->nfields);
	for (int i = 0; i < msg->nfields; i++) {
		if (msg->types[i] == FT_STRING)
			cl_log(log_level, "MSG[%d] : [%s=%s]", i, msg->names[i], (const char *)msg->values[i]);
		else
			cl_log(log_level, "MSG[%d] : [(%d)%s=%zu octets]", i, msg->types[i], msg->names[i], msg->vlens[i]);
	}
}
