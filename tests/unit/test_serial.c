/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_serial.c - messages out of the octets of a line, and packets that wait for one. */
#include <errno.h>
#include <string.h>

#include <glib.h>

#include "media/serial_in.h"
#include "media/serial_out.h"

#include "util/banned.h"

#define A ">>>\nt=a\n<<<\n"
#define B ">>>\nt=b\n<<<\n"

/* All messages that come out when @text comes in pieces of @step, with '|' behind each. */
static char *
messages(const char *text, gsize len, gsize step)
{
	GString *out = g_string_new(NULL);
	hb_serial_in in = { 0 };
	static char buf[HB_SERIAL_MSG_MAX + 1];

	for (gsize at = 0; at < len; at += step) {
		gsize n = MIN(step, len - at);
		ssize_t got;

		memcpy(hb_serial_in_room(&in), text + at, n);
		hb_serial_in_added(&in, n);
		while ((got = hb_serial_in_next(&in, buf, sizeof buf)) >= 0) {
			g_string_append_len(out, buf, got);
			g_string_append_c(out, '|');
		}
	}
	hb_serial_in_clear(&in);
	return g_string_free(out, FALSE);
}

static void
test_messages_are_found_in_whatever_comes(void)
{
	static const struct {
		const char *comes, *found;
	} cases[] = {
		{ A, A "|" },
		{ A B, A "|" B "|" },
		{ "\n" A "\n\n" B, A "|" B "|" },
		{ "noise\n" A, A "|" },
		{ "half a li" A, A "|" },
		{ "t=x\nauth=1 3\n<<<\n" A, A "|" },
		{ "<<<\n<<<\n" A, A "|" },
		{ ">>>\nt=half" A, ">>>\nt=half>>>\nt=a\n<<<\n|" },      /* its signature will tell */
		{ ">>>\nt=half\n" A, A "|" },
		{ A "\x80\xff\x01\n" B, A "|" B "|" },
		{ ">>>\nx=ends so>>>\n<<<\n", ">>>\nx=ends so>>>\n<<<\n|" },
		{ ">>>\r\nt=a\r\n<<<\r\n", ">>>\r\nt=a\r\n<<<\r\n|" },
		{ ">>>\nnever ends\n", "" },
		{ "", "" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		for (gsize step = 1; step < 20; step++) {
			g_autofree char *found = messages(cases[i].comes, strlen(cases[i].comes), step);

			g_assert_cmpstr(found, ==, cases[i].found);
		}
}

static void
test_noise_without_end_costs_no_memory_and_no_message(void)
{
	gsize len = 600000;
	g_autofree char *noise = g_malloc(len + sizeof A + 1);
	g_autofree char *found = NULL;

	memset(noise, 'x', len);
	memcpy(noise + len, "\n" A, sizeof A);
	found = messages(noise, len + sizeof A, HB_SERIAL_CHUNK_MAX);
	g_assert_cmpstr(found, ==, A "|");
}

static void
test_a_message_too_long_is_dropped_and_the_next_is_found(void)
{
	gsize len = HB_SERIAL_MSG_MAX + 5000;
	g_autoptr(GString) text = g_string_new(">>>\nx=");
	g_autofree char *found = NULL;

	while (text->len < len)
		g_string_append_c(text, 'x');
	g_string_append(text, "\n<<<\n" A);
	found = messages(text->str, text->len, HB_SERIAL_CHUNK_MAX);
	g_assert_cmpstr(found, ==, A "|");
}

static void
test_the_longest_message_is_read_whole(void)
{
	g_autoptr(GString) text = g_string_new(">>>\nx=");
	g_autofree char *found = NULL;

	while (text->len < HB_SERIAL_MSG_MAX - 5)
		g_string_append_c(text, 'x');
	g_string_append(text, "\n<<<\n");
	g_assert_cmpuint(text->len, ==, HB_SERIAL_MSG_MAX);
	found = messages(text->str, text->len, 700);
	g_assert_cmpuint(strlen(found), ==, HB_SERIAL_MSG_MAX + 1);
}

/* ---- out ---- */

static int
add(hb_serial_out *out, const char *type, guint number, gsize len)
{
	g_autoptr(GString) text = g_string_new(NULL);

	g_string_printf(text, ">>>\nt=%s\nn=%u\nseq=%x\nx=", type, number, number);
	while (text->len + 5 < len)
		g_string_append_c(text, 'x');
	g_string_append(text, "\n<<<\n");
	return hb_serial_out_add(out, text->str, text->len);
}

static void
take_ready(hb_serial_out *out, gint64 now_ms, GString *sent)
{
	const void *data;
	gsize len;

	while ((len = hb_serial_out_ready(out, now_ms, &data)) > 0) {
		g_string_append_len(sent, data, (gssize)len);
		hb_serial_out_wrote(out, len);
	}
}

/* What goes out until nothing waits, and how long that takes. */
static char *
run_dry(hb_serial_out *out, gint64 *now_ms)
{
	GString *sent = g_string_new(NULL);

	for (;;) {
		int wait_ms;

		take_ready(out, *now_ms, sent);
		wait_ms = hb_serial_out_wait_ms(out);
		if (wait_ms == 0)
			return g_string_free(sent, FALSE);
		*now_ms += wait_ms;
	}
}

/* Of what waits in @out both go out in the end. Clears it. */
static void
assert_both_go_out(hb_serial_out *out, const char *one, const char *other)
{
	gint64 now_ms = 0;
	g_autofree char *sent = run_dry(out, &now_ms);

	g_assert_nonnull(strstr(sent, one));
	g_assert_nonnull(strstr(sent, other));
	hb_serial_out_clear(out);
}

static void
test_packets_go_in_order_as_fast_as_the_line(void)
{
	gint64 now_ms = 1000;
	g_autofree char *sent = NULL;
	hb_serial_out out;

	hb_serial_out_init(&out, 9600, 0);
	for (guint i = 0; i < 5; i++)
		g_assert_cmpint(add(&out, "client", i, 700), ==, 0);
	sent = run_dry(&out, &now_ms);
	g_assert_cmpuint(strlen(sent), ==, 3501);
	g_assert_true(g_str_has_prefix(sent, "\n>>>\n"));
	for (guint i = 0; i < 5; i++) {
		g_autofree char *number = g_strdup_printf("\nn=%u\n", i);

		g_assert_nonnull(strstr(sent + i * 700, number));
	}
	/* 3501 octets at 960 in a second, of which a quarter of a second goes in advance */
	g_assert_cmpint(now_ms, >=, 1000 + 3501 * 1000 / 960 - 250);
	g_assert_cmpint(now_ms, <=, 1000 + 3501 * 1000 / 960 + 250);
	hb_serial_out_clear(&out);
}

static void
test_when_the_line_is_too_slow_the_newest_status_goes(void)
{
	gint64 now_ms = 0;
	g_autofree char *sent = NULL;
	hb_serial_out out;
	int last = 0;

	hb_serial_out_init(&out, 9600, 0);
	g_assert_cmpint(add(&out, "resource", 1000, 300), ==, 0);
	for (guint i = 0; i < 100; i++)
		last = add(&out, "status", i, 600);
	g_assert_cmpint(last, ==, -ENOBUFS);
	g_assert_cmpuint(out.n_waiting, <=, HB_SERIAL_QUEUE_MIN);
	sent = run_dry(&out, &now_ms);
	g_assert_nonnull(strstr(sent, "\nn=99\n"));
	g_assert_nonnull(strstr(sent, "\nn=1000\n"));   /* no status says it again */
	g_assert_null(strstr(sent, "\nn=50\n"));
	hb_serial_out_clear(&out);
}

static void
test_an_old_status_that_is_sent_again_is_not_the_newest(void)
{
	gint64 now_ms = 0;
	g_autofree char *sent = NULL;
	hb_serial_out out;

	hb_serial_out_init(&out, 9600, 0);
	g_assert_cmpint(add(&out, "status", 0x100, 600), ==, 0);
	g_assert_cmpint(add(&out, "status", 0xff, 600), ==, -ENOBUFS);
	g_assert_cmpint(add(&out, "status", 0x101, 600), ==, -ENOBUFS);
	sent = run_dry(&out, &now_ms);
	g_assert_nonnull(strstr(sent, "seq=101\n"));
	g_assert_null(strstr(sent, "seq=ff\n"));
	g_assert_null(strstr(sent, "seq=100\n"));
	hb_serial_out_clear(&out);
}

static void
test_a_flood_of_others_does_not_push_out_the_newest_status(void)
{
	hb_serial_out out;

	hb_serial_out_init(&out, 9600, 0);
	g_assert_cmpint(add(&out, "status", 7777, 600), ==, 0);
	for (guint i = 0; i < 100; i++)
		(void)add(&out, "client", i, 600);
	g_assert_cmpuint(out.n_waiting, <=, HB_SERIAL_QUEUE_MIN);
	assert_both_go_out(&out, "\nn=7777\n", "\nn=99\n");
}

static void
test_questions_for_what_is_missing_go_before_anything_else_is_lost(void)
{
	hb_serial_out out;

	hb_serial_out_init(&out, 9600, 0);
	for (guint i = 0; i < 20; i++)
		(void)add(&out, "NS_rexmit", i, 200);
	(void)add(&out, "client", 100, 500);
	(void)add(&out, "client", 101, 500);
	g_assert_cmpuint(out.n_waiting, <=, 1100);
	assert_both_go_out(&out, "\nn=100\n", "\nn=101\n");
}

/* Of a line that carries half of what is to be said, one second after the other. */
static void
test_on_a_line_that_is_always_behind_a_status_gets_through(void)
{
	gint64 now_ms = 0;
	g_autoptr(GString) sent = g_string_new(NULL);
	hb_serial_out out;

	hb_serial_out_init(&out, 9600, 0);
	for (guint i = 0; i < 80; i++) {
		(void)add(&out, "client", i, 250);
		(void)add(&out, "status", 1000 + i, 250);
		now_ms += 250;
		take_ready(&out, now_ms, sent);
	}
	for (guint i = 0; i < 4; i++)   /* five seconds each */
		g_assert_nonnull(strstr(sent->str + sent->len / 4 * i, "\nt=status\n"));
	g_assert_nonnull(strstr(sent->str + sent->len / 8 * 7, "\nt=status\n"));
	hb_serial_out_clear(&out);
}

static void
test_a_packet_longer_than_the_line_bears_is_refused(void)
{
	hb_serial_out out;

	hb_serial_out_init(&out, 9600, 0);
	g_assert_cmpint(add(&out, "client", 1, HB_SERIAL_QUEUE_MIN), ==, -EMSGSIZE);
	g_assert_cmpuint(out.n_waiting, ==, 0);
	g_assert_cmpint(hb_serial_out_wait_ms(&out), ==, 0);
	hb_serial_out_init(&out, 115200, 0);
	g_assert_cmpint(add(&out, "client", 1, 20000), ==, 0);
	hb_serial_out_clear(&out);
}

static void
test_after_a_stall_half_a_packet_is_ended_and_the_newest_status_follows(void)
{
	gint64 now_ms = 1000;
	g_autofree char *sent = NULL;
	hb_serial_out out;
	const void *data;

	hb_serial_out_init(&out, 9600, 0);
	for (guint i = 0; i < 4; i++)
		g_assert_cmpint(add(&out, i == 3 ? "client" : "status", i, 200), ==, 0);
	g_assert_cmpuint(hb_serial_out_ready(&out, now_ms, &data), ==, 201);
	hb_serial_out_wrote(&out, 100);
	hb_serial_out_stalled(&out);
	g_assert_cmpint(add(&out, "status", 9, 600), ==, 0);
	sent = run_dry(&out, &now_ms);
	g_assert_null(strstr(sent, "n=0"));
	g_assert_null(strstr(sent, "n=1"));
	g_assert_nonnull(strstr(sent, "n=2"));
	g_assert_null(strstr(sent, "n=3"));
	g_assert_nonnull(strstr(sent, "\n\n>>>\nt=status\nn=9"));
	hb_serial_out_clear(&out);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/serial_in/messages_are_found_in_whatever_comes", test_messages_are_found_in_whatever_comes);
	g_test_add_func("/serial_in/noise_without_end_costs_no_memory_and_no_message",
	                test_noise_without_end_costs_no_memory_and_no_message);
	g_test_add_func("/serial_in/a_message_too_long_is_dropped_and_the_next_is_found",
	                test_a_message_too_long_is_dropped_and_the_next_is_found);
	g_test_add_func("/serial_in/the_longest_message_is_read_whole", test_the_longest_message_is_read_whole);
	g_test_add_func("/serial_out/packets_go_in_order_as_fast_as_the_line",
	                test_packets_go_in_order_as_fast_as_the_line);
	g_test_add_func("/serial_out/when_the_line_is_too_slow_the_newest_status_goes",
	                test_when_the_line_is_too_slow_the_newest_status_goes);
	g_test_add_func("/serial_out/an_old_status_that_is_sent_again_is_not_the_newest",
	                test_an_old_status_that_is_sent_again_is_not_the_newest);
	g_test_add_func("/serial_out/a_flood_of_others_does_not_push_out_the_newest_status",
	                test_a_flood_of_others_does_not_push_out_the_newest_status);
	g_test_add_func("/serial_out/questions_for_what_is_missing_go_first",
	                test_questions_for_what_is_missing_go_before_anything_else_is_lost);
	g_test_add_func("/serial_out/a_status_gets_through_a_line_that_is_always_behind",
	                test_on_a_line_that_is_always_behind_a_status_gets_through);
	g_test_add_func("/serial_out/a_packet_longer_than_the_line_bears_is_refused",
	                test_a_packet_longer_than_the_line_bears_is_refused);
	g_test_add_func("/serial_out/after_a_stall_half_a_packet_is_ended_and_the_newest_status_follows",
	                test_after_a_stall_half_a_packet_is_ended_and_the_newest_status_follows);
	return g_test_run();
}
