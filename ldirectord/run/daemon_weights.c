/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon_weights.c - weightfile=: read when it changes; what is wrong is said, and the weights until then stay.
 */
#include "ldirectord/run/daemon_parts.h"
#include "util/banned.h"
#include "util/textfile.h"

#define WEIGHTS_QUIET_MS 30
#define WEIGHTS_MAX      (1024 * 1024)

static void
give_out(LdirDaemon *d)
{
	for (guint i = 0; i < d->config->virtuals->len; i++) {
		const LdirVirtual *vs = d->config->virtuals->pdata[i];

		for (guint j = 0; j < vs->reals->len; j++)
			ldir_director_file_weight(d->director, i, j, ldir_weights_of(d->weights, vs->reals->pdata[j]));
	}
}

static void
refuse(LdirDaemon *d, const char *path, const char *why)
{
	g_autofree char *text = path != NULL ? g_strdup_printf("%s: %s", path, why) : g_strdup(why);

	if (g_strcmp0(text, d->weights_said) != 0)
		ldir_log("weightfile: %s: the weights until now stay in use", text);
	g_free(d->weights_said);
	d->weights_said = g_steal_pointer(&text);
}

/* A file that is not there says nothing: the weights are those of the configuration. */
static void
read_file(LdirDaemon *d)
{
	const char *path = d->config->global.weightfile;
	g_autoptr(GError) error = NULL;
	g_autofree char *text = hb_text_file_read(path, WEIGHTS_MAX, &error);
	g_autofree char *why = NULL;
	LdirWeights *weights;

	if (text == NULL && !g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
		refuse(d, NULL, error->message);
		return;
	}
	weights = ldir_weights_parse(text != NULL ? text : "", &why);
	if (weights == NULL) {
		refuse(d, path, why);
		return;
	}
	ldir_weights_free(d->weights);
	d->weights = weights;
	g_clear_pointer(&d->weights_said, g_free);
}

static void
on_weights_dir(gpointer user)
{
	LdirDaemon *d = user;

	if (d->is_leaving)
		return;
	read_file(d);
	give_out(d);
	ldir_daemon_arm(d);
}

void
ldir_daemon_watch_weights(LdirDaemon *d)
{
	const char *path = d->config->global.weightfile;
	g_autofree char *dir = path != NULL ? g_path_get_dirname(path) : NULL;

	g_clear_pointer(&d->weights_watch, ldir_dirwatch_free);
	if (path == NULL) {
		g_clear_pointer(&d->weights, ldir_weights_free);
	} else {
		d->weights_watch = ldir_dirwatch_new(dir, WEIGHTS_QUIET_MS, on_weights_dir, d);
		read_file(d);
	}
	give_out(d);
}

void
ldir_daemon_weights_done(LdirDaemon *d)
{
	ldir_dirwatch_free(d->weights_watch);
	ldir_weights_free(d->weights);
	g_free(d->weights_said);
}
