/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ocf_args.c - what a command line of hb-ocf means, and what is refused. */
#include <string.h>

#include <glib.h>

#include "resource.d/ocf/args.h"
#include "util/banned.h"

static gboolean
parse(const char *line, HbOcfArgs *args, char **fault)
{
	g_auto(GStrv) words = g_strsplit(line, " ", -1);

	return hb_ocf_args_parse((int)g_strv_length(words), words, args, fault);
}

static void
test_words_are_taken(void)
{
	HbOcfArgs args;
	g_autofree char *fault = NULL;

	g_assert_true(parse("hb-ocf ocf:heartbeat:Dummy state=/run/x empty= start", &args, &fault));
	g_assert_cmpstr(args.provider, ==, "heartbeat");
	g_assert_cmpstr(args.agent, ==, "Dummy");
	g_assert_cmpint(args.verb, ==, HB_OCF_VERB_START);
	g_assert_cmpuint(g_strv_length(args.names), ==, 2);
	g_assert_cmpstr(args.names[0], ==, "state");
	g_assert_cmpstr(args.values[0], ==, "/run/x");
	g_assert_cmpstr(args.values[1], ==, "");
	hb_ocf_args_clear(&args);
}

static void
test_a_cut_value_is_put_together(void)
{
	HbOcfArgs args;
	g_autofree char *fault = NULL;

	g_assert_true(parse("hb-ocf ocf:a:b ip=fd00 10 nic=eth0 monitor", &args, &fault));
	g_assert_cmpstr(args.values[0], ==, "fd00::10");
	g_assert_cmpstr(args.values[1], ==, "eth0");
	g_assert_cmpint(args.verb, ==, HB_OCF_VERB_STATUS);
	hb_ocf_args_clear(&args);
}

static void
test_other_words_are_refused(void)
{
	static const char *const lines[] = {
		"hb-ocf", "hb-ocf start", "hb-ocf ocf:a:b", "hb-ocf ocf:a:b restart", "hb-ocf ocf:a start",
		"hb-ocf ocf:..:b start", "hb-ocf ocf:a:../b start", "hb-ocf ocf:a:.b start", "hb-ocf ocf::b start",
		"hb-ocf ocf:a:b:c start", "hb-ocf lsb:a:b start", "hb-ocf ocf:a:b x start", "hb-ocf ocf:a:b =x start",
		"hb-ocf ocf:a:b x;y=1 start", "hb-ocf ocf:a:b x=1 x=2 start", "hb-ocf --frob ocf:a:b start",
		"hb-ocf --instance", "hb-ocf ocf:a:$(id) start",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
		HbOcfArgs args;
		g_autofree char *fault = NULL;

		g_assert_false(parse(lines[i], &args, &fault));
		g_assert_nonnull(fault);
	}
}

static char *
id_of(const char *line)
{
	HbOcfArgs args;
	g_autofree char *fault = NULL;
	char *id;

	g_assert_true(parse(line, &args, &fault));
	id = hb_ocf_args_id(&args);
	hb_ocf_args_clear(&args);
	return id;
}

static void
test_each_resource_has_its_own_id(void)
{
	g_autofree char *a = id_of("hb-ocf ocf:a:b x=1 y=2 start");
	g_autofree char *again = id_of("hb-ocf ocf:a:b x=1 y=2 stop");
	g_autofree char *other = id_of("hb-ocf ocf:a:b x=1 y=3 start");
	g_autofree char *moved = id_of("hb-ocf ocf:a:b x= y=12 start");

	g_assert_cmpstr(a, ==, again);
	g_assert_cmpstr(a, !=, other);
	g_assert_cmpstr(a, !=, moved);
}

static void
test_an_instance_is_a_file_name(void)
{
	HbOcfArgs args;
	g_autofree char *fault = NULL;
	g_autofree char *name = NULL;

	g_assert_true(parse("hb-ocf --instance ICP_1/../x ocf:a:b start", &args, &fault));
	name = hb_ocf_args_instance(&args);
	g_assert_null(strchr(name, '/'));
	hb_ocf_args_clear(&args);
}

int
main(int argc, char *argv[])
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/ocf/args/words_are_taken", test_words_are_taken);
	g_test_add_func("/ocf/args/a_cut_value_is_put_together", test_a_cut_value_is_put_together);
	g_test_add_func("/ocf/args/other_words_are_refused", test_other_words_are_refused);
	g_test_add_func("/ocf/args/each_resource_has_its_own_id", test_each_resource_has_its_own_id);
	g_test_add_func("/ocf/args/an_instance_is_a_file_name", test_an_instance_is_a_file_name);
	return g_test_run();
}
