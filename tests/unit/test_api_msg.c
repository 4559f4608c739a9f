/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every function of ha_msg.h and cl_uuid.h that needs no channel. */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include <ha_msg.h>

#include "util/banned.h"

static void
test_fields_are_added_and_found(void)
{
	struct ha_msg *msg = ha_msg_new(0);
	static const char line[] = "n=v\n";
	size_t len;

	g_assert_cmpint(ha_msg_add(msg, "t", "first"), ==, HA_OK);
	g_assert_cmpint(ha_msg_add(msg, "t", "second"), ==, HA_OK);
	g_assert_cmpint(ha_msg_add(msg, "empty", ""), ==, HA_OK);
	g_assert_cmpint(ha_msg_add(msg, "", "x"), ==, HA_FAIL);
	g_assert_cmpint(ha_msg_add(msg, "x", NULL), ==, HA_FAIL);
	g_assert_cmpint(ha_msg_nadd(msg, "abc", 2, "value", 3), ==, HA_OK);
	g_assert_cmpint(ha_msg_nadd(msg, "abc", 0, "value", 3), ==, HA_FAIL);
	g_assert_cmpint(ha_msg_add_nv(msg, line, line + strlen(line)), ==, HA_OK);
	g_assert_cmpint(ha_msg_add_nv(msg, "nothing", line), ==, HA_FAIL);
	g_assert_cmpint(ha_msg_addbin(msg, "bin", "\0\1", 2), ==, HA_OK);

	g_assert_cmpint(msg->nfields, ==, 6);
	g_assert_cmpstr(ha_msg_value(msg, "t"), ==, "first");
	g_assert_cmpstr(cl_get_string(msg, "empty"), ==, "");
	g_assert_cmpstr(cl_get_string(msg, "ab"), ==, "val");
	g_assert_cmpstr(cl_get_string(msg, "n"), ==, "v");
	g_assert_null(cl_get_string(msg, "bin"));
	g_assert_null(cl_get_string(NULL, "t"));
	g_assert_cmpmem(cl_get_binary(msg, "bin", &len), 2, "\0\1", 2);
	g_assert_cmpuint(len, ==, 2);
	g_assert_null(cl_get_binary(msg, "t", &len));
	g_assert_cmpint(cl_get_type(msg, "bin"), ==, FT_BINARY);
	g_assert_cmpint(cl_get_type(msg, "none"), ==, -1);
	ha_msg_del(msg);
	ha_msg_del(NULL);
}

static void
test_more_fields_than_foreseen(void)
{
	struct ha_msg *msg = ha_msg_new(1);
	struct ha_msg *copy;

	for (int i = 0; i < 300; i++)
		g_assert_cmpint(ha_msg_add_int(msg, "n", i), ==, HA_OK);
	copy = ha_msg_copy(msg);
	ha_msg_del(msg);
	g_assert_cmpint(copy->nfields, ==, 300);
	g_assert_cmpstr(copy->values[299], ==, "299");
	g_assert_null(ha_msg_copy(NULL));
	ha_msg_del(copy);
}

static void
test_numbers(void)
{
	struct ha_msg *msg = ha_msg_new(0);
	unsigned long big;
	int n;

	g_assert_cmpint(ha_msg_add_int(msg, "i", -5), ==, HA_OK);
	g_assert_cmpint(ha_msg_add_ul(msg, "u", G_MAXULONG), ==, HA_OK);
	g_assert_cmpint(ha_msg_value_int(msg, "i", &n), ==, HA_OK);
	g_assert_cmpint(n, ==, -5);
	g_assert_cmpint(ha_msg_value_ul(msg, "u", &big), ==, HA_OK);
	g_assert_cmpuint(big, ==, G_MAXULONG);
	g_assert_cmpint(ha_msg_mod_int(msg, "i", 6), ==, HA_OK);
	g_assert_cmpint(ha_msg_mod_ul(msg, "u", 7), ==, HA_OK);
	g_assert_cmpint(ha_msg_mod_int(msg, "new", 8), ==, HA_OK);
	g_assert_cmpstr(cl_get_string(msg, "i"), ==, "6");
	g_assert_cmpstr(cl_get_string(msg, "u"), ==, "7");
	g_assert_cmpstr(cl_get_string(msg, "new"), ==, "8");
	g_assert_cmpint(ha_msg_value_int(msg, "none", &n), ==, HA_FAIL);
	g_assert_cmpint(ha_msg_value_ul(msg, "none", &big), ==, HA_FAIL);
	(void)ha_msg_add(msg, "word", "b");
	g_assert_cmpint(ha_msg_value_int(msg, "word", &n), ==, HA_OK);
	g_assert_cmpint(n, ==, 0);
	ha_msg_del(msg);
}

