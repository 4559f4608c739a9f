/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include <glib.h>

#include "wire/msg.h"
#include "wire/netstring.h"

#include "util/banned.h"

static void
test_order_and_duplicates_are_kept(void)
{
	g_autoptr(HbMsg) msg = hb_msg_new();
	HbField field;

	g_assert_true(hb_msg_add_string(msg, "b", "1"));
	g_assert_true(hb_msg_add(msg, HB_FIELD_BINARY, "a", "x\0y", 3));
	g_assert_true(hb_msg_add_string(msg, "b", "2"));
	g_assert_cmpuint(hb_msg_n_fields(msg), ==, 3);
	g_assert_cmpstr(hb_msg_field(msg, 2).name, ==, "b");
	g_assert_cmpstr((const char *)hb_msg_field(msg, 2).value, ==, "2");
	g_assert_cmpstr(hb_msg_get(msg, "b"), ==, "1");
	g_assert_true(hb_msg_find(msg, "a", &field));
	g_assert_cmpmem(field.value, field.len, "x\0y", 3);
	g_assert_null(hb_msg_get(msg, "a"));
	g_assert_null(hb_msg_get(msg, "c"));
	g_assert_false(hb_msg_find(msg, "c", &field));
}

static void
test_numbers_have_no_prefix_and_no_padding(void)
{
	g_autoptr(HbMsg) msg = hb_msg_new();

	g_assert_true(hb_msg_add_hex(msg, "x", 0xbb8));
	g_assert_true(hb_msg_add_dec(msg, "d", 3000));
	g_assert_true(hb_msg_add_hex(msg, "most", G_MAXUINT64));
	g_assert_true(hb_msg_add_dec(msg, "zero", 0));
	g_assert_cmpstr(hb_msg_get(msg, "x"), ==, "bb8");
	g_assert_cmpstr(hb_msg_get(msg, "d"), ==, "3000");
	g_assert_cmpstr(hb_msg_get(msg, "most"), ==, "ffffffffffffffff");
	g_assert_cmpstr(hb_msg_get(msg, "zero"), ==, "0");
}

static void
test_illegal_names_are_refused(void)
{
	static const char *const names[] = { "", "a=b", "=", "a\nb", "(1)a", "(", "a\x7f" };
	g_autoptr(HbMsg) msg = hb_msg_new();
	g_autofree char *name = g_strnfill(HB_MSG_NAME_MAX + 1, 'n');

	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		g_assert_false(hb_msg_add_string(msg, names[i], "v"));
	g_assert_false(hb_msg_add_string(msg, name, "v"));
	g_assert_cmpuint(hb_msg_n_fields(msg), ==, 0);
	name[HB_MSG_NAME_MAX] = '\0';
	g_assert_true(hb_msg_add_string(msg, name, "v"));
	g_assert_true(hb_msg_add_string(msg, "a (1)", ""));
}

static void
test_values_that_do_not_fit_their_type_are_refused(void)
{
	static const char *const lists[] = { "1:a", "0:,", "1:ab,", "2:a,", "01:a,", ":,", "1:a,x", "-1:a," };
	static const char *const structs[] = {
		"", "###\n", "###\n%%%", "%%%\n", "###\n%%%\nx", "###\n4:(0)a,%%%\n", "###\n5:(6)a=,%%%\n",
		"###\n5:(0)=v,%%%\n", "###\n06:(0)a=v,%%%\n", "###\n6:(0)a=v;%%%\n", "###\n9:(0)a=v,%%%\n",
		"###\n6:(3)a=v,%%%\n", ">>>\na=v\n<<<\n",
	};
	g_autoptr(HbMsg) msg = hb_msg_new();

	g_assert_false(hb_msg_add(msg, HB_FIELD_STRING, "s", "a\0b", 3));
	for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
		g_assert_false(hb_msg_add(msg, HB_FIELD_LIST, "l", lists[i], strlen(lists[i])));
	for (guint i = 0; i < G_N_ELEMENTS(structs); i++)
		g_assert_false(hb_msg_add(msg, HB_FIELD_STRUCT, "m", structs[i], strlen(structs[i])));
	g_assert_cmpuint(hb_msg_n_fields(msg), ==, 0);
	g_assert_true(hb_msg_add(msg, HB_FIELD_LIST, "l", "3:one,5:two,x,", 14));
	g_assert_true(hb_msg_add(msg, HB_FIELD_LIST, "l", "", 0));
	g_assert_true(hb_msg_add(msg, HB_FIELD_STRUCT, "m", "###\n6:(0)a=v,%%%\n", 17));
	g_assert_true(hb_msg_add(msg, HB_FIELD_STRUCT, "m", "###\n%%%\n", 8));
	g_assert_true(hb_msg_add(msg, HB_FIELD_BINARY, "b", NULL, 0));
}

