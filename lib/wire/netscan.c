/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * netscan.c - see netscan.h.
 */
#include <string.h>

#include <glib.h>

#include "wire/netscan.h"

#include "util/banned.h"

#define LEN_DIGITS_MAX 7        /* enough for HB_MSG_INFLATED_MAX */

/* "len:" - decimal, no leading zeros. */
static gboolean
read_len(HbNetscan *scan, gsize *ret_len)
{
	const guint8 *p = scan->pos;
	gsize len = 0;

	while (p < scan->end && g_ascii_isdigit(*p) && p - scan->pos < LEN_DIGITS_MAX)
		len = len * 10 + (gsize)(*p++ - '0');
	if (p == scan->pos || p == scan->end || *p != ':')
		return FALSE;
	if (*scan->pos == '0' && p - scan->pos > 1)
		return FALSE;
	scan->pos = p + 1;
	*ret_len = len;
	return TRUE;
}

gboolean
hb_netscan_text(HbNetscan *scan, const guint8 **ret_text, gsize *ret_len)
{
	gsize len;

	if (!read_len(scan, &len))
		return FALSE;
	if ((gsize)(scan->end - scan->pos) <= len || scan->pos[len] != ',')
		return FALSE;
	*ret_text = scan->pos;
	*ret_len = len;
	scan->pos += len + 1;
	return TRUE;
}

static gboolean
at_mark(const HbNetscan *scan, const char *mark)
{
	return scan->end - scan->pos >= HB_NETSCAN_MARK_LEN &&
	       memcmp(scan->pos, mark, HB_NETSCAN_MARK_LEN) == 0;
}

gboolean
hb_netscan_init(HbNetscan *scan, const guint8 *data, gsize len)
{
	scan->pos = data;
	scan->end = data + len;
	if (len < HB_NETSCAN_MARK_LEN || !at_mark(scan, HB_NETSCAN_HEAD))
		return FALSE;
	scan->pos += HB_NETSCAN_MARK_LEN;
	return TRUE;
}

HbNetscanStep
hb_netscan_next(HbNetscan *scan, HbRawField *ret_field)
{
	const guint8 *text;
	const guint8 *equals;
	gsize len;

	if (at_mark(scan, HB_NETSCAN_TAIL)) {
		scan->pos += HB_NETSCAN_MARK_LEN;
		return HB_NETSCAN_END;
	}
	if (!hb_netscan_text(scan, &text, &len))
		return HB_NETSCAN_BAD;
	if (len < 5 || text[0] != '(' || text[2] != ')')
		return HB_NETSCAN_BAD;
	if (text[1] < '0' || text[1] >= '0' + HB_FIELD_N)
		return HB_NETSCAN_BAD;
	equals = memchr(text + 3, '=', len - 3);
	if (equals == NULL)
		return HB_NETSCAN_BAD;

	ret_field->type = (HbFieldType)(text[1] - '0');
	ret_field->name = text + 3;
	ret_field->name_len = (gsize)(equals - ret_field->name);
	ret_field->value = equals + 1;
	ret_field->len = (gsize)(text + len - ret_field->value);
	return HB_NETSCAN_FIELD;
}

gsize
hb_netscan_extent(const guint8 *data, gsize len)
{
	HbNetscan scan;
	HbRawField field;
	HbNetscanStep step;

	if (!hb_netscan_init(&scan, data, len))
		return 0;
	do {
		step = hb_netscan_next(&scan, &field);
	} while (step == HB_NETSCAN_FIELD);
	return step == HB_NETSCAN_END ? (gsize)(scan.pos - data) : 0;
}

/* "len:text,len:text,"; an empty element is an error, an empty list is not. */
static gboolean
is_list(const guint8 *value, gsize len)
{
	HbNetscan scan;
	const guint8 *text;
	gsize text_len;

	if (len == 0)   /* @value may be NULL */
		return TRUE;
	scan.pos = value;
	scan.end = value + len;
	while (scan.pos < scan.end)
		if (!hb_netscan_text(&scan, &text, &text_len) || text_len == 0)
			return FALSE;
	return TRUE;
}

/* No "(" in front: it would read as a type in the string form. */
static gboolean
is_name(const guint8 *name, gsize len)
{
	if (len == 0 || len > HB_MSG_NAME_MAX || name[0] == '(')
		return FALSE;
	for (gsize i = 0; i < len; i++)
		if (name[i] < 0x20 || name[i] == 0x7f || name[i] == '=')
			return FALSE;
	return TRUE;
}

/* All of hb_netscan_field_is_legal() but what is inside a nested message. */
static gboolean
is_legal_outside(const HbRawField *field)
{
	if (!is_name(field->name, field->name_len))
		return FALSE;
	if (field->type != HB_FIELD_STRING && field->type != HB_FIELD_LIST)
		return TRUE;
	if (field->len > 0 && memchr(field->value, '\0', field->len) != NULL)
		return FALSE;
	return field->type == HB_FIELD_STRING || is_list(field->value, field->len);
}

gboolean
hb_netscan_is_message(const guint8 *data, gsize len, guint depth_max)
{
	HbNetscan open[HB_MSG_DEPTH_MAX];
	guint n_fields[HB_MSG_DEPTH_MAX] = { 0 };
	guint depth = 0;
	HbRawField field;

	g_assert(depth_max <= HB_MSG_DEPTH_MAX);
	if (depth_max == 0 || !hb_netscan_init(&open[0], data, len))
		return FALSE;
	for (;;) {
		HbNetscanStep step = hb_netscan_next(&open[depth], &field);

		if (step == HB_NETSCAN_BAD)
			return FALSE;
		if (step == HB_NETSCAN_END) {
			if (open[depth].pos != open[depth].end)
				return FALSE;
			if (depth == 0)
				return TRUE;
			depth--;
			continue;
		}
		if (++n_fields[depth] > HB_MSG_FIELDS_MAX || !is_legal_outside(&field))
			return FALSE;
		if (hb_netscan_type_nests(field.type)) {
			if (++depth == depth_max)
				return FALSE;
			n_fields[depth] = 0;
			if (!hb_netscan_init(&open[depth], field.value, field.len))
				return FALSE;
		}
	}
}

gboolean
hb_netscan_field_is_legal(const HbRawField *field)
{
	return is_legal_outside(field) &&
	       (!hb_netscan_type_nests(field->type) ||
	        hb_netscan_is_message(field->value, field->len, HB_MSG_DEPTH_MAX));
}
