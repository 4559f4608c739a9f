/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plugin.c - loads plugins and checks that they are what they say. */
#include "plugin/plugin.h"

#include <ltdl.h>

#include "plugin/search.h"

#include "util/banned.h"

G_DEFINE_QUARK(hb-plugin-error-quark, hb_plugin_error)

typedef struct {
	HbPluginKind kind;
	char *name;
	const void *ops;
} Loaded;

static GArray *loaded;          /* Loaded; a handful, and never unloaded */

void
hb_plugin_set_dir(const char *dir)
{
	hb_plugin_search_set_dir(dir);
}

/* What is wrong with a symbol of either kind, or NULL. Nothing behind a wrong abi is looked at. */
static const char *
medium_fault(const void *symbol, const char *name)
{
	const hb_medium_ops *ops = symbol;

	if (ops->abi != HB_MEDIUM_ABI)
		return "it was made for another version of heartbeat; install the one that belongs to this";
	if (g_strcmp0(ops->name, name) != 0)
		return "the name inside is another than the file's";
	if (ops->parse == NULL || ops->link_name == NULL || ops->far_name == NULL ||
	    ops->wants == NULL || ops->open == NULL || ops->poll_fd == NULL || ops->read == NULL ||
	    ops->write == NULL || ops->shut == NULL || ops->close == NULL)
		return "it is incomplete: a function is missing";
	return NULL;
}

static const char *
auth_fault(const void *symbol, const char *name)
{
	const hb_auth_ops *ops = symbol;

	if (ops->abi != HB_AUTH_ABI)
		return "it was made for another version of heartbeat; install the one that belongs to this";
	if (g_strcmp0(ops->name, name) != 0)
		return "the name inside is another than the file's";
	if (ops->digest == NULL)
		return "it is incomplete: a function is missing";
	return NULL;
}

static const char *
stonith_fault(const void *symbol, const char *name)
{
	const hb_stonith_ops *ops = symbol;

	if (ops->abi != HB_STONITH_ABI)
		return "it was made for another version of heartbeat; install the one that belongs to this";
	if (g_strcmp0(ops->name, name) != 0)
		return "the name inside is another than the file's";
	if (ops->run == NULL || ops->settings == NULL || ops->about == NULL)
		return "it is incomplete: a function or a text is missing";
	return NULL;
}

static const struct {
	const char *symbol;
	const char *(*fault)(const void *symbol, const char *name);
} kinds[HB_PLUGIN_N_KINDS] = {
	[HB_PLUGIN_MEDIUM] = { "hb_medium_plugin", medium_fault },
	[HB_PLUGIN_STONITH] = { "hb_stonith_plugin", stonith_fault },
	[HB_PLUGIN_AUTH] = { "hb_auth_plugin", auth_fault },
};

static lt_dlhandle
open_file(const char *path, GError **error)
{
	static gboolean ready;
	lt_dladvise advise;
	lt_dlhandle handle = NULL;

	if (!ready && lt_dlinit() != 0) {
		g_set_error(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_LOAD, "libltdl: %s", lt_dlerror());
		return NULL;
	}
	ready = TRUE;
	/* Local: two plugins may have functions of the same name. */
	if (lt_dladvise_init(&advise) == 0) {
		if (lt_dladvise_local(&advise) == 0)
			handle = lt_dlopenadvise(path, advise);
		(void)lt_dladvise_destroy(&advise);
	}
	if (handle == NULL)
		g_set_error(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_LOAD, "cannot load %s: %s", path,
		            lt_dlerror());
	return handle;
}

static const void *
load(HbPluginKind kind, const char *name, GError **error)
{
	g_autofree char *path = hb_plugin_search(kind, name, error);
	lt_dlhandle handle = path != NULL ? open_file(path, error) : NULL;
	const char *fault = "it is not a plugin of this kind";
	const void *symbol;

	if (handle == NULL)
		return NULL;
	symbol = lt_dlsym(handle, kinds[kind].symbol);
	if (symbol != NULL)
		fault = kinds[kind].fault(symbol, name);
	if (fault == NULL)
		return symbol;
	g_set_error(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_ABI, "%s cannot be used: %s", path, fault);
	(void)lt_dlclose(handle);
	return NULL;
}

static const void *
get(HbPluginKind kind, const char *name, GError **error)
{
	Loaded entry = { .kind = kind };

	if (loaded == NULL)
		loaded = g_array_new(FALSE, FALSE, sizeof(Loaded));
	for (guint i = 0; i < loaded->len; i++) {
		const Loaded *have = &g_array_index(loaded, Loaded, i);

		if (have->kind == kind && g_str_equal(have->name, name))
			return have->ops;
	}
	entry.ops = load(kind, name, error);
	if (entry.ops == NULL)
		return NULL;
	entry.name = g_strdup(name);
	g_array_append_val(loaded, entry);
	return entry.ops;
}

const hb_medium_ops *
hb_plugin_medium(const char *name, GError **error)
{
	return get(HB_PLUGIN_MEDIUM, name, error);
}

const hb_auth_ops *
hb_plugin_auth(const char *name, GError **error)
{
	return get(HB_PLUGIN_AUTH, name, error);
}

const hb_stonith_ops *
hb_plugin_stonith(const char *name, GError **error)
{
	return get(HB_PLUGIN_STONITH, name, error);
}

char **
hb_plugin_stonith_list(void)
{
	return hb_plugin_search_list(HB_PLUGIN_STONITH);
}
