/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as ldirectord.cf: there is a configuration, or an error that says why not; what is
 * taken must read again to the same from its normal form. The same bytes as weightfile=. */
#include "../unit/ldir_fixture.h"
#include "ldirectord/conf/weights.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	g_autoptr(GPtrArray) problems = ldir_problems_new();
	g_autoptr(LdirConfig) config = fixture_parse(data, len, problems);
	g_autofree char *said = fixture_problems(problems);
	g_autofree char *text = g_strndup((const char *)data, len);
	g_autofree char *why = NULL;
	g_autoptr(LdirWeights) weights = ldir_weights_parse(text, &why);

	g_assert_true((config == NULL) == (ldir_problems_count(problems, LDIR_ERROR) > 0));
	g_assert_true(g_utf8_validate(said, -1, NULL));
	g_assert_true((weights == NULL) == (why != NULL));
	if (config != NULL && config->virtuals->len < 64)
		fixture_assert_normal(config);
	return 0;
}
