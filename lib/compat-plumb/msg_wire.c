/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * msg_wire.c - struct ha_msg <-> what travels (include/heartbeat/ha_msg.h). The encodings themselves
 * are those of lib/wire.
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include <ha_msg.h>

#include "compat-plumb/field.h"
#include "wire/apimsg.h"
#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

/* ---- out ---- */

static gboolean
put_struct(HbMsg *wire, const struct ha_msg *msg, int i, guint depth)
{
	g_autoptr(HbMsg) inner = NULL;
	g_autoptr(GByteArray) octets = NULL;

	if (depth == MAXDEPTH)
		return FALSE;
	inner = hb_field_to_wire(msg->values[i], depth + 1);
	if (inner == NULL)
		return FALSE;
	octets = hb_netstring_encode(inner);
	return hb_msg_add(wire, HB_FIELD_STRUCT, msg->names[i], octets->data, octets->len);
}

static gboolean
put_list(HbMsg *wire, const struct ha_msg *msg, int i)
{
	g_autoptr(GString) text = g_string_new(NULL);

	for (GList *item = msg->values[i]; item != NULL; item = item->next)
		g_string_append_printf(text, "%zu:%s,", strlen(item->data), (const char *)item->data);
	return hb_msg_add(wire, HB_FIELD_LIST, msg->names[i], text->str, text->len);
}

static gboolean
put_field(HbMsg *wire, const struct ha_msg *msg, int i, guint depth)
{
	switch (msg->types[i]) {
	case FT_STRUCT:
	case FT_UNCOMPRESS:
		return put_struct(wire, msg, i, depth);
	case FT_LIST:
		return put_list(wire, msg, i);
	default:
		return hb_msg_add(wire, (HbFieldType)msg->types[i], msg->names[i], msg->values[i], msg->vlens[i]);
	}
}

HbMsg *
hb_field_to_wire(const struct ha_msg *msg, guint depth)
{
	g_autoptr(HbMsg) wire = hb_msg_new();

	for (int i = 0; i < msg->nfields; i++)
		if (!put_field(wire, msg, i, depth))
			return NULL;
	return g_steal_pointer(&wire);
}

/* ---- in ---- */

/* "length:text,..." was found well-formed when it came into its container. */
static GList *
get_list(const HbField *field)
{
	const char *pos = (const char *)field->value;
	const char *end = pos + field->len;
	GList *list = NULL;

	while (pos < end) {
		char *colon;
		gsize len = strtoul(pos, &colon, 10);

		if (*colon != ':' || len > (gsize)(end - colon) - 1)
			break;
		list = g_list_prepend(list, g_strndup(colon + 1, len));
		pos = colon + 1 + len + 1;
	}
	return g_list_reverse(list);
}

static struct ha_msg *
get_struct(const HbField *field, guint depth)
{
	g_autoptr(HbMsg) inner = depth == MAXDEPTH ? NULL : hb_netstring_decode(field->value, field->len, NULL);

	return inner == NULL ? NULL : hb_field_from_wire(inner, depth + 1);
}

struct ha_msg *
hb_field_from_wire(const HbMsg *wire, guint depth)
{
	struct ha_msg *msg = ha_msg_new((int)hb_msg_n_fields(wire));

	for (guint i = 0; i < hb_msg_n_fields(wire); i++) {
		HbField field = hb_msg_field(wire, i);
		void *value;
		gsize len = field.len;

		switch (field.type) {
		case HB_FIELD_STRUCT:
		case HB_FIELD_UNCOMPRESSED:
			value = get_struct(&field, depth);
			len = sizeof(struct ha_msg);
			break;
		case HB_FIELD_LIST:
			value = get_list(&field);
			break;
		default:
			value = g_malloc(len + 1);
			memcpy(value, field.value, len + 1);
			break;
		}
		if (value == NULL && field.type != HB_FIELD_LIST) {
			ha_msg_del(msg);
			return NULL;
		}
		hb_field_append(msg, field.name, strlen(field.name), value, len, (int)field.type);
	}
	return msg;
}

/* ---- public ---- */

/* With the NUL counted or not. */
static char *
encode(const struct ha_msg *msg, gboolean as_text, size_t *ret_len)
{
	g_autoptr(HbMsg) wire = msg == NULL ? NULL : hb_field_to_wire(msg, 0);
	GByteArray *octets;

	if (wire == NULL)
		return NULL;
	octets = as_text ? hb_text_encode(wire) : hb_apimsg_encode(wire);
	if (octets == NULL)
		return NULL;
	if (ret_len != NULL)
		*ret_len = octets->len;
	g_byte_array_append(octets, (const guint8 *)"", 1);
	return (char *)g_byte_array_free(octets, FALSE);
}

char *
msg2wirefmt_noac(struct ha_msg *msg, size_t *len)
{
	return encode(msg, FALSE, len);
}

char *
msg2wirefmt(struct ha_msg *msg, size_t *len)
{
	return encode(msg, FALSE, len);
}

struct ha_msg *
wirefmt2msg(const char *s, size_t length, int flag)
{
	g_autoptr(HbMsg) wire = s == NULL ? NULL : hb_apimsg_decode(s, length);

	(void)flag;
	return wire == NULL ? NULL : hb_field_from_wire(wire, 0);
}

char *
msg2string(const struct ha_msg *msg)
{
	return encode(msg, TRUE, NULL);
}

struct ha_msg *
string2msg(const char *s, size_t length)
{
	return wirefmt2msg(s, s == NULL ? 0 : strnlen(s, length), 0);
}
