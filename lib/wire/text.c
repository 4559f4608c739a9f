/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text.c - see text.h.
 *
 * Levels: 0 is the message itself, n the message in a struct field of level n - 1. The lines of a
 * level end with its own octet, so a nested message is one line of the level around it. Recursion is
 * limited to HB_MSG_DEPTH_MAX levels.
 */
#include <string.h>

#include <glib.h>

#include "wire/base64.h"
#include "wire/netscan.h"
#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

#define MARK_TEXT_LEN 3         /* of ">>>" and "<<<" without the line end */
#define NEWLINE_IN_TEXT 0x13    /* what a line end inside a string becomes */

static const guint8 line_end[HB_MSG_DEPTH_MAX + 1] = {
	'\n', 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 15, 16, 17, 18
};

/* Does @c end a line of a nested level that holds level @level? (Level 0 is escaped.) */
static gboolean
ends_a_line(guint8 c, guint level)
{
	for (guint i = 1; i <= level; i++)
		if (c == line_end[i])
			return TRUE;
	return FALSE;
}

static gboolean
put_plain(GByteArray *out, const guint8 *text, gsize len, guint level)
{
	gsize start = out->len;

	if (len == 0)
		return TRUE;
	g_byte_array_append(out, text, (guint)len);
	for (gsize i = start; i < out->len; i++) {
		guint8 c = out->data[i];

		if (c >= 0x20)
			continue;
		if (c == '\n')
			out->data[i] = NEWLINE_IN_TEXT;
		else if (ends_a_line(c, level))
			return FALSE;
	}
	return TRUE;
}

static gboolean put_nested(GByteArray *out, const guint8 *data, gsize len, guint level);

static gboolean
put_line(GByteArray *out, const HbRawField *field, guint level)
{
	gboolean ok = TRUE;

	if (field->type != HB_FIELD_STRING) {
		guint8 prefix[3] = { '(', (guint8)('0' + field->type), ')' };

		g_byte_array_append(out, prefix, sizeof prefix);
	}
	g_byte_array_append(out, field->name, (guint)field->name_len);
	g_byte_array_append(out, (const guint8 *)"=", 1);
	switch (field->type) {
	case HB_FIELD_STRING:
	case HB_FIELD_LIST:
		ok = put_plain(out, field->value, field->len, level);
		break;
	case HB_FIELD_STRUCT:
	case HB_FIELD_UNCOMPRESSED:
		ok = put_nested(out, field->value, field->len, level + 1);
		break;
	default:
		hb_base64_put(out, field->value, field->len);
		break;
	}
	g_byte_array_append(out, &line_end[level], 1);
	return ok;
}

static void
put_mark(GByteArray *out, const char *mark, guint level)
{
	g_byte_array_append(out, (const guint8 *)mark, MARK_TEXT_LEN);
	g_byte_array_append(out, &line_end[level], 1);
}

/* @data was found well-formed and not too deep when it came into its container. */
static gboolean
put_nested(GByteArray *out, const guint8 *data, gsize len, guint level)
{
	HbNetscan scan;
	HbRawField field;

	g_assert(level <= HB_MSG_DEPTH_MAX);
	if (!hb_netscan_init(&scan, data, len))
		return FALSE;
	put_mark(out, HB_TEXT_HEAD, level);
	while (hb_netscan_next(&scan, &field) == HB_NETSCAN_FIELD)
		if (!put_line(out, &field, level))
			return FALSE;
	put_mark(out, HB_TEXT_TAIL, level);
	return TRUE;
}

static gboolean
put_field(GByteArray *out, const HbField *field)
{
	HbRawField raw = {
		.type = field->type,
		.name = (const guint8 *)field->name,
		.name_len = strlen(field->name),
		.value = field->value,
		.len = field->len,
	};

	return put_line(out, &raw, 0);
}

GByteArray *
hb_text_encode(const HbMsg *msg)
{
	g_autoptr(GByteArray) out = g_byte_array_sized_new((guint)hb_msg_netstring_len(msg));

	put_mark(out, HB_TEXT_HEAD, 0);
	for (guint i = 0; i < hb_msg_n_fields(msg); i++) {
		HbField field = hb_msg_field(msg, i);

		if (!put_field(out, &field))
			return NULL;
	}
	put_mark(out, HB_TEXT_TAIL, 0);
	return g_steal_pointer(&out);
}

