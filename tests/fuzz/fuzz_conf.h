/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_conf.h - what must hold for every configuration, however it came about.
 */
#ifndef HB_FUZZ_CONF_H
#define HB_FUZZ_CONF_H

#include "../unit/conf_fixture.h"

#define FUZZ_KEYS "auth 1\n1 sha1 secret\n"

static inline GBytes *
fuzz_keys_of(const HbBundle *bundle)
{
	GByteArray *all = g_byte_array_new();

	for (guint i = 0; i < bundle->files->len; i++) {
		const HbFile *file = bundle->files->pdata[i];
		gsize len;
		const guint8 *data = g_bytes_get_data(file->bytes, &len);

		if (file->kind == HB_FILE_AUTHKEYS && len > 0)
			g_byte_array_append(all, data, (guint)len);
	}
	return g_byte_array_free_to_bytes(all);
}

/* There is a configuration, or an error that says why not; and its normal form says the same again. */
static inline void
fuzz_configuration(const HbBundle *bundle, const char *node_name)
{
	const HbConfInput input = { .files = bundle, .node_name = node_name };
	g_autoptr(GPtrArray) problems = hb_problems_new();
	g_autoptr(HbConfig) config = hb_config_parse(&input, problems);
	g_autofree char *texts = fixture_texts(problems);
	g_autoptr(GBytes) keys = NULL;
	g_autoptr(HbConfig) again = NULL;

	g_assert_true((config == NULL) == hb_problems_have_error(problems));
	g_assert_true(g_utf8_validate(texts, -1, NULL));
	if (config == NULL)
		return;
	keys = fuzz_keys_of(bundle);
	again = fixture_read_again(config, keys, node_name, problems);
	g_assert_nonnull(again);
	g_assert_true(fixture_same(config, again));
	for (guint i = 0; i < config->n_groups; i++)
		g_assert_cmpint(hb_config_group_index(config, config->groups[i].key), ==, (int)i);
}

#endif
