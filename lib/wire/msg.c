/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * msg.c - see msg.h.
 *
 * Names and values live in blocks that are never moved, so that a caller may hand a value of a
 * message to hb_msg_add() of the same message.
 */
#include <string.h>

#include <glib.h>

#include "wire/netscan.h"

#include "util/banned.h"

#define FIELDS_FIRST 16
#define BLOCK_FIRST  1024
#define MARKS_LEN    (2 * HB_NETSCAN_MARK_LEN)

typedef struct Block Block;

struct Block {
	Block *next;
	gsize size;
	gsize used;
	char data[];
};

struct HbMsg {
	Block *blocks;          /* the first one is filled */
	HbField *fields;
	guint n_fields;
	guint n_alloc;
	gsize netstring_len;
};

HbMsg *
hb_msg_new(void)
{
	HbMsg *msg = g_new0(HbMsg, 1);

	msg->fields = g_new(HbField, FIELDS_FIRST);
	msg->n_alloc = FIELDS_FIRST;
	msg->netstring_len = MARKS_LEN;
	return msg;
}

void
hb_msg_free(HbMsg *msg)
{
	if (msg == NULL)
		return;
	while (msg->blocks != NULL) {
		Block *next = msg->blocks->next;

		g_free(msg->blocks);
		msg->blocks = next;
	}
	g_free(msg->fields);
	g_free(msg);
}

/* A copy of @data in a block of @msg, with a NUL behind it. */
static char *
keep(HbMsg *msg, const void *data, gsize len)
{
	Block *block = msg->blocks;
	char *copy;

	if (block == NULL || block->size - block->used <= len) {
		gsize size = MAX(block == NULL ? BLOCK_FIRST : 2 * block->size, len + 1);

		block = g_malloc(sizeof *block + size);
		block->next = msg->blocks;
		block->size = size;
		block->used = 0;
		msg->blocks = block;
	}
	copy = block->data + block->used;
	if (len > 0)
		memcpy(copy, data, len);
	copy[len] = '\0';
	block->used += len + 1;
	return copy;
}

/* "len:(t)name=value," */
static gsize
field_netstring_len(const HbRawField *field)
{
	gsize len = 3 + field->name_len + 1 + field->len;
	gsize n_digits = 1;

	for (gsize rest = len; rest >= 10; rest /= 10)
		n_digits++;
	return n_digits + 1 + len + 1;
}

gboolean
hb_msg_add_raw(HbMsg *msg, const HbRawField *field)
{
	gsize octets;
	HbField *slot;

	if (msg->n_fields == HB_MSG_FIELDS_MAX || field->len > HB_MSG_INFLATED_MAX)
		return FALSE;
	octets = msg->netstring_len + field_netstring_len(field);
	if (octets > HB_MSG_INFLATED_MAX || !hb_netscan_field_is_legal(field))
		return FALSE;

	if (msg->n_fields == msg->n_alloc) {
		msg->n_alloc *= 2;
		msg->fields = g_renew(HbField, msg->fields, msg->n_alloc);
	}
	slot = &msg->fields[msg->n_fields++];
	slot->type = field->type;
	slot->name = keep(msg, field->name, field->name_len);
	slot->value = (const guint8 *)keep(msg, field->value, field->len);
	slot->len = field->len;
	msg->netstring_len = octets;
	return TRUE;
}

guint
hb_msg_n_fields(const HbMsg *msg)
{
	return msg->n_fields;
}

HbField
hb_msg_field(const HbMsg *msg, guint i)
{
	g_assert(i < msg->n_fields);
	return msg->fields[i];
}

gboolean
hb_msg_add(HbMsg *msg, HbFieldType type, const char *name, const void *value, gsize len)
{
	HbRawField field = {
		.type = type,
		.name = (const guint8 *)name,
		.name_len = strlen(name),
		.value = value,
		.len = len,
	};

	g_assert(type < HB_FIELD_N);
	g_assert(value != NULL || len == 0);
	return hb_msg_add_raw(msg, &field);
}

gboolean
hb_msg_add_string(HbMsg *msg, const char *name, const char *value)
{
	return hb_msg_add(msg, HB_FIELD_STRING, name, value, strlen(value));
}

gboolean
hb_msg_add_hex(HbMsg *msg, const char *name, guint64 value)
{
	char text[24];

	g_snprintf(text, sizeof text, "%" G_GINT64_MODIFIER "x", value);
	return hb_msg_add_string(msg, name, text);
}

gboolean
hb_msg_add_dec(HbMsg *msg, const char *name, guint64 value)
{
	char text[24];

	g_snprintf(text, sizeof text, "%" G_GUINT64_FORMAT, value);
	return hb_msg_add_string(msg, name, text);
}

gsize
hb_msg_netstring_len(const HbMsg *msg)
{
	return msg->netstring_len;
}

const char *
hb_msg_get(const HbMsg *msg, const char *name)
{
	for (guint i = 0; i < msg->n_fields; i++)
		if (msg->fields[i].type == HB_FIELD_STRING && strcmp(msg->fields[i].name, name) == 0)
			return (const char *)msg->fields[i].value;
	return NULL;
}

gboolean
hb_msg_find(const HbMsg *msg, const char *name, HbField *ret_field)
{
	for (guint i = 0; i < msg->n_fields; i++) {
		if (strcmp(msg->fields[i].name, name) == 0) {
			*ret_field = msg->fields[i];
			return TRUE;
		}
	}
	return FALSE;
}
