/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon_weights.c - weightfile=: read when it changes; what is wrong is said, and the weights until then stay.
 */
#include "ldirectord/run/daemon_parts.h"
#include "util/banned.h"
#include "util/textfile.h"

#define WEIGHTS_QUIET_MS 30
#define WEIGHTS_MAX      (1024 * 1024)

/* Once, until it is another. */
static void
say(char **said, char *text)
{
	if (text != NULL && g_strcmp0(text, *said) != 0)
		ldir_log_line(text);
	g_free(*said);
	*said = text;
}

/* Why @path cannot be used (transfer full), or NULL: it is in use. Where no file is all weights are those of the configuration. */
static char *
take_file(LdirDaemon *d, const char *path)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = hb_text_file_read(path, WEIGHTS_MAX, &error);
	g_autofree char *why = NULL;
	LdirWeights *weights;

	if (text == NULL && !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
		return g_strdup(error->message);        /* it names the path */
	weights = ldir_weights_parse(text != NULL ? text : "", &why);
	if (weights == NULL)
		return g_strdup_printf("%s: %s", path, why);
	ldir_weights_free(d->weights);
	d->weights = weights;
	return NULL;
}

static void
read_file(LdirDaemon *d, const LdirConfig *config)
{
	const char *path = config->global.weightfile;
	g_autofree char *why = take_file(d, path);
	g_autofree char *strangers = ldir_weights_strangers(d->weights, config);

	say(&d->weights_said, why == NULL ? NULL : g_strdup_printf("weightfile: %s: the weights until now stay in use", why));
	say(&d->strangers_said, strangers == NULL ? NULL :
	    g_strdup_printf("weightfile: %s: no real= has the address and port %s: the line is passed over", path, strangers));
}

static void
on_weights_dir(gpointer user)
{
	LdirDaemon *d = user;

	if (d->is_leaving)
		return;
	read_file(d, d->config);
	ldir_director_weights(d->director, d->weights);
	ldir_daemon_arm(d);
}

void
ldir_daemon_watch_weights(LdirDaemon *d, const LdirConfig *config)
{
	const char *path = config->global.weightfile;

	g_clear_pointer(&d->weights_watch, ldir_dirwatch_free);
	if (path == NULL) {
		g_clear_pointer(&d->weights, ldir_weights_free);
		g_clear_pointer(&d->weights_said, g_free);      /* whoever asks for one again wants to know */
		g_clear_pointer(&d->strangers_said, g_free);
		return;
	}
	d->weights_watch = ldir_dirwatch_file(path, WEIGHTS_QUIET_MS, on_weights_dir, d);
	read_file(d, config);
}

void
ldir_daemon_weights_done(LdirDaemon *d)
{
	ldir_dirwatch_free(d->weights_watch);
	ldir_weights_free(d->weights);
	g_free(d->weights_said);
	g_free(d->strangers_said);
}