static void
test_fields_are_changed_and_removed(void)
{
	struct ha_msg *msg = ha_msg_new(0);
	struct ha_msg *inner = ha_msg_new(0);
	cl_uuid_t uuid, other;

	(void)ha_msg_add(inner, "in", "side");
	cl_uuid_generate(&uuid);
	g_assert_cmpint(cl_msg_modstring(msg, "a", "1"), ==, HA_OK);
	g_assert_cmpint(ha_msg_mod(msg, "a", "2"), ==, HA_OK);
	g_assert_cmpint(cl_msg_modstring(msg, "a", NULL), ==, HA_FAIL);
	g_assert_cmpint(cl_msg_modbin(msg, "b", "xyz", 3), ==, HA_OK);
	g_assert_cmpint(cl_msg_moduuid(msg, "u", &uuid), ==, HA_OK);
	g_assert_cmpint(ha_msg_adduuid(msg, "u2", &uuid), ==, HA_OK);
	g_assert_cmpint(cl_get_uuid(msg, "u2", &other), ==, HA_OK);
	g_assert_cmpint(cl_uuid_compare(&uuid, &other), ==, 0);
	g_assert_cmpint(cl_get_uuid(msg, "b", &other), ==, HA_FAIL);
	g_assert_cmpint(cl_msg_modstruct(msg, "s", inner), ==, HA_OK);
	g_assert_cmpint(ha_msg_addstruct(msg, "s2", inner), ==, HA_OK);
	g_assert_cmpstr(cl_get_string(cl_get_struct(msg, "s"), "in"), ==, "side");
	g_assert_null(cl_get_struct(msg, "a"));
	g_assert_cmpint(msg->nfields, ==, 6);

	g_assert_cmpint(cl_msg_replace_value(msg, cl_get_string(msg, "a"), "long", 4, FT_STRING), ==, HA_OK);
	g_assert_cmpstr(cl_get_string(msg, "a"), ==, "long");
	g_assert_cmpint(cl_msg_replace_value(msg, "of no message", "x", 1, FT_STRING), ==, HA_FAIL);
	g_assert_cmpint(cl_msg_remove_value(msg, cl_get_string(msg, "a")), ==, HA_OK);
	g_assert_cmpint(cl_msg_remove(msg, "s2"), ==, HA_OK);
	g_assert_cmpint(cl_msg_remove(msg, "s2"), ==, HA_FAIL);
	g_assert_cmpint(cl_msg_remove_offset(msg, 0), ==, HA_OK);
	g_assert_cmpint(cl_msg_remove_offset(msg, 3), ==, HA_FAIL);
	g_assert_cmpint(msg->nfields, ==, 3);
	g_assert_cmpstr(msg->names[0], ==, "u");
	ha_msg_del(inner);
	ha_msg_del(msg);
}

static void
test_lists(void)
{
	struct ha_msg *msg = ha_msg_new(0);
	int numbers[] = { 1, -2, 30 }, got[3];
	char *words[] = { (char *)"x", (char *)"y" };
	size_t n = 3;

	g_assert_cmpint(cl_msg_list_add_string(msg, "l", "one"), ==, HA_OK);
	g_assert_cmpint(cl_msg_list_add_string(msg, "l", "two"), ==, HA_OK);
	g_assert_cmpint(cl_msg_list_length(msg, "l"), ==, 2);
	g_assert_cmpint(cl_msg_list_length(msg, "none"), ==, -1);
	g_assert_cmpstr(cl_msg_list_nth_data(msg, "l", 1), ==, "two");
	g_assert_null(cl_msg_list_nth_data(msg, "l", 2));
	g_assert_cmpint(cl_msg_add_list(msg, "copy", cl_msg_get_list(msg, "l")), ==, HA_OK);
	g_assert_cmpint(cl_msg_list_length(msg, "copy"), ==, 2);
	g_assert_cmpint(cl_msg_add_list_str(msg, "w", words, 2), ==, HA_OK);
	g_assert_cmpstr(cl_msg_get_list(msg, "w")->data, ==, "x");
	g_assert_cmpint(cl_msg_add_list_int(msg, "i", numbers, 3), ==, HA_OK);
	g_assert_cmpint(cl_msg_get_list_int(msg, "i", got, &n), ==, HA_OK);
	g_assert_cmpmem(got, sizeof got, numbers, sizeof numbers);
	n = 2;
	g_assert_cmpint(cl_msg_get_list_int(msg, "i", got, &n), ==, HA_FAIL);
	g_assert_cmpint(cl_msg_list_add_string(msg, "none", NULL), ==, HA_FAIL);
	ha_msg_del(msg);
}

