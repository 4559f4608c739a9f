/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as ha.cf; what is taken must read again to the same from its normal form. */
#include "fuzz_conf.h"

#include "util/banned.h"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	static const char completion[] = "\nnode n1 n2\nbcast lo\nauto_failback on\n";
	g_autoptr(HbBundle) bundle = fixture_bundle(NULL, "n1 a\n", FUZZ_KEYS);

	fixture_add(bundle, HB_FILE_HACF, "ha.cf", data, len);
	fixture_add(bundle, HB_FILE_HACF, "ha.cf.d/more.cf", completion, sizeof completion - 1);
	fuzz_configuration(bundle, "n1");
	return 0;
}
