/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whatever an agent prints as its meta-data: what is taken from it can be used. */
#include <glib.h>

#include "resource.d/ocf/meta.h"
#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	char *const names[] = { (char *)"device", (char *)"", NULL };
	g_autoptr(GError) error = NULL;
	g_autoptr(HbOcfMeta) meta = hb_ocf_meta_parse((const char *)data, len, &error);
	g_auto(GStrv) faults = NULL;

	g_assert_true((meta == NULL) == (error != NULL));
	if (meta == NULL)
		return 0;
	faults = hb_ocf_meta_check(meta, names);
	g_assert_nonnull(faults);
	g_assert_cmpint(hb_ocf_meta_timeout_ms(meta, "start"), >=, 0);
	g_assert_cmpint(hb_ocf_meta_timeout_ms(meta, "start"), <=, HB_OCF_TIMEOUT_MS_MAX);
	return 0;
}