/* The same bytes as 3.0.6 makes of it. */
static void
test_wire_forms_are_those_of_306(void)
{
	static const char text[] = ">>>\na=b\n(3)l=3:one,3:two,\n(1)u=AAE=\n<<<\n";
	struct ha_msg *msg = ha_msg_new(0), *inner = ha_msg_new(0), *again;
	size_t len;
	char *wire;

	(void)ha_msg_add(msg, "a", "b");
	(void)cl_msg_list_add_string(msg, "l", "one");
	(void)cl_msg_list_add_string(msg, "l", "two");
	(void)ha_msg_addbin(msg, "u", "\0\1", 2);
	wire = msg2wirefmt_noac(msg, &len);
	g_assert_cmpmem(wire, len, text, sizeof text);
	again = wirefmt2msg(wire, len, MSG_NEEDAUTH);
	g_assert_cmpstr(cl_msg_list_nth_data(again, "l", 1), ==, "two");
	ha_msg_del(again);
	free(wire);
	wire = msg2string(msg);
	g_assert_cmpstr(wire, ==, text);
	again = string2msg(wire, strlen(wire));
	g_assert_cmpstr(cl_get_string(again, "a"), ==, "b");
	ha_msg_del(again);
	free(wire);

	(void)ha_msg_add(inner, "x", "y");
	(void)ha_msg_addstruct(msg, "s", inner);
	wire = msg2wirefmt(msg, &len);
	g_assert_cmpmem(wire, 4, "###\n", 4);
	again = wirefmt2msg(wire, len, 0);
	g_assert_cmpstr(cl_get_string(cl_get_struct(again, "s"), "x"), ==, "y");
	ha_msg_del(again);
	free(wire);
	ha_msg_del(inner);
	ha_msg_del(msg);
}

static void
test_what_cannot_travel_is_refused(void)
{
	struct ha_msg *msg = ha_msg_new(0);
	struct ha_msg *deep = ha_msg_new(0);
	size_t len;

	g_assert_null(wirefmt2msg("junk", 4, 0));
	g_assert_null(wirefmt2msg(NULL, 0, 0));
	g_assert_null(string2msg(">>>\nno equals sign\n<<<\n", 23));
	g_assert_null(msg2wirefmt(NULL, &len));
	(void)ha_msg_add(msg, "name=with", "x");
	g_assert_null(msg2wirefmt(msg, &len));
	(void)ha_msg_add(deep, "x", "y");
	for (int i = 0; i < MAXDEPTH + 2; i++) {
		struct ha_msg *outer = ha_msg_new(0);

		(void)ha_msg_addstruct(outer, "s", deep);
		ha_msg_del(deep);
		deep = outer;
	}
	g_assert_null(msg2wirefmt(deep, &len));
	ha_msg_del(deep);
	ha_msg_del(msg);
}

static void
test_uuids(void)
{
	char text[UU_UNPARSE_SIZEOF], wrong[] = "1b4e28ba-2fa1-11d2-883f-0016d3cca42";
	cl_uuid_t a, b;

	cl_uuid_generate(&a);
	cl_uuid_copy(&b, &a);
	g_assert_true(cl_uuid_g_equal(&a, &b));
	g_assert_cmpuint(cl_uuid_g_hash(&a), ==, cl_uuid_g_hash(&b));
	cl_uuid_unparse(&a, text);
	cl_uuid_clear(&b);
	g_assert_true(cl_uuid_is_null(&b));
	g_assert_true(cl_uuid_is_null(NULL));
	g_assert_false(cl_uuid_is_null(&a));
	g_assert_cmpint(cl_uuid_parse(text, &b), ==, 0);
	g_assert_cmpint(cl_uuid_compare(&a, &b), ==, 0);
	g_assert_cmpint(cl_uuid_parse(wrong, &b), ==, -1);
	cl_uuid_generate(&b);
	g_assert_cmpint(cl_uuid_compare(&a, &b), !=, 0);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/api_msg/add", test_fields_are_added_and_found);
	g_test_add_func("/api_msg/many", test_more_fields_than_foreseen);
	g_test_add_func("/api_msg/numbers", test_numbers);
	g_test_add_func("/api_msg/change", test_fields_are_changed_and_removed);
	g_test_add_func("/api_msg/lists", test_lists);
	g_test_add_func("/api_msg/wire", test_wire_forms_are_those_of_306);
	g_test_add_func("/api_msg/refused", test_what_cannot_travel_is_refused);
	g_test_add_func("/api_msg/uuid", test_uuids);
	return g_test_run();
}
