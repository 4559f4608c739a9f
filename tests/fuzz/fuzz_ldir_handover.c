/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as what one director leaves to the next: nothing of it is used, or it is begun with, and goes on by checks. */
#include "../unit/ldir_fixture.h"
#include "ldirectord/director/handover.h"

#include "util/banned.h"

#define NOW_MS 100000
#define CONFIG "flapmax=2/60\nquorum=4\nslowstart=10\nexternalweight=yes\nvirtual=10.0.0.1:80\n\treal=10.0.0.2:80 gate 3\n" \
	"\treal=10.0.0.3:80 gate 5\n\tfallback=127.0.0.1:80\n"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

static void on_log(const char *text, gpointer user) { (void)text, (void)user; }
static const LdirDirectorCalls calls = { .log = on_log };      /* one that stands by makes no others */

static void
go_on(LdirHandover *handover)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	LdirConfig *config = fixture_parse(CONFIG, strlen(CONFIG), problems);
	LdirDirector *director = ldir_director_new(NULL, &calls, NULL);
	g_autofree char *again = NULL;
	g_autofree char *why = NULL;
	LdirHandover *next;

	ldir_director_begin_standing_by(director);
	ldir_director_inherit(director, handover);
	ldir_director_configure(director, config, NULL, NULL, NOW_MS);
	for (guint i = 0; i < 6; i++) {
		ldir_director_verdict(director, 0, i % 2, i < 4, "why", NOW_MS + 1000 * i);
		ldir_director_time(director, NOW_MS + 1000 * i);
	}
	again = ldir_handover_write(director, NOW_MS + 10000);
	next = ldir_handover_parse(again, NOW_MS + 10000, &why);
	if (next == NULL)
		g_error("%s of\n%s", why, again);
	ldir_handover_free(next);
	ldir_director_free(director);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	g_autofree char *text = g_strndup((const char *)data, len);
	g_autofree char *why = NULL;
	LdirHandover *handover = ldir_handover_parse(text, NOW_MS, &why);

	g_assert_true((handover == NULL) == (why != NULL));
	if (handover != NULL)
		go_on(handover);
	return 0;
}
