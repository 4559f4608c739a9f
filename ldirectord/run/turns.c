/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * turns.c - the turns of the daemon: one source of the loop for all checks and deadlines.
 *
 * It says before each wait how long that may be. A timer that is set at the end of each turn would wake the loop for that alone.
 */
#include "ldirectord/run/daemon_parts.h"
#include "util/banned.h"
#include "util/time.h"

typedef struct {
	GSource base;
	LdirDaemon *daemon;
	gpointer checks;        /* tag of their descriptor */
} Turns;

/* The clock is read once for each wait: the loop has done it. */
static gint64
now_ms_of(GSource *base)
{
	return hb_ms_from_us(g_source_get_time(base));
}

static gint64
left_ms(GSource *base)
{
	const LdirDaemon *d = ((Turns *)base)->daemon;
	gint64 due_ms = MIN(ldir_probes_deadline_ms(d->probes), ldir_director_deadline_ms(d->director));

	return due_ms == G_MAXINT64 ? G_MAXINT64 : MAX(0, due_ms - now_ms_of(base));
}

static gboolean
turns_prepare(GSource *base, gint *timeout_ms)
{
	gint64 left = left_ms(base);

	*timeout_ms = left > G_MAXINT ? -1 : (gint)left;
	return left == 0;
}

static gboolean
turns_check(GSource *base)
{
	return g_source_query_unix_fd(base, ((Turns *)base)->checks) != 0 || left_ms(base) == 0;
}

static gboolean
turns_dispatch(GSource *base, GSourceFunc callback, gpointer data)
{
	LdirDaemon *d = ((Turns *)base)->daemon;
	gint64 now_ms = now_ms_of(base);

	(void)callback, (void)data;
	ldir_log_hold();
	ldir_probes_run(d->probes, now_ms);
	ldir_director_time(d->director, now_ms);
	ldir_daemon_arm(d);
	return G_SOURCE_CONTINUE;
}

void
ldir_daemon_arm(LdirDaemon *d)
{
	ldir_director_flush(d->director);
	ldir_log_let_go();
}

void
ldir_daemon_start_turns(LdirDaemon *d)
{
	static GSourceFuncs funcs = { turns_prepare, turns_check, turns_dispatch, NULL, NULL, NULL };
	Turns *turns = (Turns *)g_source_new(&funcs, sizeof(Turns));

	turns->daemon = d;
	/* it never does; but else its descriptor is taken out of the set and put back for each turn, and the loop woken for that */
	g_source_set_can_recurse(&turns->base, TRUE);
	turns->checks = g_source_add_unix_fd(&turns->base, ldir_probes_fd(d->probes), G_IO_IN);
	(void)g_source_attach(&turns->base, NULL);
	d->turns = &turns->base;
}

void
ldir_daemon_stop_turns(LdirDaemon *d)
{
	if (d->turns == NULL)
		return;
	g_source_destroy(d->turns);
	g_clear_pointer(&d->turns, g_source_unref);
}
