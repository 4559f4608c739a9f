/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon_sync.c - the kernel's sync daemon in the role that fits the process (sync.h).
 */
#include "ldirectord/run/daemon_parts.h"
#include "ldirectord/ipvs/sync.h"
#include "util/banned.h"

#define AGAIN_S 5       /* an interface may come later than we do */

static gboolean
on_again(gpointer data)
{
	LdirDaemon *d = data;

	d->sync_source = 0;
	ldir_daemon_sync(d, d->sync_role);
	return G_SOURCE_REMOVE;
}

/* Once, while it stays the same */
static void
say(LdirDaemon *d, char *text)
{
	if (text != NULL && g_strcmp0(text, d->sync_said) != 0)
		ldir_log_line(text);
	g_free(d->sync_said);
	d->sync_said = text;
}

void
ldir_daemon_sync_done(LdirDaemon *d)
{
	if (d->sync_source != 0)
		g_source_remove(d->sync_source);
	d->sync_source = 0;
	g_free(d->sync_words);
	g_free(d->sync_said);
}

/* Connections that others have passed on are of use only to a kernel that looks at them. */
static void
hold(LdirDaemon *d, gboolean is_on)
{
	if (is_on || d->is_holding || d->sync_words != NULL)
		ldir_director_hold_connections(d->director, is_on);
	d->is_holding = is_on;
}

void
ldir_daemon_hold(LdirDaemon *d)
{
	hold(d, d->sync_words != NULL);
}

void
ldir_daemon_sync(LdirDaemon *d, LdirIpvsRole role)
{
	const char *words = d->config->global.syncdaemon;
	char *text = NULL;

	d->sync_role = role;
	if (d->sync_source != 0)
		g_source_remove(d->sync_source);
	d->sync_source = 0;
	if (g_strcmp0(words, d->sync_words) != 0) {
		(void)ldir_sync_apply(d->input->ipvs, d->sync_words, LDIR_ROLE_NONE, &text);
		g_free(text);
		g_free(d->sync_words);
		d->sync_words = g_strdup(words);
	}
	if (!ldir_sync_apply(d->input->ipvs, words, role, &text))
		d->sync_source = g_timeout_add_seconds(AGAIN_S, on_again, d);
	say(d, text);
	hold(d, words != NULL && role == LDIR_ROLE_BACKUP);
}

const char *
ldir_daemon_sync_seen(const LdirDaemon *d)
{
	LdirIpvsSync there[LDIR_N_ROLES];

	if (d->sync_words == NULL || ldir_ipvs_sync_read(d->input->ipvs, there) != 0)
		return NULL;
	return ldir_ipvs_role_name(there[d->sync_role].is_on ? d->sync_role : LDIR_ROLE_NONE);
}
