/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/order.h"

static HbOrder order;
static HbRng rng;

static HbOrderVerdict
take(guint64 seq, gint64 now_ms)
{
	return hb_order_accept(&order, seq, 250, now_ms, &rng);
}

static void
start(void)
{
	hb_order_reset(&order);
	hb_rng_init(&rng, 7);
}

static void
test_any_number_is_a_good_first(void)
{
	start();
	g_assert_cmpint(take(4711, 0), ==, HB_ORDER_NEW);
	g_assert_cmpint(take(4711, 0), ==, HB_ORDER_DUPLICATE);
	g_assert_cmpint(take(4710, 0), ==, HB_ORDER_STALE);
	g_assert_cmpuint(hb_order_complete(&order), ==, 4711);
}

static void
test_a_gap_is_asked_for_after_a_while_and_again(void)
{
	start();
	take(1, 0);
	g_assert_cmpint(take(4, 1000), ==, HB_ORDER_NEW);
	g_assert_cmpuint(hb_order_complete(&order), ==, 1);
	g_assert_cmpuint(hb_order_due(&order, 250, 1049), ==, 0);
	g_assert_cmpuint(hb_order_due(&order, 250, 1250), ==, 2);
	g_assert_cmpuint(hb_order_due(&order, 250, 1250), ==, 3);
	g_assert_cmpuint(hb_order_due(&order, 250, 1250), ==, 0);
	g_assert_cmpint(hb_order_deadline_ms(&order), ==, 1500);
	g_assert_cmpint(take(2, 1300), ==, HB_ORDER_NEW);
	g_assert_cmpint(take(2, 1300), ==, HB_ORDER_STALE);
	g_assert_cmpuint(hb_order_due(&order, 250, 1500), ==, 3);
	g_assert_cmpint(hb_order_deadline_ms(&order), ==, 2000);        /* twice as long as the last time */
	g_assert_true(hb_order_give_up(&order, 3));
	g_assert_false(hb_order_give_up(&order, 3));
	g_assert_cmpuint(hb_order_complete(&order), ==, 4);
	g_assert_cmpint(hb_order_deadline_ms(&order), ==, G_MAXINT64);
}

static void
test_questions_never_come_to_an_end_nor_fill_a_line(void)
{
	guint n = 0;

	start();
	take(1, 0);
	take(3, 0);
	for (gint64 now_ms = 0; now_ms <= 600000; now_ms = hb_order_deadline_ms(&order))
		n += hb_order_due(&order, 250, now_ms) == 2;
	g_assert_cmpuint(n, >=, 60);
	g_assert_cmpuint(n, <=, 90);
}

static void
test_a_huge_gap_is_not_asked_for(void)
{
	start();
	take(1, 0);
	take(3, 0);
	g_assert_cmpint(take(400, 0), ==, HB_ORDER_LOST_MANY);
	g_assert_cmpint(hb_order_deadline_ms(&order), ==, G_MAXINT64);
}

static void
test_the_list_of_the_missing_is_bounded(void)
{
	start();
	take(1, 0);
	for (guint64 seq = 3; seq < 2000; seq += 2)
		g_assert_cmpint(take(seq, 0), ==, HB_ORDER_NEW);
	g_assert_cmpuint(order.n_missing, ==, HB_ORDER_MISSING_MAX);
	g_assert_cmpint(take(1998, 0), ==, HB_ORDER_NEW);
	g_assert_cmpint(take(2, 0), ==, HB_ORDER_STALE);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/order/any-number-is-a-good-first", test_any_number_is_a_good_first);
	g_test_add_func("/order/a-gap-is-asked-for", test_a_gap_is_asked_for_after_a_while_and_again);
	g_test_add_func("/order/questions-go-on", test_questions_never_come_to_an_end_nor_fill_a_line);
	g_test_add_func("/order/a-huge-gap-is-not-asked-for", test_a_huge_gap_is_not_asked_for);
	g_test_add_func("/order/the-list-of-the-missing-is-bounded", test_the_list_of_the_missing_is_bounded);
	return g_test_run();
}