/* (transfer full) A message with @depth messages in it, one inside the other; NULL: refused. */
static HbMsg *
nested(guint depth)
{
	g_autoptr(HbMsg) msg = hb_msg_new();

	g_assert_true(hb_msg_add_string(msg, "a", "v"));
	for (guint i = 0; i < depth; i++) {
		g_autoptr(GByteArray) octets = hb_netstring_encode(msg);
		g_autoptr(HbMsg) outer = hb_msg_new();

		if (!hb_msg_add(outer, HB_FIELD_STRUCT, "m", octets->data, octets->len))
			return NULL;
		hb_msg_free(msg);
		msg = g_steal_pointer(&outer);
	}
	return g_steal_pointer(&msg);
}

static void
test_sixteen_levels_may_be_nested_and_no_more(void)
{
	g_autoptr(HbMsg) deepest = nested(HB_MSG_DEPTH_MAX);

	g_assert_nonnull(deepest);
	g_assert_null(nested(HB_MSG_DEPTH_MAX + 1));
}

static void
test_limits_on_fields_and_octets_hold(void)
{
	g_autoptr(HbMsg) many = hb_msg_new();
	g_autoptr(HbMsg) large = hb_msg_new();
	g_autofree char *value = g_strnfill(HB_MSG_INFLATED_MAX, 'v');
	gsize len;

	for (guint i = 0; i < HB_MSG_FIELDS_MAX; i++)
		g_assert_true(hb_msg_add_string(many, "a", "v"));
	g_assert_false(hb_msg_add_string(many, "a", "v"));

	g_assert_false(hb_msg_add_string(large, "a", value));
	value[HB_MSG_INFLATED_MAX - 100] = '\0';
	g_assert_true(hb_msg_add_string(large, "a", value));
	len = hb_msg_netstring_len(large);
	g_assert_false(hb_msg_add_string(large, "b", value));
	g_assert_cmpuint(hb_msg_netstring_len(large), ==, len);
	g_assert_cmpuint(hb_msg_n_fields(large), ==, 1);
}

static void
test_values_stay_where_they_are_while_fields_are_added(void)
{
	g_autoptr(HbMsg) msg = hb_msg_new();
	const char *first;

	g_assert_true(hb_msg_add_string(msg, "first", "value"));
	first = hb_msg_get(msg, "first");
	for (guint i = 1; i < HB_MSG_FIELDS_MAX; i++)
		g_assert_true(hb_msg_add_string(msg, "copy", hb_msg_get(msg, "first")));
	g_assert_true(first == hb_msg_get(msg, "first"));
	g_assert_cmpstr((const char *)hb_msg_field(msg, HB_MSG_FIELDS_MAX - 1).value, ==, "value");
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/msg/order_and_duplicates_are_kept", test_order_and_duplicates_are_kept);
	g_test_add_func("/msg/numbers_have_no_prefix_and_no_padding",
	                test_numbers_have_no_prefix_and_no_padding);
	g_test_add_func("/msg/illegal_names_are_refused", test_illegal_names_are_refused);
	g_test_add_func("/msg/values_that_do_not_fit_their_type_are_refused",
	                test_values_that_do_not_fit_their_type_are_refused);
	g_test_add_func("/msg/sixteen_levels_may_be_nested_and_no_more",
	                test_sixteen_levels_may_be_nested_and_no_more);
	g_test_add_func("/msg/limits_on_fields_and_octets_hold", test_limits_on_fields_and_octets_hold);
	g_test_add_func("/msg/values_stay_where_they_are_while_fields_are_added",
	                test_values_stay_where_they_are_while_fields_are_added);
	return g_test_run();
}
