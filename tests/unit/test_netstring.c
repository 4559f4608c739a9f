/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "wire/netscan.h"
#include "wire/netstring.h"

#include "util/banned.h"

static HbMsg *
decode(const char *octets)
{
	return hb_netstring_decode((const guint8 *)octets, strlen(octets), NULL);
}

/* The octets of heartbeat 3.0.6 for a message with a nested one. */
static void
test_netstring_form_is_that_of_306(void)
{
	static const char octets[] = "###\n9:(0)t=demo,9:(0)empty=,21:(3)lst=3:one,5:two,x,,7:(0)n=-5,"
	                             "36:(2)sub=###\n6:(0)a=1,9:(0)nl=x\ny,%%%\n,%%%\n";
	g_autoptr(HbMsg) msg = decode(octets);
	g_autoptr(GByteArray) out = NULL;
	HbField field;

	g_assert_nonnull(msg);
	g_assert_true(hb_msg_find(msg, "sub", &field));
	g_assert_cmpint(field.type, ==, HB_FIELD_STRUCT);
	g_assert_cmpmem(field.value, field.len, "###\n6:(0)a=1,9:(0)nl=x\ny,%%%\n", 29);
	out = hb_netstring_encode(msg);
	g_assert_cmpmem(out->data, out->len, octets, strlen(octets));
	g_assert_cmpuint(hb_msg_netstring_len(msg), ==, out->len);
}

static void
test_malformed_octets_are_refused(void)
{
	static const char *const octets[] = {
		"", "#", "###", "###\n", "###\n%%%", "%%%\n", "##\n%%%\n", "###\r%%%\n",
		"###\n6:(0)a=v%%%\n", "###\n7:(0)a=v,%%%\n", "###\n5:(0)a=v,%%%\n", "###\n06:(0)a=v,%%%\n",
		"###\n6:(7)a=v,%%%\n", "###\n6:(x)a=v,%%%\n", "###\n6:[0]a=v,%%%\n", "###\n6:(0)=av,%%%\n",
		"###\n6:(0)abc,%%%\n", "###\n4:(0)a,%%%\n", "###\n3:(0),%%%\n", "###\n0:,%%%\n",
		"###\n99999999999999999999:(0)a=v,%%%\n", "###\n-6:(0)a=v,%%%\n", "###\n 6:(0)a=v,%%%\n",
		"###\n6:(0)a=v,\n%%%\n", "###\n6:(2)a=v,%%%\n", "###\n6:(3)a=v,%%%\n", "###\n%%%\nx",
	};

	for (guint i = 0; i < G_N_ELEMENTS(octets); i++) {
		g_test_message("%u", i);
		g_assert_null(decode(octets[i]));
	}
}

static void
test_a_nul_in_a_string_is_refused_and_in_a_binary_kept(void)
{
	static const char string[] = "###\n8:(0)a=x\0y,%%%\n";
	static const char binary[] = "###\n8:(1)a=x\0y,%%%\n";
	g_autoptr(HbMsg) msg = NULL;

	g_assert_null(hb_netstring_decode((const guint8 *)string, sizeof string - 1, NULL));
	msg = hb_netstring_decode((const guint8 *)binary, sizeof binary - 1, NULL);
	g_assert_nonnull(msg);
	g_assert_cmpuint(hb_msg_field(msg, 0).len, ==, 3);
}

static void
test_extent_ends_with_the_tail(void)
{
	static const char octets[] = "###\n6:(0)a=v,%%%\n42:1 2a95";
	gsize used;
	g_autoptr(HbMsg) msg = hb_netstring_decode((const guint8 *)octets, strlen(octets), &used);

	g_assert_nonnull(msg);
	g_assert_cmpuint(used, ==, 17);
	g_assert_cmpuint(hb_netscan_extent((const guint8 *)octets, strlen(octets)), ==, 17);
	g_assert_cmpuint(hb_netscan_extent((const guint8 *)octets, 16), ==, 0);
}

/* A tail inside a value is value. */
static void
test_marks_inside_values_do_not_end_the_message(void)
{
	g_autoptr(HbMsg) msg = decode("###\n13:(0)a=%%%\n###\n,%%%\n");

	g_assert_nonnull(msg);
	g_assert_cmpstr(hb_msg_get(msg, "a"), ==, "%%%\n###\n");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/netstring/netstring_form_is_that_of_306", test_netstring_form_is_that_of_306);
	g_test_add_func("/netstring/malformed_octets_are_refused", test_malformed_octets_are_refused);
	g_test_add_func("/netstring/a_nul_in_a_string_is_refused_and_in_a_binary_kept",
	                test_a_nul_in_a_string_is_refused_and_in_a_binary_kept);
	g_test_add_func("/netstring/extent_ends_with_the_tail", test_extent_ends_with_the_tail);
	g_test_add_func("/netstring/marks_inside_values_do_not_end_the_message",
	                test_marks_inside_values_do_not_end_the_message);
	return g_test_run();
}
