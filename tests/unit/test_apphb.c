/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that beat: what apphbd answers them and thinks of them. */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "clients/apphb_logic.h"

#include "util/banned.h"

static const HbBeaterPeer peer = { .pid = 77, .uid = 5, .gid = 6 };
static const HbBeaterPeer root = { .pid = 77, .uid = 5, .gid = 6, .may_reboot = TRUE };

static HbApphbRegister
registration(void)
{
	return (HbApphbRegister){ .type = HB_APPHB_REGISTER, .name = "app", .instance = "one", .pid = 77, .uid = 5, .gid = 6 };
}

static int
set(HbBeater *beater, const HbBeaterPeer *who, const char *type, guint64 value)
{
	HbApphbSet msg = { .value = value };
	gboolean gone = FALSE;

	g_strlcpy(msg.type, type, sizeof msg.type);
	return hb_beater_take(beater, who, &msg, sizeof msg, 1000, &gone);
}

static int
enter(HbBeater *beater, const HbApphbRegister *msg)
{
	gboolean gone = FALSE;

	return hb_beater_take(beater, &peer, msg, sizeof *msg, 1000, &gone);
}

static void
test_who_is_not_what_it_says_is_refused(void)
{
	HbApphbRegister msg = registration();
	HbBeater beater = { 0 };
	gboolean gone = FALSE;

	g_assert_cmpint(set(&beater, &peer, HB_APPHB_INTERVAL, 10), ==, ESRCH);
	msg.pid = 78;
	g_assert_cmpint(enter(&beater, &msg), ==, EINVAL);
	msg = registration();
	msg.gid = 0;
	g_assert_cmpint(enter(&beater, &msg), ==, EINVAL);
	msg = registration();
	memset(msg.name, 'x', sizeof msg.name);         /* no end */
	g_assert_cmpint(enter(&beater, &msg), ==, EINVAL);
	msg = registration();
	g_assert_cmpint(hb_beater_take(&beater, &peer, &msg, sizeof msg - 1, 0, &gone), ==, EINVAL);
	g_assert_cmpint(enter(&beater, &msg), ==, 0);
	g_assert_cmpint(enter(&beater, &msg), ==, EEXIST);
	g_assert_cmpint(set(&beater, &peer, HB_APPHB_REBOOT, 1), ==, EPERM);
	g_assert_false(beater.wants_reboot);
	g_assert_cmpint(set(&beater, &root, HB_APPHB_REBOOT, 1), ==, 0);
	g_assert_true(beater.wants_reboot);
	g_assert_cmpint(set(&beater, &peer, "what", 1), ==, EINVAL);
	g_assert_cmpint(set(&beater, &peer, HB_APPHB_INTERVAL, G_MAXUINT64), ==, EINVAL);
	g_assert_false(gone);
}

static void
test_intervals(void)
{
	HbApphbRegister msg = registration();
	HbApphbPlain leave = { .type = HB_APPHB_UNREGISTER };
	HbBeater beater = { 0 };
	gboolean gone = FALSE;

	g_assert_cmpint(enter(&beater, &msg), ==, 0);
	g_assert_cmpint(hb_beater_deadline_ms(&beater), ==, 1000 + HB_BEATER_INTERVAL_MS);
	g_assert_cmpint(set(&beater, &peer, HB_APPHB_INTERVAL, 400), ==, 0);
	g_assert_cmpint(set(&beater, &peer, HB_APPHB_WARN, 300), ==, 0);
	g_assert_cmpint(hb_beater_time(&beater, 1399), ==, HB_BEATER_FINE);
	g_assert_cmpint(hb_beater_beat(&beater, 1200), ==, HB_BEATER_FINE);
	g_assert_cmpint(hb_beater_beat(&beater, 1550), ==, HB_BEATER_LATE);
	g_assert_cmpint(hb_beater_time(&beater, 1950), ==, HB_BEATER_MISSED);
	g_assert_cmpint(hb_beater_deadline_ms(&beater), ==, HB_BEATER_NEVER);
	g_assert_cmpint(hb_beater_beat(&beater, 5000), ==, HB_BEATER_RESUMED);
	g_assert_cmpint(hb_beater_deadline_ms(&beater), ==, 5400);
	g_assert_cmpint(set(&beater, &peer, HB_APPHB_INTERVAL, 0), ==, 0);
	g_assert_cmpint(hb_beater_deadline_ms(&beater), ==, HB_BEATER_NEVER);
	g_assert_cmpint(hb_beater_take(&beater, &peer, &leave, sizeof leave, 0, &gone), ==, 0);
	g_assert_true(gone);
	g_assert_true(hb_beater_is_beat("hb\0\0\0\0\0", 8));
	g_assert_false(hb_beater_is_beat("hb", 2));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/apphb/refused", test_who_is_not_what_it_says_is_refused);
	g_test_add_func("/apphb/intervals", test_intervals);
	return g_test_run();
}
