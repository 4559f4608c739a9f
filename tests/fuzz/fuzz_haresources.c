/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as haresources, beside a ha.cf that knows the nodes of the guides. */
#include "fuzz_conf.h"

#include "util/banned.h"

#define HACF "node n1 n2 node1 node2 node3 dr1 director1 server5.example.com db1.example.com\nbcast lo\n"

int LLVMFuzzerTestOneInput(const guint8 *data, size_t len);

int
LLVMFuzzerTestOneInput(const guint8 *data, size_t len)
{
	g_autoptr(HbBundle) bundle = fixture_bundle(HACF, NULL, FUZZ_KEYS);

	fixture_add(bundle, HB_FILE_HARESOURCES, "haresources", data, len);
	fuzz_configuration(bundle, "n1");
	return 0;
}
