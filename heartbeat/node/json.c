/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/json.h"

#include "util/banned.h"

void
hb_json_init(HbJson *json, GString *out)
{
	*json = (HbJson){ .out = out };
}

static void
put_string(GString *out, const char *text)
{
	g_string_append_c(out, '"');
	for (; *text != '\0'; text++) {
		guchar c = (guchar)*text;

		if (c == '"' || c == '\\')
			g_string_append_printf(out, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)         /* also what may not be UTF-8 */
			g_string_append_printf(out, "\\u%04x", c);
		else
			g_string_append_c(out, (char)c);
	}
	g_string_append_c(out, '"');
}

static void
new_line(HbJson *json)
{
	g_string_append_c(json->out, '\n');
	for (guint i = 0; i < json->depth; i++)
		g_string_append(json->out, "  ");
}

/* What stands before any value. */
static void
begin(HbJson *json, const char *name)
{
	if (json->depth > 0) {
		if (json->has_items[json->depth - 1])
			g_string_append_c(json->out, ',');
		json->has_items[json->depth - 1] = TRUE;
		new_line(json);
	}
	if (name) {
		put_string(json->out, name);
		g_string_append(json->out, ": ");
	}
}

static void
open_level(HbJson *json, const char *name, char opening, char closing)
{
	g_assert(json->depth < HB_JSON_DEPTH_MAX);
	begin(json, name);
	g_string_append_c(json->out, opening);
	json->has_items[json->depth] = FALSE;
	json->closing[json->depth] = closing;
	json->depth++;
}

void
hb_json_open_object(HbJson *json, const char *name)
{
	open_level(json, name, '{', '}');
}

void
hb_json_open_array(HbJson *json, const char *name)
{
	open_level(json, name, '[', ']');
}

void
hb_json_close(HbJson *json)
{
	g_assert(json->depth > 0);
	json->depth--;
	if (json->has_items[json->depth])
		new_line(json);
	g_string_append_c(json->out, json->closing[json->depth]);
	if (json->depth == 0)
		g_string_append_c(json->out, '\n');
}

void
hb_json_string(HbJson *json, const char *name, const char *value)
{
	begin(json, name);
	if (value)
		put_string(json->out, value);
	else
		g_string_append(json->out, "null");
}

void
hb_json_int(HbJson *json, const char *name, gint64 value)
{
	begin(json, name);
	g_string_append_printf(json->out, "%" G_GINT64_FORMAT, value);
}

void
hb_json_uint(HbJson *json, const char *name, guint64 value)
{
	begin(json, name);
	g_string_append_printf(json->out, "%" G_GUINT64_FORMAT, value);
}

void
hb_json_bool(HbJson *json, const char *name, gboolean value)
{
	begin(json, name);
	g_string_append(json->out, value ? "true" : "false");
}

void
hb_json_age(HbJson *json, const char *name, gint64 age_ms)
{
	if (age_ms < 0)
		hb_json_string(json, name, NULL);
	else
		hb_json_int(json, name, age_ms);
}
