/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * driver.h - what each kind of fencing device can do. Private to lib/stonith.
 */
#ifndef HB_STONITH_DRIVER_H
#define HB_STONITH_DRIVER_H

#include "stonith/stonith.h"

typedef struct {
	/* Appends the types that it has (transfer full). */
	void (*list)(GPtrArray *types, gint64 until_ms);
	/* NULL without @error: not a type of this kind. */
	char **(*names)(const char *type, gint64 until_ms, GError **error);
	char *(*info)(const char *type, HbStonithInfo what, gint64 until_ms, GError **error);
	int (*run)(const HbStonith *device, hb_stonith_action action, const char *node, gint64 until_ms, char **ret_text,
	           GError **error);
} HbStonithDriver;

extern const HbStonithDriver hb_stonith_external, hb_stonith_glue, hb_stonith_native;

/* The environment of a device's program: ours, where cluster-glue's helpers are found, and the settings. (transfer full) */
char **hb_stonith_environment(const char *type, const HbStonith *device);
/* The words of @text (transfer full). */
void hb_stonith_external_set_dir(const char *dir);
void hb_stonith_glue_set_program(const char *path);
char **hb_stonith_words(const char *text);
/* The values of a line of settings, as many as there are names: the last one is the rest of the line. NULL: there are too few. */
char **hb_stonith_split(const char *words, guint n_names);

#endif
