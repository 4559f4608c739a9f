/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "wire/base64.h"
#include "wire/netstring.h"
#include "wire/text.h"

#include "util/banned.h"

static HbMsg *
decode(const char *text)
{
	return hb_text_decode((const guint8 *)text, strlen(text), NULL);
}

static void
add_nested(HbMsg *msg, const char *name, const HbMsg *inner)
{
	g_autoptr(GByteArray) octets = hb_netstring_encode(inner);

	g_assert_true(hb_msg_add(msg, HB_FIELD_STRUCT, name, octets->data, octets->len));
}

/* The octets of heartbeat 3.0.6 for a message of these types. */
static void
test_string_form_is_that_of_306(void)
{
	static const char text[] = ">>>\nt=demo\nempty=\n(1)u=xQAAAAAAAAAAAAAAAAAAAQ==\n"
	                           "(3)lst=3:one,5:two,x,\nn=-5\n(1)b=AAEKPf8=\n<<<\n";
	g_autoptr(HbMsg) msg = decode(text);
	g_autoptr(GByteArray) out = NULL;
	HbField field;

	g_assert_nonnull(msg);
	g_assert_cmpstr(hb_msg_get(msg, "empty"), ==, "");
	g_assert_true(hb_msg_find(msg, "b", &field));
	g_assert_cmpmem(field.value, field.len, "\0\1\n=\xff", 5);
	out = hb_text_encode(msg);
	g_assert_cmpmem(out->data, out->len, text, strlen(text));
}

static void
test_newline_in_a_text_travels_as_0x13(void)
{
	g_autoptr(HbMsg) msg = hb_msg_new();
	g_autoptr(HbMsg) back = NULL;
	g_autoptr(GByteArray) out = NULL;

	g_assert_true(hb_msg_add_string(msg, "nl", "x\ny"));
	g_assert_true(hb_msg_add(msg, HB_FIELD_LIST, "l", "3:a\nb,", 6));
	out = hb_text_encode(msg);
	g_assert_cmpmem(out->data, out->len, ">>>\nnl=x\x13y\n(3)l=3:a\x13""b,\n<<<\n", 27);
	back = hb_text_decode(out->data, out->len, NULL);
	g_assert_cmpstr(hb_msg_get(back, "nl"), ==, "x\ny");
}

static void
test_malformed_texts_are_refused(void)
{
	static const char *const texts[] = {
		"", ">>>", ">>>\n", ">>>\na=b", ">>>\na=b\n", ">>>\na=b\n<<<", "###\na=b\n<<<\n",
		">>>\nab\n<<<\n", ">>>\n=b\n<<<\n", ">>>\n(0)a=b\n<<<\n", ">>>\n(6)a=b\n<<<\n",
		">>>\n(1)a=b\n<<<\n", ">>>\n(1)a=YQ=\n<<<\n", ">>>\n(1)a=Y Q==\n<<<\n",
		">>>\n(3)a=b\n<<<\n", ">>>\n(2)a=b\n<<<\n", ">>>\n(1a=b\n<<<\n", ">>>\n(\n<<<\n",
		">>>\n(1)\n<<<\n", ">>>\na=b\n<<<\nx", " >>>\na=b\n<<<\n",
	};

	for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_test_message("%u", i);
		g_assert_null(decode(texts[i]));
	}
	g_assert_null(hb_text_decode((const guint8 *)">>>\na=\0b\n<<<\n", 13, NULL));
}

static void
test_empty_lines_and_equal_signs_in_values_are_legal(void)
{
	g_autoptr(HbMsg) msg = decode(">>>\n\n\na=b=c\n\n<<<\n");

	g_assert_nonnull(msg);
	g_assert_cmpuint(hb_msg_n_fields(msg), ==, 1);
	g_assert_cmpstr(hb_msg_get(msg, "a"), ==, "b=c");
}

static void
test_what_follows_the_tail_is_left_alone(void)
{
	static const char text[] = ">>>\na=b\n<<<\n>>>\n";
	gsize used;
	g_autoptr(HbMsg) msg = hb_text_decode((const guint8 *)text, strlen(text), &used);

	g_assert_nonnull(msg);
	g_assert_cmpuint(used, ==, 12);
}

static void
test_sixteen_nested_messages_survive_the_string_form(void)
{
	g_autoptr(HbMsg) msg = hb_msg_new();
	g_autoptr(HbMsg) back = NULL;
	g_autoptr(GByteArray) text = NULL;
	g_autoptr(GByteArray) octets = NULL;
	g_autoptr(GByteArray) back_octets = NULL;

	g_assert_true(hb_msg_add_string(msg, "nl", "x\ny"));
	for (guint i = 0; i < HB_MSG_DEPTH_MAX; i++) {
		HbMsg *outer = hb_msg_new();

		g_assert_true(hb_msg_add_string(outer, "before", "1"));
		add_nested(outer, "m", msg);
		g_assert_true(hb_msg_add(outer, HB_FIELD_BINARY, "after", "\0\n", 2));
		hb_msg_free(msg);
		msg = outer;
	}
	text = hb_text_encode(msg);
	g_assert_nonnull(text);
	back = hb_text_decode(text->data, text->len, NULL);
	g_assert_nonnull(back);
	octets = hb_netstring_encode(msg);
	back_octets = hb_netstring_encode(back);
	g_assert_cmpmem(octets->data, octets->len, back_octets->data, back_octets->len);
}