gboolean
hb_text_put_signed_lines(GByteArray *out, const HbMsg *msg, HbTextPurpose purpose)
{
	for (guint i = 0; i < hb_msg_n_fields(msg); i++) {
		HbField field = hb_msg_field(msg, i);

		if (strcmp(field.name, HB_FIELD_NAME_AUTH) == 0)
			continue;
		if (purpose == HB_TEXT_FOR_HMAC && strcmp(field.name, HB_FIELD_NAME_HMAC) == 0)
			continue;
		if (!put_field(out, &field))
			return FALSE;
	}
	return TRUE;
}

static HbMsg *decode_level(const guint8 *data, gsize len, guint level, gsize *ret_used);

/* Turns the text of a value into the octets the container holds. */
static gboolean
get_value(GByteArray *out, HbFieldType type, const guint8 *text, gsize len, guint level)
{
	g_autoptr(HbMsg) nested = NULL;
	g_autoptr(GByteArray) octets = NULL;
	gsize used;

	switch (type) {
	case HB_FIELD_STRING:
	case HB_FIELD_LIST:
		g_byte_array_append(out, text, (guint)len);
		for (guint i = 0; i < out->len; i++)
			if (out->data[i] == NEWLINE_IN_TEXT)
				out->data[i] = '\n';
		return TRUE;
	case HB_FIELD_STRUCT:
	case HB_FIELD_UNCOMPRESSED:
		if (level == HB_MSG_DEPTH_MAX)
			return FALSE;
		nested = decode_level(text, len, level + 1, &used);
		if (nested == NULL || used != len)
			return FALSE;
		octets = hb_netstring_encode(nested);
		g_byte_array_append(out, octets->data, octets->len);
		return TRUE;
	default:
		return hb_base64_get(out, text, len);
	}
}

/* "[(type)]name=value" without its line end. */
static gboolean
add_line(HbMsg *msg, const guint8 *line, gsize len, guint level)
{
	HbRawField field = { .type = HB_FIELD_STRING };
	g_autoptr(GByteArray) value = NULL;
	const guint8 *equals;

	if (line[0] == '(') {
		if (len < 3 || line[2] != ')' || line[1] <= '0' || line[1] >= '0' + HB_FIELD_N)
			return FALSE;
		field.type = (HbFieldType)(line[1] - '0');
		line += 3;
		len -= 3;
	}
	equals = len == 0 ? NULL : memchr(line, '=', len);
	if (equals == NULL)
		return FALSE;
	field.name = line;
	field.name_len = (gsize)(equals - line);
	field.value = equals + 1;
	field.len = len - field.name_len - 1;
	/* Nearly every value is the same in both forms. */
	if (field.type == HB_FIELD_STRING &&
	    (field.len == 0 || memchr(field.value, NEWLINE_IN_TEXT, field.len) == NULL))
		return hb_msg_add_raw(msg, &field);

	value = g_byte_array_sized_new((guint)field.len);
	if (!get_value(value, field.type, field.value, field.len, level))
		return FALSE;
	field.value = value->data;
	field.len = value->len;
	return hb_msg_add_raw(msg, &field);
}

static HbMsg *
decode_level(const guint8 *data, gsize len, guint level, gsize *ret_used)
{
	g_autoptr(HbMsg) msg = hb_msg_new();
	const guint8 *end = data + len;
	const guint8 *pos = data + HB_TEXT_MARK_LEN;

	if (len < HB_TEXT_MARK_LEN || memcmp(data, HB_TEXT_HEAD, MARK_TEXT_LEN) != 0 ||
	    data[MARK_TEXT_LEN] != line_end[level])
		return NULL;
	while (pos < end) {
		const guint8 *stop = memchr(pos, line_end[level], (gsize)(end - pos));
		gsize line_len;

		if (stop == NULL)
			return NULL;
		line_len = (gsize)(stop - pos);
		if (line_len == MARK_TEXT_LEN && memcmp(pos, HB_TEXT_TAIL, MARK_TEXT_LEN) == 0) {
			*ret_used = (gsize)(stop + 1 - data);
			return g_steal_pointer(&msg);
		}
		if (line_len > 0 && !add_line(msg, pos, line_len, level))
			return NULL;
		pos = stop + 1;
	}
	return NULL;
}

HbMsg *
hb_text_decode(const guint8 *data, gsize len, gsize *ret_used)
{
	gsize used;
	HbMsg *msg = decode_level(data, len, 0, &used);

	if (msg == NULL)
		return NULL;
	if (ret_used != NULL) {
		*ret_used = used;
	} else if (used != len) {
		hb_msg_free(msg);
		return NULL;
	}
	return msg;
}
