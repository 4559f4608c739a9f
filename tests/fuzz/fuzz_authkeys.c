/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as authkeys. */
#include "fuzz_conf.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	g_autoptr(HbBundle) bundle = fixture_bundle("node n1\nbcast lo\n", "n1 a\n", NULL);

	fixture_add(bundle, HB_FILE_AUTHKEYS, "authkeys", data, len);
	fuzz_configuration(bundle, "n1");
	return 0;
}
