/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What users copy from guides, and what we ship as examples, works as it stands. */
#include <glib.h>

#include "conf_fixture.h"
#include "util/banned.h"

typedef struct {
	const char *dir;
	const char *node;
	guint n_groups;
	guint n_media;
	const char *must_say;   /* a line of the report, or NULL: nothing but warnings allowed */
	gboolean silent;        /* an example of ours: not one remark */
} Case;

static const Case cases[] = {
	{ "tests/tutorials/lvs-directors", "DR1", 1, 4, "/usr/lib/heartbeat/ipfail", FALSE },
	{ "tests/tutorials/drbd-mysql", "server5.example.com", 1, 2, "/usr/lib64/heartbeat/ipfail", FALSE },
	{ "tests/tutorials/drbd-mysql", "server5", 1, 2, "calls itself server5", FALSE },
	{ "ha.d-examples/simple-web", "node1", 1, 2, NULL, TRUE },
	{ "ha.d-examples/drbd-mysql", "db2.example.com", 1, 3, NULL, TRUE },
	{ "ha.d-examples/lvs-directors", "director1", 1, 3, NULL, TRUE },
	{ "ha.d-examples/lvs-dr", "director1", 1, 2, NULL, TRUE },
	{ "ha.d-examples/three-nodes", "node3", 3, 3, NULL, TRUE },
};

static GBytes *
read_file(const char *dir, const char *name)
{
	const char *top = g_getenv("HB_SRCDIR");
	g_autofree char *path = g_build_filename(top != NULL ? top : ".", dir, name, NULL);
	char *data;
	gsize len;

	g_assert_true(g_file_get_contents(path, &data, &len, NULL));
	return g_bytes_new_take(data, len);
}

static HbBundle *
read_bundle(const char *dir)
{
	static const char *const names[] = { "ha.cf", "haresources", "authkeys" };
	HbBundle *bundle = fixture_bundle(NULL, NULL, NULL);

	for (int i = 0; i < 3; i++) {
		g_autoptr(GBytes) bytes = read_file(dir, names[i]);

		fixture_add(bundle, (HbFileKind)i, names[i], g_bytes_get_data(bytes, NULL),
		            g_bytes_get_size(bytes));
	}
	return bundle;
}

static void
test_a_guide_or_example_is_taken(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = read_bundle(c->dir);
	const HbConfInput input = { .files = bundle, .node_name = c->node };
	g_autoptr(HbConfig) config = hb_config_parse(&input, problems);
	g_autofree char *texts = fixture_texts(problems);

	if (config == NULL || (c->silent && problems->len > 0))
		g_error("%s", texts);
	if (c->must_say != NULL)
		g_assert_nonnull(strstr(texts, c->must_say));
	g_assert_cmpuint(config->n_groups, ==, c->n_groups);
	g_assert_cmpuint(config->n_media, ==, c->n_media);
}

static void
test_its_normal_form_says_the_same(gconstpointer data)
{
	const Case *c = data;
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbBundle) bundle = read_bundle(c->dir);
	const HbConfInput input = { .files = bundle, .node_name = c->node };
	g_autoptr(HbConfig) config = hb_config_parse(&input, problems);
	const HbFile *keys = bundle->files->pdata[2];
	g_autoptr(HbConfig) again = NULL;

	g_assert_nonnull(config);
	again = fixture_read_again(config, keys->bytes, c->node, problems);
	g_assert_nonnull(again);
	g_assert_true(fixture_same(config, again));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *taken = g_strdup_printf("/tutorials/taken/%s/%s", cases[i].dir, cases[i].node);
		g_autofree char *same = g_strdup_printf("/tutorials/same/%s/%s", cases[i].dir, cases[i].node);

		g_test_add_data_func(taken, &cases[i], test_a_guide_or_example_is_taken);
		g_test_add_data_func(same, &cases[i], test_its_normal_form_says_the_same);
	}
	return g_test_run();
}
