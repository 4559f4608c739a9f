/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a packed bundle; what unpacks must pack to the same bytes. */
#include "fuzz_conf.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	g_autoptr(GBytes) packed = g_bytes_new(data, len);
	g_autoptr(HbBundle) bundle = hb_bundle_unpack(packed);
	g_autoptr(GBytes) again = NULL;

	if (bundle == NULL)
		return 0;
	again = hb_bundle_pack(bundle);
	g_assert_true(g_bytes_equal(packed, again));
	fuzz_configuration(bundle, "n1");
	return 0;
}