static void
test_line_ends_of_nested_messages_are_those_of_their_depth(void)
{
	static const char text[] = ">>>\n(2)m=>>>\x14(2)m=>>>\x15" "a=v\x15<<<\x15\x14<<<\x14\n<<<\n";
	g_autoptr(HbMsg) msg = decode(text);
	g_autoptr(GByteArray) octets = NULL;
	g_autoptr(GByteArray) out = NULL;
	static const char expected[] = "###\n39:(2)m=###\n22:(2)m=###\n6:(0)a=v,%%%\n,%%%\n,%%%\n";

	g_assert_nonnull(msg);
	octets = hb_netstring_encode(msg);
	g_assert_cmpmem(octets->data, octets->len, expected, strlen(expected));
	out = hb_text_encode(msg);
	g_assert_cmpmem(out->data, out->len, text, strlen(text));
}

static void
test_deeper_nesting_is_refused(void)
{
	static const char ends[] = "\n\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f\x0f\x10\x11\x12";
	g_autoptr(GString) text = g_string_new(NULL);

	for (guint i = 0; i <= HB_MSG_DEPTH_MAX; i++)
		g_string_append_printf(text, ">>>%c(2)m=", ends[i]);
	g_string_append(text, ">>>\x05<<<\x05");
	for (guint i = HB_MSG_DEPTH_MAX + 1; i-- > 0;)
		g_string_append_printf(text, "%c<<<%c", ends[i], ends[i]);
	g_assert_null(decode(text->str));
}

static void
test_nested_text_with_a_line_end_of_its_depth_cannot_be_said(void)
{
	g_autoptr(HbMsg) inner = hb_msg_new();
	g_autoptr(HbMsg) msg = hb_msg_new();
	g_autoptr(HbMsg) plain = hb_msg_new();
	g_autoptr(GByteArray) out = NULL;

	g_assert_true(hb_msg_add_string(inner, "a", "x\x14y"));
	add_nested(msg, "m", inner);
	g_assert_null(hb_text_encode(msg));
	g_assert_true(hb_msg_add_string(plain, "a", "x\x14y"));
	out = hb_text_encode(plain);
	g_assert_nonnull(out);
}

static void
test_base64_has_one_text_for_each_value(void)
{
	static const struct {
		const char *plain;
		const char *text;
	} good[] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "\xff\xff\xfe", "///+" },
	};
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "====", "Zm=v", "Z===" };

	for (guint i = 0; i < G_N_ELEMENTS(good); i++) {
		g_autoptr(GByteArray) text = g_byte_array_new();
		g_autoptr(GByteArray) plain = g_byte_array_new();

		hb_base64_put(text, (const guint8 *)good[i].plain, strlen(good[i].plain));
		g_assert_cmpmem(text->data, text->len, good[i].text, strlen(good[i].text));
		g_assert_true(hb_base64_get(plain, text->data, text->len));
		g_assert_cmpmem(plain->data, plain->len, good[i].plain, strlen(good[i].plain));
	}
	for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autoptr(GByteArray) plain = g_byte_array_new();

		g_assert_false(hb_base64_get(plain, (const guint8 *)bad[i], strlen(bad[i])));
	}
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/text/string_form_is_that_of_306", test_string_form_is_that_of_306);
	g_test_add_func("/text/newline_in_a_text_travels_as_0x13", test_newline_in_a_text_travels_as_0x13);
	g_test_add_func("/text/malformed_texts_are_refused", test_malformed_texts_are_refused);
	g_test_add_func("/text/empty_lines_and_equal_signs_in_values_are_legal",
	                test_empty_lines_and_equal_signs_in_values_are_legal);
	g_test_add_func("/text/what_follows_the_tail_is_left_alone", test_what_follows_the_tail_is_left_alone);
	g_test_add_func("/text/sixteen_nested_messages_survive_the_string_form",
	                test_sixteen_nested_messages_survive_the_string_form);
	g_test_add_func("/text/line_ends_of_nested_messages_are_those_of_their_depth",
	                test_line_ends_of_nested_messages_are_those_of_their_depth);
	g_test_add_func("/text/deeper_nesting_is_refused", test_deeper_nesting_is_refused);
	g_test_add_func("/text/nested_text_with_a_line_end_of_its_depth_cannot_be_said",
	                test_nested_text_with_a_line_end_of_its_depth_cannot_be_said);
	g_test_add_func("/text/base64_has_one_text_for_each_value", test_base64_has_one_text_for_each_value);
	return g_test_run();
}
