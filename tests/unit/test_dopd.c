/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The judgements of dopd. */
#include <string.h>

#include <glib.h>

#include "clients/dopd_logic.h"

#include "util/banned.h"

#define EXITED(code) ((code) << 8)

static void
test_codes_of_drbdadm(void)
{
	g_assert_cmpint(hb_dopd_code_of_status(EXITED(0)), ==, HB_DOPD_OUTDATED);
	g_assert_cmpint(hb_dopd_code_of_status(EXITED(5)), ==, HB_DOPD_INCONSISTENT);
	g_assert_cmpint(hb_dopd_code_of_status(EXITED(17)), ==, HB_DOPD_PRIMARY);
	g_assert_cmpint(hb_dopd_code_of_status(EXITED(1)), ==, HB_DOPD_FAILED);
	g_assert_cmpint(hb_dopd_code_of_status(EXITED(127)), ==, HB_DOPD_FAILED);
	g_assert_cmpint(hb_dopd_code_of_status(9), ==, HB_DOPD_FAILED);      /* killed */
}

static void
test_codes_of_answers(void)
{
	g_assert_cmpint(hb_dopd_code_of_text("4"), ==, 4);
	g_assert_cmpint(hb_dopd_code_of_text("21"), ==, 21);
	g_assert_cmpint(hb_dopd_code_of_text("0"), ==, HB_DOPD_FAILED);      /* would be success of a handler */
	g_assert_cmpint(hb_dopd_code_of_text("7"), ==, HB_DOPD_FAILED);
	g_assert_cmpint(hb_dopd_code_of_text("4 "), ==, HB_DOPD_FAILED);
	g_assert_cmpint(hb_dopd_code_of_text(NULL), ==, HB_DOPD_FAILED);
}

static void
test_names_of_resources(void)
{
	g_assert_true(hb_dopd_resource_is_legal("r0"));
	g_assert_true(hb_dopd_resource_is_legal("my_data-1.2"));
	g_assert_false(hb_dopd_resource_is_legal("--force"));
	g_assert_false(hb_dopd_resource_is_legal("r0;reboot"));
	g_assert_false(hb_dopd_resource_is_legal("$(x)"));
	g_assert_false(hb_dopd_resource_is_legal(""));
	g_assert_false(hb_dopd_resource_is_legal(NULL));
}

static void
test_who_can_be_asked(void)
{
	g_assert_true(hb_dopd_peer_can_be_asked("normal", "active", FALSE));
	g_assert_true(hb_dopd_peer_can_be_asked("normal", "up", FALSE));
	g_assert_false(hb_dopd_peer_can_be_asked("normal", "dead", FALSE));
	g_assert_false(hb_dopd_peer_can_be_asked("normal", "active", TRUE));
	g_assert_false(hb_dopd_peer_can_be_asked("ping", "ping", FALSE));
	g_assert_false(hb_dopd_peer_can_be_asked(NULL, NULL, FALSE));
}

static void
test_answers_find_who_waits(void)
{
	HbDopdWaiting *waiting = hb_dopd_waiting_new();
	int a, b, c;

	g_assert_true(hb_dopd_waiting_add(waiting, "r0", "Node2", &a));
	g_assert_false(hb_dopd_waiting_add(waiting, "r0", "node3", &b));
	g_assert_true(hb_dopd_waiting_add(waiting, "r1", "node2", &b));
	g_assert_null(hb_dopd_waiting_take(waiting, "r0", "node3"));
	g_assert_true(hb_dopd_waiting_take(waiting, "r0", "node2") == &a);
	g_assert_null(hb_dopd_waiting_take(waiting, "r0", "node2"));
	g_assert_true(hb_dopd_waiting_add(waiting, "r0", "node2", &c));
	hb_dopd_waiting_forget(waiting, &c);
	g_assert_true(hb_dopd_waiting_take_any(waiting, "node2") == &b);
	g_assert_null(hb_dopd_waiting_take_any(waiting, "node2"));
	hb_dopd_waiting_free(waiting);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/dopd/drbdadm", test_codes_of_drbdadm);
	g_test_add_func("/dopd/answers", test_codes_of_answers);
	g_test_add_func("/dopd/resources", test_names_of_resources);
	g_test_add_func("/dopd/peers", test_who_can_be_asked);
	g_test_add_func("/dopd/waiting", test_answers_find_who_waits);
	return g_test_run();
}
