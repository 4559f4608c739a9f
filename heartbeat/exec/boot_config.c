/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot_config.c - which configuration a start goes on with, and what is kept of it for the next process. */
#include <glib.h>

#include "exec/boot_parts.h"
#include "exec/check.h"
#include "exec/dirs.h"
#include "exec/store.h"

#include "util/banned.h"

HbConfig *
hb_boot_saved_config(const HbExec *ex, HbBundle **ret_bundle)
{
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = NULL;
	HbConfig *config;
	g_autoptr(GBytes) packed = NULL;
	char *data;
	gsize len;

	if (!g_file_get_contents(HB_RUN_DIR "/" HB_BUNDLE_NAME, &data, &len, NULL))
		return NULL;
	packed = g_bytes_new_take(data, len);
	bundle = hb_bundle_unpack(packed);
	if (bundle == NULL)
		return NULL;
	config = hb_check_parse(bundle, ex->node_name, problems);
	if (config != NULL && ret_bundle != NULL)
		*ret_bundle = g_steal_pointer(&bundle);
	return config;
}

static gboolean
take_saved_config(HbExec *ex)
{
	HbBundle *bundle = NULL;
	HbConfig *config = hb_boot_saved_config(ex, &bundle);

	if (config == NULL)
		return FALSE;
	hb_config_free(ex->config);
	hb_bundle_free(ex->bundle);
	ex->config = config;
	ex->bundle = bundle;
	return TRUE;
}

gboolean
hb_boot_settle_config(HbExec *ex, GError **error)
{
	g_autoptr(GPtrArray) problems = NULL;

	if (ex->resumed && take_saved_config(ex))
		return TRUE;
	if (ex->config != NULL)
		return TRUE;
	problems = hb_problems_new();
	ex->bundle = hb_check_read(&ex->options, problems);
	ex->config = hb_check_parse(ex->bundle, ex->node_name, problems);
	if (ex->config != NULL)
		return TRUE;
	g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the configuration is not valid: see heartbeat --check");
	return FALSE;
}

gboolean
hb_boot_save_config(HbExec *ex, GError **error)
{
	g_autoptr(GBytes) packed = hb_bundle_pack(ex->bundle);
	gsize len;
	const void *data = g_bytes_get_data(packed, &len);

	return hb_store_write(HB_RUN_DIR, HB_BUNDLE_NAME, data, len, 0600, error);
}
