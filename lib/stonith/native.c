/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * native.c - plugins of ours (hb_stonith.h). They may block: who calls us ends with the time limit.
 */
#include <string.h>

#include "plugin/plugin.h"
#include "stonith/driver.h"

#include "util/banned.h"

static void
list(GPtrArray *types, gint64 until_ms)
{
	g_auto(GStrv) all = hb_plugin_stonith_list();

	(void)until_ms;
	for (char **name = all; *name != NULL; name++)
		g_ptr_array_add(types, g_strdup(*name));
}

static const hb_stonith_ops *
get(const char *type, GError **error)
{
	g_autoptr(GError) why = NULL;
	const hb_stonith_ops *ops = hb_plugin_stonith(type, &why);

	if (ops == NULL && !g_error_matches(why, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_MISSING) &&
	    !g_error_matches(why, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_NAME))
		g_set_error_literal(error, HB_STONITH_ERROR, HB_STONITH_ERROR_TYPE, why->message);
	return ops;
}

static char **
names(const char *type, gint64 until_ms, GError **error)
{
	const hb_stonith_ops *ops = get(type, error);

	(void)until_ms;
	return ops != NULL ? g_strdupv((char **)ops->settings) : NULL;
}

static char *
info(const char *type, HbStonithInfo what, gint64 until_ms, GError **error)
{
	const hb_stonith_ops *ops = get(type, error);

	(void)until_ms;
	if (ops == NULL)
		return NULL;
	return g_strdup(what == HB_STONITH_INFO_DESCR ? ops->about : what == HB_STONITH_INFO_ID ? ops->name : "");
}

static int
run(const HbStonith *device, hb_stonith_action action, const char *node, gint64 until_ms, char **ret_text, GError **error)
{
	const hb_stonith_ops *ops = get(device->type, error);
	char text[HB_STONITH_TEXT_MAX] = "";
	int code = HB_STONITH_FAILED;

	(void)until_ms;
	if (ops == NULL)
		return code;
	code = ops->run(action, node, (const char *const *)device->values, text);
	text[sizeof text - 1] = '\0';
	if (code == HB_STONITH_OK && ret_text != NULL)
		*ret_text = g_strdup(text);
	if (code != HB_STONITH_OK)
		g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_RUN, "%s: %s", device->type, *text != '\0' ? text : "failed");
	return code;
}

const HbStonithDriver hb_stonith_native = { list, names, info, run };
