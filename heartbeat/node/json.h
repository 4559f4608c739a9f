/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.h - writes JSON: commas, indentation and escapes are done here.
 */
#ifndef HB_NODE_JSON_H
#define HB_NODE_JSON_H

#include <glib.h>

#define HB_JSON_DEPTH_MAX 8

typedef struct {
	GString *out;
	guint depth;
	gboolean has_items[HB_JSON_DEPTH_MAX];
	char closing[HB_JSON_DEPTH_MAX];
} HbJson;

void hb_json_init(HbJson *json, GString *out);

/* @name NULL: an item of an array, or the outermost value. */
void hb_json_open_object(HbJson *json, const char *name);
void hb_json_open_array(HbJson *json, const char *name);
void hb_json_close(HbJson *json);

void hb_json_string(HbJson *json, const char *name, const char *value);         /* NULL: null */
void hb_json_int(HbJson *json, const char *name, gint64 value);
void hb_json_uint(HbJson *json, const char *name, guint64 value);
void hb_json_bool(HbJson *json, const char *name, gboolean value);
/* An age: negative is "never", which is null. */
void hb_json_age(HbJson *json, const char *name, gint64 age_ms);

#endif
