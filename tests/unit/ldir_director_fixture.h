/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ldir_director_fixture.h - a director on a table in files, and what it says.
 */
#ifndef HB_LDIR_DIRECTOR_FIXTURE_H
#define HB_LDIR_DIRECTOR_FIXTURE_H

#include "ldir_fixture.h"
#include "ldir_ipvs_fixture.h"
#include "ldirectord/director/director.h"

#define REALS "\treal=10.0.0.2:80 gate 3\n\treal=10.0.0.3:80 gate 5\n"
#define WEB "virtual=10.0.0.1:80\n" REALS "\tfallback=127.0.0.1:80\n"
#define TABLE "-A -t 10.0.0.1:80 -s wrr\n"
#define ONE "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.2:80 -g -w 3\n"
#define TWO "-a -t 10.0.0.1:80 -x 0 -y 0 -r 10.0.0.3:80 -g -w 5\n"
#define BACK "-a -t 10.0.0.1:80 -x 0 -y 0 -r 127.0.0.1:80 -g -w 1\n"

typedef struct {
	char *dir;
	LdirIpvs *ipvs;
	LdirDirector *director;
	GString *said;
	const LdirWeights *weights;     /* NULL: there is no weightfile= */
	gint64 now_ms;
} Fixture;

static inline void
on_log(const char *text, gpointer user)
{
	g_string_append_printf(((Fixture *)user)->said, "%s\n", text);
}

static inline void
on_mail(const LdirConfig *config, const LdirVirtual *vs, const char *text, gpointer user)
{
	(void)config, (void)vs;
	g_string_append_printf(((Fixture *)user)->said, "mail %s\n", text);
}

static inline void
on_command(const LdirConfig *config, const LdirVirtual *vs, gboolean is_start, gpointer user)
{
	(void)config, (void)vs;
	g_string_append_printf(((Fixture *)user)->said, "command %s\n", is_start ? "start" : "stop");
}

static inline void
on_notify(const LdirConfig *config, const LdirVirtual *vs, guint real, gboolean is_up, gpointer user)
{
	(void)config, (void)vs;
	g_string_append_printf(((Fixture *)user)->said, "notify %u %s\n", real, is_up ? "up" : "down");
}

static inline void
on_quorum(const LdirConfig *config, const LdirVirtual *vs, gboolean is_up, gint64 live, gpointer user)
{
	(void)config, (void)vs;
	g_string_append_printf(((Fixture *)user)->said, "quorum %s %d\n", is_up ? "up" : "down", (int)live);
}

static const LdirDirectorCalls calls = { on_log, on_mail, on_notify, on_command, on_quorum };

static inline void
configure(Fixture *f, const char *text)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	LdirConfig *config = fixture_parse(text, strlen(text), problems);
	g_autoptr(LdirIpvsTable) there = ldir_ipvs_dump(f->ipvs, NULL);

	g_assert_nonnull(config);
	g_assert_nonnull(there);
	ldir_director_configure(f->director, config, f->weights, there, f->now_ms);
}

static inline void
fixture_begin(Fixture *f, const char *table)
{
	*f = (Fixture){ .dir = g_dir_make_tmp("ldir-XXXXXX", NULL), .said = g_string_new(NULL) };
	f->ipvs = ldir_ipvs_dry_new(f->dir, NULL);
	ipvs_dry_write(f->dir, table);
	f->director = ldir_director_new(f->ipvs, &calls, f);
}

static inline void
fixture_init(Fixture *f, const char *table, const char *text)
{
	fixture_begin(f, table);
	configure(f, text);
}

static inline void
fixture_done(Fixture *f)
{
	ldir_director_free(f->director);
	ldir_ipvs_free(f->ipvs);
	g_string_free(f->said, TRUE);
	ipvs_dry_remove(f->dir);
	g_free(f->dir);
}

static inline void
expect_table(Fixture *f, const char *wanted)
{
	g_autofree char *table = ipvs_dry_read(f->dir, "table");

	g_assert_cmpstr(table, ==, wanted);
}

static inline void
expect_said(Fixture *f, const char *text)
{
	if (strstr(f->said->str, text) == NULL)
		g_error("\"%s\" was not said, but:\n%s", text, f->said->str);
	g_string_truncate(f->said, 0);
}

static inline void
verdict(Fixture *f, guint real, gboolean is_good)
{
	ldir_director_verdict(f->director, 0, real, is_good, "why", f->now_ms);
	ldir_director_flush(f->director);
}

#endif
