/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* judge.c - what conf asks about words that plugins define. */
#include "conf/load.h"
#include "plugin/plugin.h"

#include "util/banned.h"

/* A plugin that is there and cannot be loaded is known: medium_check() then says what ails it. */
static gboolean
medium_known(const char *kind)
{
	g_autoptr(GError) error = NULL;

	if (hb_plugin_medium(kind, &error) != NULL)
		return TRUE;
	return !g_error_matches(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_MISSING) &&
	       !g_error_matches(error, HB_PLUGIN_ERROR, HB_PLUGIN_ERROR_NAME);
}

static gboolean
medium_word_each(const char *kind)
{
	const hb_medium_ops *ops = hb_plugin_medium(kind, NULL);

	return ops != NULL && ops->word_each != 0;
}

static gboolean
medium_check(const char *kind, const char *words, guint32 udpport, guint32 baud,
             char **ret_far_name, char **ret_err)
{
	hb_medium_defaults defaults = { .udpport = (uint16_t)udpport, .baud = baud };
	char why[HB_MEDIUM_ERR_MAX] = "";
	g_autoptr(GError) error = NULL;
	const hb_medium_ops *ops = hb_plugin_medium(kind, &error);
	hb_medium *medium;

	if (ops == NULL) {
		*ret_err = g_strdup(error->message);
		return FALSE;
	}
	medium = ops->parse(words, &defaults, why);
	if (medium == NULL) {
		why[sizeof why - 1] = '\0';
		*ret_err = why[0] != '\0' ? g_strdup(why) : g_strdup_printf("%s refuses this line", kind);
		return FALSE;
	}
	*ret_far_name = g_strdup(ops->far_name(medium));
	ops->close(medium);
	return TRUE;
}

static gboolean
auth_known(const char *method)
{
	return hb_plugin_auth(method, NULL) != NULL;
}

static gboolean
auth_needs_key(const char *method)
{
	const hb_auth_ops *ops = hb_plugin_auth(method, NULL);

	return ops != NULL && ops->needs_key != 0;
}

static const HbPluginJudge judge = {
	.medium_known = medium_known,
	.medium_word_each = medium_word_each,
	.medium_check = medium_check,
	.auth_known = auth_known,
	.auth_needs_key = auth_needs_key,
};

const struct HbPluginJudge *
hb_plugin_judge(void)
{
	return &judge;
}
