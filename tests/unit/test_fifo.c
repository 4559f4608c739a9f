/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "wire/fifo.h"

#include "util/banned.h"

static void
feed(HbFifoReader *reader, const char *text)
{
	hb_fifo_reader_feed(reader, (const guint8 *)text, strlen(text));
}

/* The types of all messages read so far, with a blank behind each. */
static char *
types_read(HbFifoReader *reader)
{
	GString *types = g_string_new(NULL);
	HbMsg *msg;

	while ((msg = hb_fifo_reader_next(reader)) != NULL) {
		const char *type = hb_msg_get(msg, "t");

		g_string_append_printf(types, "%s ", type != NULL ? type : "?");
		hb_msg_free(msg);
	}
	return g_string_free(types, FALSE);
}

static void
test_any_cut_gives_the_same_messages(void)
{
	static const char text[] = ">>>\nt=a\n<<<\njunk\n>>>\nt=b\ninfo=me\n<<<\n";

	for (gsize cut = 0; cut <= strlen(text); cut++) {
		g_autoptr(HbFifoReader) reader = hb_fifo_reader_new();
		g_autofree char *types = NULL;

		hb_fifo_reader_feed(reader, (const guint8 *)text, cut);
		hb_fifo_reader_feed(reader, (const guint8 *)text + cut, strlen(text) - cut);
		types = types_read(reader);
		g_assert_cmpstr(types, ==, "a b ");
		g_assert_cmpuint(hb_fifo_reader_n_bad(reader), ==, 0);
	}
}

static void
test_reader_finds_back_after_damage(void)
{
	static const struct {
		const char *text;
		const char *types;
		guint64 n_bad;
	} cases[] = {
		{ "noise\n\n===\n<<<\n>>>\nt=a\n<<<\n", "a ", 0 },
		{ ">>>\nt=lost\n>>>\nt=a\n<<<\n", "a ", 1 },               /* writer died after a line */
		{ ">>>\nt=lo>>>\nt=a\n<<<\n", "a ", 1 },                   /* writer died inside a line */
		{ "rsc_ho>>>\nt=a\n<<<\n", "a ", 0 },                      /* left over from before */
		{ ">>>\n>>>\nt=a\n<<<\nt=b\n<<<\n", "a ", 1 },             /* two writers mixed */
		{ ">>>\nno equal sign\n<<<\n>>>\nt=a\n<<<\n", "a ", 1 },
		{ ">>>\n(1)u=?\n<<<\n>>>\nt=a\n<<<\n", "a ", 1 },
		{ ">>>\n<<<\n>>>\nt=a\n<<<\n", "? a ", 0 },                /* empty is a message */
	};

	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(HbFifoReader) reader = hb_fifo_reader_new();
		g_autofree char *types = NULL;

		g_test_message("%u", i);
		feed(reader, cases[i].text);
		types = types_read(reader);
		g_assert_cmpstr(types, ==, cases[i].types);
		g_assert_cmpuint(hb_fifo_reader_n_bad(reader), ==, cases[i].n_bad);
	}
}

static void
test_nul_behind_a_message_is_ignored(void)
{
	g_autoptr(HbFifoReader) reader = hb_fifo_reader_new();
	g_autofree char *types = NULL;

	hb_fifo_reader_feed(reader, (const guint8 *)">>>\nt=a\n<<<\n\0>>>\nt=b\n<<<\n\0", 26);
	types = types_read(reader);
	g_assert_cmpstr(types, ==, "a b ");
}

static void
test_endless_input_is_dropped(void)
{
	g_autoptr(HbFifoReader) reader = hb_fifo_reader_new();
	g_autofree char *line = g_strnfill(6000, 'x');
	g_autofree char *types = NULL;

	feed(reader, ">>>\nt=");
	feed(reader, line);
	feed(reader, line);
	feed(reader, "\n<<<\n");
	g_assert_cmpuint(hb_fifo_reader_n_bad(reader), ==, 1);
	line[1000] = '\0';
	feed(reader, ">>>\n");
	for (guint i = 0; i < 100; i++) {
		feed(reader, "a=");
		feed(reader, line);
		feed(reader, "\n");
	}
	feed(reader, "<<<\n");
	g_assert_cmpuint(hb_fifo_reader_n_bad(reader), ==, 2);
	feed(reader, ">>>\nt=a\n<<<\n");
	types = types_read(reader);
	g_assert_cmpstr(types, ==, "a ");
}

static void
test_encoded_message_is_read_back(void)
{
	g_autoptr(HbFifoReader) reader = hb_fifo_reader_new();
	g_autoptr(HbMsg) msg = hb_msg_new();
	g_autoptr(HbMsg) back = NULL;
	g_autoptr(GByteArray) out = NULL;

	g_assert_true(hb_msg_add_string(msg, "t", "ask_resources"));
	g_assert_true(hb_msg_add_string(msg, "rsc_hold", "all"));
	g_assert_true(hb_msg_add_string(msg, "info", "me"));
	out = hb_fifo_encode(msg);
	g_assert_cmpmem(out->data, out->len, ">>>\nt=ask_resources\nrsc_hold=all\ninfo=me\n<<<\n", 45);
	hb_fifo_reader_feed(reader, out->data, out->len);
	back = hb_fifo_reader_next(reader);
	g_assert_nonnull(back);
	g_assert_cmpstr(hb_msg_get(back, "info"), ==, "me");
	g_assert_null(hb_fifo_reader_next(reader));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/fifo/any_cut_gives_the_same_messages", test_any_cut_gives_the_same_messages);
	g_test_add_func("/fifo/reader_finds_back_after_damage", test_reader_finds_back_after_damage);
	g_test_add_func("/fifo/nul_behind_a_message_is_ignored", test_nul_behind_a_message_is_ignored);
	g_test_add_func("/fifo/endless_input_is_dropped", test_endless_input_is_dropped);
	g_test_add_func("/fifo/encoded_message_is_read_back", test_encoded_message_is_read_back);
	return g_test_run();
}
