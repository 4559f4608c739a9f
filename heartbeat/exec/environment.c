/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "exec/environment.h"

#include "util/banned.h"

static const struct {
	const char *name;
	const char *value;
} fixed[] = {
	{ "PATH", HB_BIN_DIR ":" HB_DATA_DIR ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" },
	{ "LC_ALL", "C" },
	{ "HOME", "/" },
	{ "SHELL", "/bin/sh" },
	{ "OCF_ROOT", "/usr/lib/ocf" },
	{ "OCF_AGENTS", "/usr/lib/ocf/resource.d/heartbeat/" },
	{ "HA_DIR", HB_HA_DIR },
	{ "HA_FUNCS", HB_HA_DIR "/shellfuncs" },
	{ "HA_RCDIR", HB_HA_DIR "/rc.d" },
	{ "HA_RESOURCEDIR", HB_HA_DIR "/resource.d" },
	{ "HA_BIN", HB_BIN_DIR },
	{ "HA_FIFO", HB_STATE_DIR "/fifo" },
	{ "HA_DOCDIR", HB_DOC_DIR },
	{ "HA_DATEFMT", "%Y/%m/%d_%T\t" },
	{ "HA_COMPRESSION", "zlib" },
};

static char **
set_ha(char **env, const char *name, const char *value)
{
	g_autofree char *full = g_strconcat("HA_", name, NULL);

	return g_environ_setenv(env, full, value, TRUE);
}

static char **
set_log(char **env, const HbConfig *config)
{
	env = set_ha(env, "LOGFILE", config->logfile != NULL ? config->logfile : "");
	env = set_ha(env, "DEBUGLOG", config->debugfile != NULL ? config->debugfile : "/dev/null");
	env = set_ha(env, "LOGD", config->use_logd ? "yes" : "no");
	if (config->logfacility != NULL)
		env = set_ha(env, "LOGFACILITY", config->logfacility);
	return env;
}

char **
hb_environment_new(const HbConfig *config)
{
	char **env = g_new0(char *, 1);

	for (guint i = 0; i < G_N_ELEMENTS(fixed); i++)
		env = g_environ_setenv(env, fixed[i].name, fixed[i].value, TRUE);
	for (guint i = 0; i < config->n_recorded; i++)
		env = set_ha(env, config->recorded[i].name, config->recorded[i].value);
	env = set_ha(env, "CURHOST", config->nodes[config->self].name);
	if (config->compression != NULL)
		env = set_ha(env, "COMPRESSION", config->compression);
	env = set_log(env, config);

	/* Last, as in 3.0.6: the administrator's word counts. */
	for (char **line = config->env; line != NULL && *line != NULL; line++) {
		const char *equals = strchr(*line, '=');
		g_autofree char *name = NULL;

		if (equals == NULL)
			continue;
		name = g_strndup(*line, (gsize)(equals - *line));
		env = set_ha(env, name, equals + 1);
	}
	return env;
}

char **
hb_environment_for_run(char **base, guint32 epoch, gboolean known_free)
{
	g_autofree char *number = g_strdup_printf("%u", epoch);
	char **env = set_ha(g_strdupv(base), "hb4_epoch", number);

	return known_free ? set_ha(env, "hb4_probed", "1") : env;
}

static gboolean
is_one_of(const char *name, const char *const *names, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (strcmp(name, names[i]) == 0)
			return TRUE;
	return FALSE;
}

/*
 * A field of a message of heartbeat 3.0.6, or one that a script of the administrator's has thought of. Scripts and what
 * they source know many more variables HA_..., such as directories from which programs are run, in capitals, and
 * the directives of ha.cf; no message must be able to set those.
 */
static gboolean
is_field(const char *name)
{
#define X(id, wire_name, kind, least, most, what) wire_name,
	static const char *const fields[] = {
#include "wire/fields.def"
	};
#undef X
#define X(id, name, ...) name,
	static const char *const directives[] = {
#include "conf/hacf.def"
	};
#undef X

	if (g_str_has_prefix(name, "hb4"))
		return FALSE;
	if (is_one_of(name, fields, G_N_ELEMENTS(fields)))
		return TRUE;
	return name[strspn(name, G_CSET_a_2_z G_CSET_DIGITS "_")] == '\0' &&
	       !is_one_of(name, directives, G_N_ELEMENTS(directives));
}

char **
hb_environment_for_rc(char **base, const HbConfig *config, const HbChannelMsg *msg)
{
	char **env = g_strdupv(base);

	if (config->failback != HB_FAILBACK_LEGACY)
		env = set_ha(env, "NICEFAILBACK", "yes");
	env = set_ha(env, "OSTATUS", msg->u.rc.own_status);
	for (guint i = 0; i < msg->u.rc.n; i++) {
		const char *name = msg->u.rc.var[i].name;
		g_autofree char *full = g_strconcat("HA_", name, NULL);

		/* The administrator's word counts. */
		if (is_field(name) && g_environ_getenv(base, full) == NULL)
			env = g_environ_setenv(env, full, msg->u.rc.var[i].value, TRUE);
	}
	return env;
}
