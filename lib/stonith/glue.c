/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * glue.c - the devices that Debian's cluster-glue has as shared objects of its own kind (apcmaster, ipmilan, meatware ...),
 * by its program stonith, where it is installed. The settings go by the environment (-E), where others cannot see them.
 */
#include <string.h>
#include <unistd.h>

#include "stonith/child.h"
#include "stonith/driver.h"

#include "util/banned.h"

static char *own_program;

static const char *
program(void)
{
	return own_program != NULL ? own_program : HB_STONITH_GLUE;
}

void
hb_stonith_glue_set_program(const char *path)
{
	g_free(own_program);
	own_program = g_strdup(path);
}

/* What "stonith @args" prints, or NULL with @error. */
static char *
ask(const char *const *args, const char *type, const HbStonith *device, gint64 until_ms, GError **error)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_auto(GStrv) env = hb_stonith_environment(type, device);
	g_autoptr(GString) out = g_string_new(NULL);
	int code;

	g_ptr_array_add(argv, (gpointer)program());
	for (; *args != NULL; args++)
		g_ptr_array_add(argv, (gpointer)*args);
	g_ptr_array_add(argv, NULL);
	if (!hb_child_run((char *const *)argv->pdata, env, until_ms, out, &code, error))
		return NULL;
	if (code != 0) {
		g_set_error(error, HB_STONITH_ERROR, HB_STONITH_ERROR_RUN, "%s (by %s): exit code %d", type, program(), code);
		return NULL;
	}
	return g_strdup(out->str);
}

static gboolean
has(const char *type)
{
	return type[0] != '-' && strchr(type, '/') == NULL && access(program(), X_OK) == 0;
}

static void
list(GPtrArray *types, gint64 until_ms)
{
	const char *const args[] = { "-L", NULL };
	g_autofree char *text = has("") ? ask(args, "", NULL, until_ms, NULL) : NULL;
	g_auto(GStrv) words = hb_stonith_words(text != NULL ? text : "");

	for (char **word = words; *word != NULL; word++)
		if (strchr(*word, '/') == NULL)         /* scripts are ours to list */
			g_ptr_array_add(types, g_strdup(*word));
}

static char **
names(const char *type, gint64 until_ms, GError **error)
{
	const char *const args[] = { "-t", type, "-n", NULL };
	g_autofree char *text = NULL;

	(void)error;
	/* A type that it does not know may be one of ours. */
	if (has(type))
		text = ask(args, type, NULL, until_ms, NULL);
	return text != NULL ? hb_stonith_words(text) : NULL;
}

static char *
info(const char *type, HbStonithInfo what, gint64 until_ms, GError **error)
{
	const char *const args[] = { "-t", type, "-m", NULL };

	return what == HB_STONITH_INFO_XML ? ask(args, type, NULL, until_ms, error) : g_strdup("");
}

static int
run(const HbStonith *device, hb_stonith_action action, const char *node, gint64 until_ms, char **ret_text, GError **error)
{
	static const char *const words[] = { [HB_STONITH_RESET] = "reset", [HB_STONITH_OFF] = "off", [HB_STONITH_ON] = "on" };
	const char *const on_node[] = { "-t", device->type, "-E", "-T", action <= HB_STONITH_ON ? words[action] : NULL, node, NULL };
	const char *const on_device[] = { "-t", device->type, "-E", action == HB_STONITH_STATUS ? "-S" : "-l", NULL };
	g_autofree char *text = ask(action <= HB_STONITH_ON ? on_node : on_device, device->type, device, until_ms, error);

	if (text == NULL)
		return HB_STONITH_FAILED;
	if (ret_text != NULL)
		*ret_text = g_steal_pointer(&text);
	return HB_STONITH_OK;
}

const HbStonithDriver hb_stonith_glue = { list, names, info, run };
